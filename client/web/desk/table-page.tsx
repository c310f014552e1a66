"use client";

import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { ACCESS } from "@/felt/access";
import { Felt } from "@/felt/felt";
import { MoneyOf, useCurrency } from "@/felt/money";
import { useRoom } from "@/felt/use-room";
import { Empty } from "@/history/signed-in";
import { useExponents } from "@/session/currencies";
import { Notice } from "@/ui/notice";
import { useQueryWords } from "@/ui/query";
import { Skeleton } from "@/ui/skeleton";
import { amount } from "@/ui/amount";
import { OpenAct, TableActs } from "./acts";
import { stateOf } from "./floor-page";
import { DeskFrame, Panel } from "./frame";
import { Tag } from "./grid";
import { KickAct } from "./player-acts";
import { useRights } from "./rights";
import { useTables } from "./use-live";

export function DeskTablePage() {
  const [words] = useQueryWords();
  const table = words.get("t") ?? "";
  return (
    <DeskFrame right="see_tables" title={table || "Table"}>
      <Link href="/desk/" className="mb-3 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-text">
        <ArrowLeft className="size-4" aria-hidden /> Floor
      </Link>
      <One key={table} name={table} />
    </DeskFrame>
  );
}

function One({ name }: { name: string }) {
  const { may } = useRights();
  const found = useTables();
  const exponents = useExponents();
  const table = found.data?.tables.find((each) => each.table === name);
  if (!found.data) return <Skeleton className="h-96 w-full" />;
  if (!table) {
    return (
      <Empty title="There is no such table" words="It was closed, or it has another name. A closed table can be opened again.">
        {may("run_tables") && name && <OpenAct table={name} />}
      </Empty>
    );
  }
  const facts: readonly (readonly [string, string | number])[] = [
    ["Hand", `#${table.hand ?? 0}`],
    ["Seated", `${table.players ?? 0} of ${table.seats ?? 0}, ${table.bots ?? 0} bots`],
    ["Hands an hour", amount(table.hands_per_hour ?? 0)],
    ["Average pot", amount(table.average_pot ?? 0, exponents(table.currency ?? ""))],
    ["Lag", `${(table.lag_ms ?? 0).toFixed(1)} ms`],
    ["Actor", `${table.actor ?? ""} (pid ${table.pid ?? 0})`],
    ["Node", (table.node ?? "").slice(0, 16)],
    ["Epoch", table.epoch ?? 0],
    ["Address", table.address ?? ""],
  ];
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="min-w-0">{table.open ? <Live table={name} /> : <Notice kind="warn" title="The table is not open">{table.failure}</Notice>}</div>
      <div className="grid content-start gap-4">
        <Panel title="Table" aside={<Tag tone={stateOf(table).tone}>{stateOf(table).word}</Tag>}>
          <dl className="figures grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 p-3 text-sm">
            {facts.map(([fact, value]) => (
              <div key={fact} className="contents">
                <dt className="text-faint">{fact}</dt>
                <dd className="min-w-0 text-right break-all">{value}</dd>
              </div>
            ))}
          </dl>
          {may("run_tables") && (
            <div className="border-t border-line p-3">
              <TableActs table={table} all />
            </div>
          )}
        </Panel>
        <Away table={name} />
      </div>
    </div>
  );
}

/** The rail sees what everybody may see: no hole cards but those that were shown. */
function Live({ table }: { table: string }) {
  const { view } = useRoom(table, ACCESS, "rail");
  const money = useCurrency(view.state.info?.currency ?? "PLAY");
  return (
    <div className="relative aspect-[3/4] max-h-[80dvh] w-full overflow-hidden rounded-md bg-ink-950/40 ring-1 ring-line ring-inset sm:aspect-[1180/680]" data-testid="live-table" data-live={view.line.phase === "up"}>
      <MoneyOf value={money}>
        <Felt state={view.state} live={view.line.phase === "up"} />
      </MoneyOf>
      {view.line.phase !== "up" && <p className="absolute inset-x-0 top-3 text-center text-sm text-soft" role="status">Following the table …</p>}
    </div>
  );
}

/** For who is called by his name; his page says where he sits. */
function Away({ table }: { table: string }) {
  const { may } = useRights();
  if (!may("run_tables") || !may("see_players")) return null;
  return (
    <Panel title="Send a player away">
      <div className="p-3">
        <KickAct table={table} />
      </div>
    </Panel>
  );
}
