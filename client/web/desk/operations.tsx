"use client";

import Link from "next/link";
import { Net } from "@/history/net";
import { useExponents } from "@/session/currencies";
import { dayTime } from "@/ui/instants";
import type { OperationInfo } from "@/wire/api";
import { Grid, type Column, Tag } from "./grid";
import { DecideActs } from "./money-acts";
import { useRights } from "./rights";

const TONES: Readonly<Record<string, "good" | "warn" | "bad">> = { proposed: "warn", applied: "good", refused: "bad" };

/** What operators did to the books by hand; what waits can be decided here. */
export function OperationsGrid({ operations, named = true, empty = "Nothing was done by hand." }: { operations: readonly OperationInfo[]; named?: boolean; empty?: string }) {
  const { may } = useRights();
  const exponents = useExponents();
  const columns: Column<OperationInfo>[] = [
    { name: "No.", cell: (each) => each.id, right: true },
    { name: "What", cell: (each) => each.kind },
    ...(named
      ? [{ name: "Player", cell: (each: OperationInfo) => <Link className="rounded-sm font-mono text-xs underline underline-offset-4" href={`/desk/player/?id=${each.player}`}>{each.player.slice(0, 8)}</Link> }]
      : []),
    { name: "Amount", right: true, cell: (each) => <><Net net={each.amount} exponent={exponents(each.currency)} /> <span className="text-faint">{each.currency}</span></> },
    { name: "State", cell: (each) => <Tag tone={TONES[each.state] ?? "plain"}>{each.result ?? each.state}</Tag> },
    { name: "Reason", cell: (each) => <span className="text-soft">{each.reason}</span> },
    { name: "By", cell: (each) => `${each.proposer}, ${dayTime(each.proposed_at)}`, wide: true },
    { name: "Decided", cell: (each) => (each.decided_by ? `${each.decided_by}${each.remark ? `: ${each.remark}` : ""}` : ""), wide: true },
    { name: "Acts", right: true, cell: (each) => (each.state === "proposed" && may("correct_books") ? <DecideActs operation={each} /> : null) },
  ];
  return <Grid label="Operations" testid="operations" columns={columns} rows={operations} of={(each) => each.id} empty={empty} />;
}
