"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "./skeleton";

/** Values over time, `at` in seconds since 1970; a null is a gap. */
export interface PlotProps {
  label: string;
  at: readonly number[];
  series: readonly { name: string; values: readonly (number | null)[]; colour: string; fill?: boolean }[];
  format?: (value: number) => string;
  stepped?: boolean;
  height?: number;
}

/** The chart library comes with the first chart that is looked at. */
export const Plot = dynamic<PlotProps>(() => import("./plot-canvas").then((it) => it.PlotCanvas), {
  ssr: false,
  loading: () => <Skeleton className="h-48 w-full" />,
});
