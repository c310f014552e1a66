"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useMemo } from "react";
import { api, ask } from "@/session/api";
import { useSession } from "@/session/use";
import { amount } from "@/ui/amount";
import { Button, ButtonLink } from "@/ui/button";
import { ProblemNotice } from "@/ui/notice";
import { Plot } from "@/ui/plot";
import { useQueryWords } from "@/ui/query";
import { Skeleton } from "@/ui/skeleton";
import { dayTime, span } from "@/ui/instants";
import type { SittingInfo, SittingResponse } from "@/wire/api";
import { Net } from "./net";
import { Empty, SignedIn } from "./signed-in";
import { HistoryHead } from "./tabs";
import { useExponents } from "@/session/currencies";

const PAGE = 20;

export function SittingsPage() {
  return (
    <>
      <HistoryHead title="Sittings" />
      <SignedIn what="A history of sittings">
        <Sittings />
      </SignedIn>
    </>
  );
}

export const netOf = (sitting: SittingInfo): number => sitting.home + sitting.chips - sitting.brought;

function Sittings() {
  const player = useSession()?.player.id;
  const [words, change] = useQueryWords();
  const found = useInfiniteQuery({
    queryKey: ["sittings", player],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      ask(api.GET("/v1/sittings", { params: { query: { limit: PAGE, ...(pageParam && { after: pageParam }) } } })),
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const sittings = found.data?.pages.flatMap((page) => page.sittings) ?? [];
  const chosen = words.get("s") ?? sittings[0]?.session ?? "";
  if (found.isPending) return <Skeleton className="h-96 w-full" />;
  if (found.isError) return <ProblemNotice error={found.error} />;
  if (!sittings.length) {
    return (
      <Empty title="You have not sat down yet" words="Each time that you take chips to a table is one line here, with your stack over time.">
        <ButtonLink href="/" tone="accent">Find a seat</ButtonLink>
      </Empty>
    );
  }
  return (
    <div className="grid gap-5 lg:grid-cols-[22rem_minmax(0,1fr)] lg:items-start">
      <div className="max-lg:order-2">
        <ul className="overflow-hidden rounded-lg ring-1 ring-line ring-inset" aria-label="Sittings" data-testid="sittings">
          {sittings.map((each) => (
            <Line key={each.session} sitting={each} chosen={each.session === chosen} choose={() => change({ s: each.session })} />
          ))}
        </ul>
        {found.hasNextPage && (
          <Button className="mt-3 w-full" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Older sittings
          </Button>
        )}
      </div>
      <Sitting session={chosen} />
    </div>
  );
}

function Line({ sitting, chosen, choose }: { sitting: SittingInfo; chosen: boolean; choose: () => void }) {
  const exponents = useExponents();
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        aria-pressed={chosen}
        onClick={choose}
        className="grid w-full grid-cols-[1fr_auto_auto] items-center gap-3 bg-ink-850/50 px-4 py-3 text-left hover:bg-ink-800 focus-visible:-outline-offset-2 aria-pressed:bg-ink-800"
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">{sitting.table}</span>
          <span className="block text-sm text-faint">{dayTime(sitting.began)}</span>
        </span>
        {sitting.ended === null ? <span className="text-sm text-soft">playing</span> : <Net net={netOf(sitting)} exponent={exponents(sitting.currency)} />}
        <ChevronRight className="size-4 text-faint" aria-hidden />
      </button>
    </li>
  );
}

function Sitting({ session }: { session: string }) {
  const found = useQuery({
    queryKey: ["sitting", session],
    queryFn: () => ask(api.GET("/v1/sittings/{session}", { params: { path: { session } } })),
    refetchInterval: (query) => (query.state.data?.sitting.ended === null ? 5_000 : false),
  });
  if (found.isError) return <ProblemNotice error={found.error} />;
  if (!found.data) return <Skeleton className="h-96 w-full" />;
  return <Summary found={found.data} />;
}

function Summary({ found }: { found: SittingResponse }) {
  const { sitting, points } = found;
  const exponents = useExponents();
  const exponent = exponents(sitting.currency);
  const at = useMemo(() => points.map((point) => Date.parse(point.at) / 1_000), [points]);
  const series = useMemo(
    () => [{ name: "Stack", values: points.map((point) => (point.kind === "cash_out" ? null : point.balance)), colour: "#e6b967", fill: true }],
    [points],
  );
  const until = sitting.ended ?? points.at(-1)?.at ?? sitting.began;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ["Result", <Net key="net" net={netOf(sitting)} exponent={exponent} />],
    ["Brought", amount(sitting.brought, exponent)],
    [sitting.ended === null ? "At the table" : "Went home", amount(sitting.ended === null ? sitting.chips : sitting.home, exponent)],
    ["Hands", amount(found.hands)],
    ["Time", span(Date.parse(until) - Date.parse(sitting.began))],
    ["Best hand", <Net key="best" net={found.best} exponent={exponent} />],
    ["Worst hand", <Net key="worst" net={found.worst} exponent={exponent} />],
  ];
  return (
    <section className="min-w-0 rounded-lg bg-ink-850 p-5 ring-1 ring-line ring-inset" aria-label={`Sitting at ${sitting.table}`} data-testid="sitting">
      <h2 className="font-display text-2xl">{sitting.table}</h2>
      <p className="text-sm text-soft">
        {dayTime(sitting.began)}
        {sitting.ended !== null && ` to ${dayTime(sitting.ended)}`}
      </p>
      <dl className="figures my-5 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4 xl:grid-cols-7">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-sm text-faint">{name}</dt>
            <dd className="text-lg">{value}</dd>
          </div>
        ))}
      </dl>
      <Plot label="Your stack over time" at={at} series={series} stepped height={280} format={(value) => amount(Math.round(value), exponent)} />
      {found.changes > points.length && (
        <p className="mt-2 text-sm text-faint">
          {amount(points.length)} of {amount(found.changes)} changes are drawn.
        </p>
      )}
    </section>
  );
}
