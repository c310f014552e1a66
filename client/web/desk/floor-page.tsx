"use client";

import Link from "next/link";
import { amount, stakes } from "@/ui/amount";
import { useExponents } from "@/session/currencies";
import { ProblemNotice } from "@/ui/notice";
import { useQueryWords } from "@/ui/query";
import { Skeleton } from "@/ui/skeleton";
import type { OperatorTable } from "@/wire/api";
import { DrainAct, OpenAct, TableActs } from "./acts";
import { ConcurrencyPanel, RevenuePanel } from "./charts";
import { DeskFrame, Panel } from "./frame";
import { Grid, type Column, Tag } from "./grid";
import { InterruptedPanel } from "./interrupted";
import { ProposalsPanel } from "./proposals";
import { useRights } from "./rights";
import { useTables } from "./use-live";

const LAG_WARN_MS = 100;

export function FloorPage() {
  return (
    <DeskFrame right="see_tables" title="Floor">
      <Floor />
    </DeskFrame>
  );
}

export function stateOf(table: OperatorTable): { word: string; tone: "good" | "warn" | "bad" | "plain" } {
  if (!table.open) return table.failure ? { word: "not open", tone: "bad" } : { word: "opening", tone: "warn" };
  if (table.paused) return { word: "paused", tone: "warn" };
  if (table.draining) return { word: "draining", tone: "warn" };
  return table.playing ? { word: "playing", tone: "good" } : { word: "waiting", tone: "plain" };
}

function Floor() {
  const { may } = useRights();
  const found = useTables();
  const [words, change] = useQueryWords();
  const exponents = useExponents();
  const wanted = (words.get("q") ?? "").toLowerCase();
  const tables = found.data?.tables ?? [];
  const shown = tables.filter((each) => `${each.table} ${each.actor} ${each.node} ${stateOf(each).word}`.toLowerCase().includes(wanted));
  const columns: Column<OperatorTable>[] = [
    {
      name: "Table",
      cell: (each) => (
        <Link href={`/desk/table/?t=${encodeURIComponent(each.table)}`} prefetch={false} className="rounded-sm font-medium underline decoration-line-strong underline-offset-4 hover:decoration-accent">
          {each.table}
        </Link>
      ),
    },
    { name: "State", cell: (each) => <Tag tone={stateOf(each).tone}>{stateOf(each).word}</Tag> },
    { name: "Stakes", cell: (each) => (each.open ? stakes(each.small_blind ?? 0, each.big_blind ?? 0, exponents(each.currency ?? "")) : ""), right: true },
    { name: "Seated", cell: (each) => (each.open ? <Seated table={each} /> : ""), right: true },
    { name: "Hand", cell: (each) => (each.open ? `#${each.hand ?? 0}` : ""), right: true },
    { name: "Hands/h", cell: (each) => amount(each.hands_per_hour ?? 0), right: true, wide: true },
    { name: "Avg pot", cell: (each) => amount(each.average_pot ?? 0, exponents(each.currency ?? "")), right: true, wide: true },
    { name: "Lag", cell: (each) => (each.open ? <Lag table={each} /> : ""), right: true },
    { name: "Owner", cell: (each) => <span className="text-soft">{each.actor || each.failure}</span>, wide: true },
    { name: "Node", cell: (each) => <span className="font-mono text-xs text-faint">{(each.node ?? "").slice(0, 8)}</span>, wide: true },
    { name: "Epoch", cell: (each) => each.epoch ?? "", right: true, wide: true },
    { name: "Acts", cell: (each) => (may("run_tables") ? <TableActs table={each} /> : null), right: true },
  ];
  return (
    <div className="grid gap-4">
      <div className="grid gap-4 lg:grid-cols-2">
        <ConcurrencyPanel />
        {may("see_money") && <RevenuePanel />}
      </div>
      {may("void_hands") && <ProposalsPanel />}
      <ProblemNotice error={found.error} />
      <Panel
        title={`Tables (${tables.length})`}
        aside={
          <div className="flex flex-wrap items-center gap-2">
            <input
              type="search"
              aria-label="Filter tables"
              placeholder="Filter"
              defaultValue={words.get("q") ?? ""}
              onChange={(event) => change({ q: event.target.value })}
              className="h-8 w-36 rounded-sm bg-ink-950/60 px-2 text-sm ring-1 ring-line-strong ring-inset placeholder:text-faint sm:w-52"
            />
            {may("run_tables") && (
              <>
                <OpenAct />
                <DrainAct tables={tables} />
              </>
            )}
          </div>
        }
      >
        {found.isPending ? (
          <Skeleton className="m-2 h-40" />
        ) : (
          <Grid label="Tables" testid="floor" columns={columns} rows={shown} of={(each) => each.table} empty={wanted ? "No table fits the filter." : "There is no table."} />
        )}
      </Panel>
      <p className="text-xs text-faint">
        {found.data?.spares ?? 0} warm actors without a table. Lag is how late an actor’s event loop comes to its timers; from 250 ms on it takes no newcomers.
      </p>
      <InterruptedPanel />
    </div>
  );
}

function Seated({ table }: { table: OperatorTable }) {
  const people = (table.players ?? 0) - (table.bots ?? 0);
  return (
    <span title={`${people} players, ${table.bots ?? 0} bots, ${table.seats ?? 0} seats`}>
      {table.players}/{table.seats}
      <span className="text-faint"> ({people})</span>
    </span>
  );
}

function Lag({ table }: { table: OperatorTable }) {
  const ms = table.lag_ms ?? 0;
  return (
    <span className={table.busy ? "text-bad" : ms >= LAG_WARN_MS ? "text-warn" : "text-soft"}>
      {ms.toFixed(ms < 10 ? 1 : 0)} ms{table.busy && " busy"}
    </span>
  );
}
