"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useExponents } from "@/session/currencies";
import { api, ask } from "@/session/api";
import { amount } from "@/ui/amount";
import { ProblemNotice } from "@/ui/notice";
import { asked, useQueryWords } from "@/ui/query";
import { Skeleton } from "@/ui/skeleton";
import { dayTime, exact } from "@/ui/instants";
import type { PaymentInfo } from "@/wire/api";
import { RevenuePanel } from "./charts";
import { DeskFrame, Panel } from "./frame";
import { Grid, type Column, Tag } from "./grid";
import { PaymentActs, ReverseAct } from "./money-acts";
import { OperationsGrid } from "./operations";
import { useRights } from "./rights";

const REPORTS = [
  { name: "revenue", title: "Rake by day and table" },
  { name: "liability", title: "What is owed to players" },
  { name: "trial-balance", title: "Trial balance" },
] as const;

export function MoneyPage() {
  return (
    <DeskFrame right="see_money" title="Money">
      <Money />
    </DeskFrame>
  );
}

function Money() {
  return (
    <div className="grid gap-4">
      <Operations />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <RevenuePanel />
        <Payments />
        {REPORTS.map((each) => (
          <ReportPanel key={each.name} {...each} />
        ))}
      </div>
    </div>
  );
}

function Operations() {
  const { may } = useRights();
  const [words, change] = useQueryWords();
  const every = words.get("all") === "1";
  const found = useQuery({
    queryKey: ["desk", "operations", every],
    queryFn: () => ask(api.GET("/v1/operator/operations", { params: { query: asked({ limit: 100, all: every ? 1 : undefined }) } })),
    refetchInterval: 5_000,
  });
  return (
    <Panel
      title={every ? "Every act on the books" : "Proposals that wait for a second operator"}
      aside={
        <span className="flex items-center gap-3">
          <label className="flex min-h-9 items-center gap-2 text-sm text-soft">
            <input type="checkbox" className="size-4 accent-accent" checked={every} onChange={(event) => change({ all: event.target.checked ? "1" : "" })} /> all
          </label>
          {may("correct_books") && <ReverseAct />}
        </span>
      }
    >
      <ProblemNotice error={found.error} />
      {found.data ? <OperationsGrid operations={found.data.operations} {...(!every && { empty: "No proposal waits." })} /> : <Skeleton className="m-2 h-16" />}
    </Panel>
  );
}

function Payments() {
  const { may } = useRights();
  const exponents = useExponents();
  const found = useQuery({
    queryKey: ["desk", "payments"],
    queryFn: () => ask(api.GET("/v1/operator/payments", { params: { query: { limit: 100 } } })),
    refetchInterval: 10_000,
  });
  const columns: Column<PaymentInfo>[] = [
    { name: "What", cell: (each) => each.kind },
    { name: "Player", cell: (each) => <Link className="rounded-sm font-mono text-xs underline underline-offset-4" href={`/desk/player/?id=${each.player}`}>{each.player.slice(0, 8)}</Link> },
    { name: "Amount", right: true, cell: (each) => `${amount(each.amount, exponents(each.currency), false)} ${each.currency}` },
    { name: "Until", cell: (each) => dayTime(each.expires) },
    { name: "Acts", right: true, cell: (each) => (may("decide_payments") ? <PaymentActs payment={each} /> : null) },
  ];
  return (
    <Panel title="Payments that wait">
      <ProblemNotice error={found.error} />
      {found.data ? <Grid label="Payments" columns={columns} rows={found.data.payments} of={(each) => each.id} empty="No payment waits." /> : <Skeleton className="m-2 h-16" />}
    </Panel>
  );
}

type ReportRow = { row: readonly unknown[]; number: number };

/** Columns that are chips; the currency's is named so. */
const CHIPS = new Set(["rake", "balance", "chips"]);

function ReportPanel({ name, title }: (typeof REPORTS)[number]) {
  const exponents = useExponents();
  const found = useQuery({
    queryKey: ["desk", "report", name],
    queryFn: () => ask(api.GET("/v1/operator/reports/{report}", { params: { path: { report: name }, query: { limit: 100 } } })),
    refetchInterval: 60_000,
  });
  const report = found.data;
  const currency = report?.columns.indexOf("currency") ?? -1;
  return (
    <Panel title={title} aside={report && <span className="text-xs text-faint">as of {exact(report.as_of)}{report.replica && <> <Tag>replica</Tag></>}</span>}>
      <ProblemNotice error={found.error} />
      {report ? (
        <Grid label={title} rows={report.rows.map((row, number): ReportRow => ({ row, number }))} of={(each) => each.number} empty="Nothing yet."
          columns={report.columns.map((column, i) => ({
            name: column.replaceAll("_", " "),
            right: typeof report.rows[0]?.[i] === "number",
            cell: ({ row }: ReportRow) => {
              const value = row[i];
              if (typeof value !== "number") return String(value ?? "");
              return amount(value, CHIPS.has(column) ? exponents(String(row[currency] ?? "")) : 0);
            },
          }))} />
      ) : (
        !found.isError && <Skeleton className="m-2 h-24" />
      )}
    </Panel>
  );
}
