"use client";

import { useMemo } from "react";
import { useExponents } from "@/session/currencies";
import { amount, MINUS } from "@/ui/amount";
import { Plot } from "@/ui/plot";
import { Skeleton } from "@/ui/skeleton";
import { Panel } from "./frame";
import { currenciesOf, gained, minutes, pace, seconds } from "./series";
import { useConcurrency, useRevenue } from "./use-live";

const PLAYERS = "#7cc4ff";
const BOTS = "#8a9a94";
const GAIN = "#e6b967";
const TICKS = 8;

/** Who is seated, over the last hour. */
export function ConcurrencyPanel() {
  const found = useConcurrency();
  const samples = found.data;
  const at = useMemo(() => samples?.map((each) => seconds(each.at)) ?? [], [samples]);
  const series = useMemo(
    () => [
      { name: "Players", values: samples?.map((each) => each.players) ?? [], colour: PLAYERS, fill: true },
      { name: "Bots", values: samples?.map((each) => each.bots) ?? [], colour: BOTS },
    ],
    [samples],
  );
  const last = samples?.at(-1);
  const perHour = samples ? pace(samples) : null;
  return (
    <Panel title="Concurrency, last hour" aside={last && <Now parts={[`${amount(last.players)} players`, `${amount(last.bots)} bots`, perHour === null ? "" : `${amount(perHour)} hands/h`]} />}>
      <div className="p-2">{samples ? <Plot label="Players and bots at tables" at={at} series={series} height={190} /> : <Skeleton className="h-48 w-full" />}</div>
    </Panel>
  );
}

/** What the house gained, over the last hour, and minute by minute. */
export function RevenuePanel() {
  const found = useRevenue();
  const exponents = useExponents();
  const samples = useMemo(() => found.data ?? [], [found.data]);
  const currencies = currenciesOf(samples);
  return (
    <Panel title="Revenue, last hour" className="grid grid-rows-[auto_1fr]">
      {!found.data && <Skeleton className="m-2 h-48" />}
      {currencies.map((currency) => (
        <Ticker key={currency} currency={currency} samples={samples} exponent={exponents(currency)} only={currencies.length === 1} />
      ))}
      {found.data && !currencies.length && <p className="px-3 py-6 text-center text-sm text-faint">The books have not been read yet.</p>}
    </Panel>
  );
}

type Samples = Parameters<typeof gained>[0];

function Ticker({ currency, samples, exponent, only }: { currency: string; samples: Samples; exponent: number; only: boolean }) {
  const { at, values } = useMemo(() => gained(samples, currency), [samples, currency]);
  const series = useMemo(() => [{ name: currency, values, colour: GAIN, fill: true }], [currency, values]);
  const total = values.at(-1) ?? 0;
  const ticks = minutes(samples, currency).slice(-TICKS).reverse();
  return (
    <div className="border-b border-line p-2 last:border-0" data-testid={`revenue-${currency}`}>
      <div className="flex items-baseline gap-2 px-1">
        <span className="figures text-2xl">{signed(total, exponent)}</span>
        <span className="text-sm text-faint">{currency}</span>
      </div>
      {(only || values.some((each) => each !== 0)) && <Plot label={`Gained in ${currency}`} at={at} series={series} height={110} format={(value) => amount(Math.round(value), exponent)} />}
      <ol className="figures mt-1 flex gap-1.5 overflow-x-auto px-1 text-xs" aria-label={`${currency} by minute`} tabIndex={0}>
        {ticks.map(({ at: minute, gain }) => (
          <li key={minute} className="rounded-sm bg-ink-800 px-1.5 py-0.5 whitespace-nowrap text-soft">
            <span className="text-faint">{new Date(minute * 1_000).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })}</span>{" "}
            {signed(gain, exponent)}
          </li>
        ))}
      </ol>
    </div>
  );
}

const signed = (value: number, exponent: number): string =>
  `${value > 0 ? "+" : value < 0 ? MINUS : ""}${amount(Math.abs(value), exponent)}`;

function Now({ parts }: { parts: readonly string[] }) {
  return <p className="figures text-xs text-soft">{parts.filter(Boolean).join(" · ")}</p>;
}
