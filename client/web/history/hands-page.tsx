"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, ask } from "@/session/api";
import { useExponents } from "@/session/currencies";
import { useSession } from "@/session/use";
import { amount } from "@/ui/amount";
import { Button, ButtonLink } from "@/ui/button";
import { Field } from "@/ui/field";
import { ProblemNotice } from "@/ui/notice";
import { asked, dayBegins, dayEnds, useQueryWords } from "@/ui/query";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { dayTime } from "@/ui/instants";
import type { HandRecord } from "@/wire/api";
import { MiniCards } from "./mini-cards";
import { Net } from "./net";
import { currencyOf, outlineOf } from "./replay";
import { Empty, SignedIn } from "./signed-in";
import { HistoryHead } from "./tabs";

const PAGE = 25;
const RESULTS = [["", "Any result"], ["won", "Won"], ["lost", "Lost"], ["even", "Even"], ["void", "Void"]] as const;
const FILTERS = ["table", "result", "pot", "from", "to"] as const;

export function HandsPage() {
  return (
    <>
      <HistoryHead title="Your hands" />
      <SignedIn what="A history of hands">
        <Hands />
      </SignedIn>
    </>
  );
}

function Hands() {
  const player = useSession()?.player.id;
  const [words, change] = useQueryWords();
  const word = (name: (typeof FILTERS)[number]) => words.get(name) ?? "";
  const pot = Number(word("pot"));
  const query = asked({
    table: word("table").trim(),
    result: word("result"),
    pot_min: Number.isSafeInteger(pot) && pot > 0 ? pot : undefined,
    since: dayBegins(word("from")),
    until: dayEnds(word("to")),
  });
  const filtered = FILTERS.some((name) => word(name) !== "");
  const found = useInfiniteQuery({
    queryKey: ["hands", player, query],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET("/v1/hands", { params: { query: { ...query, limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) } } })),
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const hands = found.data?.pages.flatMap((page) => page.hands as HandRecord[]) ?? [];
  const clear = () => change(Object.fromEntries(FILTERS.map((name) => [name, ""])));
  return (
    <>
      <form className="mb-5 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5" role="search" onSubmit={(event) => event.preventDefault()}>
        <Field label="Table" value={word("table")} onChange={(e) => change({ table: e.target.value })} placeholder="lantern" autoComplete="off" />
        <Select label="Result" options={RESULTS} value={word("result")} onChange={(e) => change({ result: e.target.value })} />
        <Field label="Pot of at least" inputMode="numeric" value={word("pot")} onChange={(e) => change({ pot: e.target.value.replace(/\D/g, "") })} />
        <Field label="From" type="date" value={word("from")} onChange={(e) => change({ from: e.target.value })} />
        <Field label="To" type="date" value={word("to")} onChange={(e) => change({ to: e.target.value })} />
      </form>
      <ProblemNotice error={found.error} />
      {found.isPending && <Rows />}
      {found.isSuccess && !hands.length && (
        <Empty
          title={filtered ? "No hand fits" : "No hands yet"}
          words={filtered ? "Nothing of yours is like that. Take a filter away." : "Every hand that you are dealt in is kept here, with the proof of its deal."}
        >
          {filtered ? <Button onClick={clear}>Clear the filters</Button> : <ButtonLink href="/" tone="accent">Find a seat</ButtonLink>}
        </Empty>
      )}
      {hands.length > 0 && (
        <ul className="overflow-hidden rounded-lg ring-1 ring-line ring-inset" aria-label="Hands" data-testid="hands">
          {hands.map((hand) => (
            <HandRow key={`${hand.table}/${hand.hand}`} hand={hand} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Older hands
          </Button>
        </div>
      )}
    </>
  );
}

function HandRow({ hand }: { hand: HandRecord }) {
  const { cards, board } = outlineOf(hand);
  const exponent = useExponents()(currencyOf(hand));
  return (
    <li className="border-b border-line last:border-0">
      <Link
        prefetch={false}
        href={`/hand/?t=${encodeURIComponent(hand.table)}&n=${hand.hand}`}
        className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 bg-ink-850/50 px-4 py-3 hover:bg-ink-800 focus-visible:-outline-offset-2 md:grid-cols-[11rem_5rem_13rem_1fr_7rem_7rem]"
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">
            {hand.table} <span className="figures font-normal text-faint">#{hand.hand}</span>
          </span>
          <time dateTime={hand.ended} className="block text-sm text-faint">
            {dayTime(hand.ended)}
          </time>
        </span>
        <span className="max-md:order-3">
          <MiniCards cards={cards} label="Yours" />
        </span>
        <span className="max-md:order-4 max-md:justify-self-end">
          <MiniCards cards={board} label="Board" />
        </span>
        <span className="hidden truncate text-sm text-soft md:block">{hand.players.map(([, name]) => name).join(", ")}</span>
        <span className="figures hidden text-right text-sm text-soft md:block">
          <span className="text-faint">pot </span>
          {amount(hand.pot ?? 0, exponent)}
        </span>
        <Net net={hand.net} exponent={exponent} className="text-right" />
      </Link>
    </li>
  );
}

function Rows() {
  return (
    <div className="grid gap-1" aria-label="Loading" role="status">
      {Array.from({ length: 6 }, (_, i) => (
        <Skeleton key={i} className="h-16" />
      ))}
    </div>
  );
}
