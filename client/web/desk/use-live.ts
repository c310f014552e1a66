"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "@/session/api";
import type { FloorSample, RevenueSample } from "@/wire/api";

export const FLOOR_MS = 2_000;
const SAMPLES_MAX = 12_000;

/** Every table, every two seconds while the page is looked at. */
export const useTables = () =>
  useQuery({
    queryKey: ["desk", "tables"],
    queryFn: () => ask(api.GET("/v1/operator/tables")),
    refetchInterval: FLOOR_MS,
  });

type Sampled = { at: string };

/** A series that grows: only what is new is asked for. */
function useSeries<Sample extends Sampled>(
  name: string,
  read: (since: string | undefined) => Promise<{ every_s: number; samples: Sample[] }>,
  enabled: boolean,
) {
  const client = useQueryClient();
  const queryKey = ["desk", name];
  return useQuery({
    queryKey,
    enabled,
    refetchInterval: 5_000,
    queryFn: async () => {
      const known = client.getQueryData<Sample[]>(queryKey) ?? [];
      const last = known.at(-1)?.at;
      const { samples } = await read(last);
      const hourAgo = Date.now() - 3_600_000;
      return [...known.filter((each) => Date.parse(each.at) > hourAgo), ...samples].slice(-SAMPLES_MAX);
    },
  });
}

const since = (at: string | undefined) => ({ params: { query: at === undefined ? {} : { since: at } } });

export const useConcurrency = (enabled = true) =>
  useSeries<FloorSample>("concurrency", (at) => ask(api.GET("/v1/operator/concurrency", since(at))), enabled);

export const useRevenue = (enabled = true) =>
  useSeries<RevenueSample>("revenue", (at) => ask(api.GET("/v1/operator/revenue", since(at))), enabled);
