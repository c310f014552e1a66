"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "@/session/api";
import { useAmounts } from "@/session/currencies";
import { useEnding, useSession } from "@/session/use";
import { Button } from "@/ui/button";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { Filters } from "./filters";
import { EVERYTHING, type Order, shown } from "./listing";
import { Play } from "./play";
import { Row } from "./row";

const LOOK_MS = 3_000;

/** The tables as they are now, and the shortest way to one. */
export function Lobby() {
  const session = useSession();
  const ending = useEnding();
  return (
    <div className="grid grid-cols-1 gap-8">
      <section className="grid grid-cols-1 gap-5">
        <div>
          <h1 className="font-display text-4xl leading-tight sm:text-6xl">Take a seat</h1>
          <p className="mt-2 max-w-xl text-soft sm:text-lg">Every deal is sealed before the first card, and proved to you afterwards.</p>
        </div>
        {session === null && ending && <ProblemNotice error={ending} />}
        <Play />
      </section>
      <Tables />
    </div>
  );
}

function Tables() {
  const player = useSession()?.player.id;
  const [filter, setFilter] = useState(EVERYTHING);
  const [order, setOrder] = useState<Order>("lively");
  const amount = useAmounts();
  const lobby = useQuery({ queryKey: ["lobby"], queryFn: () => ask(api.GET("/v1/tables")), refetchInterval: LOOK_MS });
  const stakes = useQuery({
    queryKey: ["stakes", player],
    queryFn: () => ask(api.GET("/v1/wallet/stakes")),
    refetchInterval: LOOK_MS,
    enabled: player !== undefined,
  });
  const mine = new Set(player === undefined ? [] : stakes.data?.stakes.map((each) => each.table));
  const tables = lobby.data ? shown(lobby.data.tables, filter, order) : [];
  const own = lobby.data?.tables.filter((each) => mine.has(each.info.table)) ?? [];
  return (
    <>
      {own.length > 0 && (
        <section aria-labelledby="mine" className="grid grid-cols-1 gap-3">
          <h2 id="mine" className="font-display text-2xl">
            My tables
          </h2>
          <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2">
            {own.map((each) => (
              <Row key={each.info.table} listing={each} mine amount={amount} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="tables" className="grid grid-cols-1 gap-4">
        <h2 id="tables" className="font-display text-2xl">
          Tables
        </h2>
        <Filters filter={filter} order={order} onFilter={setFilter} onOrder={setOrder} />
        {(lobby.data?.stale || (lobby.error && lobby.data)) && (
          <Notice kind="warn" title="These figures are not live just now">
            They are the last that we heard; we keep asking.
          </Notice>
        )}
        {lobby.isPending && <Waiting />}
        {lobby.error && !lobby.data && (
          <ProblemNotice error={lobby.error}>
            <Button size="sm" className="mt-2" onClick={() => void lobby.refetch()}>
              Try again
            </Button>
          </ProblemNotice>
        )}
        {lobby.data && tables.length === 0 && (
          <Notice title={lobby.data.tables.length === 0 ? "No table is open" : "No table is like this"}>
            {lobby.data.tables.length === 0 ? (
              "The room opens its tables in a moment."
            ) : (
              <Button size="sm" className="mt-2" onClick={() => setFilter(EVERYTHING)}>
                Show all tables
              </Button>
            )}
          </Notice>
        )}
        <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2" data-testid="tables">
          {tables.map((each) => (
            <Row key={each.info.table} listing={each} mine={mine.has(each.info.table)} amount={amount} />
          ))}
        </ul>
      </section>
    </>
  );
}

function Waiting() {
  return (
    <div role="status" className="grid grid-cols-1 gap-3 lg:grid-cols-2">
      <span className="sr-only">The tables are coming</span>
      {[0, 1, 2, 3].map((each) => (
        <Skeleton key={each} className="h-36" />
      ))}
    </div>
  );
}
