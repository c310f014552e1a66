"use client";

import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import type { PlotProps } from "./plot";

const AXIS = { stroke: "#8a9a94", grid: { stroke: "#ffffff12", width: 1 }, ticks: { stroke: "#ffffff12", width: 1 } };
const FONT = "12px 'Inter Variable', sans-serif";
const moment = (at: number | undefined) => (at === undefined ? "" : new Date(at * 1_000).toLocaleTimeString());
const plain = (value: number) => value.toLocaleString("en-US");

export function PlotCanvas({ label, at, series, format = plain, stepped = false, height = 200 }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<UPlot | null>(null);
  const written = useRef(format);
  const shape = series.map((each) => `${each.name}:${each.colour}:${each.fill ?? false}`).join("|");

  useEffect(() => {
    written.current = format;
  });

  useEffect(() => {
    const at = box.current;
    if (at === null) return;
    const named = shape.split("|").map((text) => text.split(":"));
    const paths = stepped ? UPlot.paths.stepped?.({ align: 1 }) : undefined;
    const plot = new UPlot(
      {
        width: at.clientWidth || 300,
        height,
        padding: [10, 8, 0, 0],
        cursor: { y: false, points: { size: 7 } },
        legend: { live: true },
        axes: [
          { ...AXIS, font: FONT },
          { ...AXIS, font: FONT, size: 64, values: (_, ticks) => ticks.map((tick) => written.current(tick)) },
        ],
        series: [
          { label: "", value: (self: UPlot, at: number, _: number, idx: number | null) => moment(idx === null ? self.data[0].at(-1) : at) },
          ...named.map(([name = "", colour = "", filled]) => ({
            label: name,
            stroke: colour,
            width: 2,
            points: { show: false },
            ...(filled === "true" && { fill: `${colour}1f` }),
            ...(paths && { paths }),
            // Nobody points at an instant: what there was last.
            value: (self: UPlot, value: number | null, number: number, idx: number | null) => {
              const shown = idx === null ? Array.from<number | null | undefined>(self.data[number] ?? []).findLast((each) => each !== null) : value;
              return shown === null || shown === undefined ? "–" : written.current(shown);
            },
          })),
        ],
      },
      [[], ...named.map(() => [])],
      at,
    );
    drawn.current = plot;
    const sized = new ResizeObserver(() => plot.setSize({ width: at.clientWidth, height }));
    sized.observe(at);
    return () => {
      sized.disconnect();
      plot.destroy();
      drawn.current = null;
    };
  }, [shape, stepped, height]);

  useEffect(() => {
    drawn.current?.setData([[...at], ...series.map((each) => [...each.values])] as UPlot.AlignedData);
  }, [at, series, shape, stepped, height]);

  return (
    <figure className="min-w-0">
      <div ref={box} className="figures w-full overflow-hidden text-xs text-soft [&_.u-legend]:[font:inherit]! [&_.u-legend_th]:font-normal! [&_.u-series:first-child_th]:hidden!" role="img" aria-label={summary(label, series, format)} />
    </figure>
  );
}

/** What a chart says to whoever can't see it. */
function summary(label: string, series: PlotProps["series"], format: (value: number) => string): string {
  const parts = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    if (!known.length) return `${name}: nothing yet`;
    const [low, high] = [Math.min(...known), Math.max(...known)];
    return `${name}: now ${format(known.at(-1) ?? 0)}, between ${format(low)} and ${format(high)}`;
  });
  return `${label}. ${parts.join("; ")}.`;
}
