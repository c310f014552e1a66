"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Globe, Plus } from "lucide-react";
import { api, ask } from "@/session/api";
import { useSites } from "@/session/sites";
import { setOut } from "@/session/trips";
import { Button } from "@/ui/button";
import { ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { ago } from "@/ui/time";
import { Panel } from "./panel";

/** Identities that I have at other sites, as the server knows them. */
export function useIdentities() {
  return useQuery({ queryKey: ["identities"], queryFn: () => ask(api.GET("/v1/identities")), select: (told) => told.identities });
}

/** Sites that sign me in; nothing where the room knows none. */
export function OtherSites() {
  const client = useQueryClient();
  const sites = useSites();
  const mine = useIdentities();
  const add = useMutation({ mutationFn: (site: string) => setOut("link", site, "/account/") });
  const remove = useMutation({
    mutationFn: (identity: string) => ask(api.POST("/v1/identities/{identity}/remove", { params: { path: { identity } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["identities"] }),
  });
  const nameOf = (id: string): string => sites.data?.find((site) => site.id === id)?.name ?? id;
  if (!sites.data?.length && !mine.data?.length) return null;
  return (
    <Panel title="Other sites" lead="Sign in with an account that you have elsewhere. We learn nothing from there but that it is you.">
      <ProblemNotice error={mine.error ?? add.error ?? remove.error} />
      {mine.isPending && <Skeleton className="h-12" />}
      {mine.data && mine.data.length > 0 && (
        <ul className="grid divide-y divide-line">
          {mine.data.map((each) => (
            <li key={each.id} className="flex items-center gap-3 py-3">
              <Globe className="size-5 shrink-0 text-faint" aria-hidden />
              <div className="min-w-0 grow">
                <p className="truncate font-medium">{nameOf(each.provider)}</p>
                <p className="text-sm text-faint">{each.used ? `used ${ago(each.used)}` : `added ${ago(each.added)}`}</p>
              </div>
              <Button size="sm" disabled={remove.isPending} aria-label={`Remove ${nameOf(each.provider)}`} onClick={() => remove.mutate(each.id)}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-3">
        {sites.data
          ?.filter((site) => !mine.data?.some((each) => each.provider === site.id))
          .map((site) => (
            <Button key={site.id} busy={add.isPending} onClick={() => add.mutate(site.id)}>
              <Plus className="size-4.5" aria-hidden /> Add {site.name}
            </Button>
          ))}
      </div>
    </Panel>
  );
}
