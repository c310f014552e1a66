"use client";

import { useQuery } from "@tanstack/react-query";
import { useExponents } from "@/session/currencies";
import { api, ask } from "@/session/api";
import { amount } from "@/ui/amount";
import { ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { exact } from "@/ui/instants";
import type { FundsInPlay, InterruptedHandInfo } from "@/wire/api";
import { Panel } from "./frame";
import { Grid, type Column, Tag } from "./grid";

/** What an interruption left, and the chips that are at tables. */
export function InterruptedPanel() {
  const exponents = useExponents();
  const found = useQuery({
    queryKey: ["desk", "interrupted"],
    queryFn: () => ask(api.GET("/v1/operator/interrupted")),
    refetchInterval: 15_000,
  });
  if (found.isError) return <ProblemNotice error={found.error} />;
  const hands: Column<InterruptedHandInfo>[] = [
    { name: "Hand", cell: (each) => `${each.table} #${each.hand}` },
    { name: "Dealt", cell: (each) => exact(each.dealt) },
    { name: "Epoch", cell: (each) => each.epoch, right: true },
  ];
  const funds: Column<FundsInPlay>[] = [
    { name: "Table", cell: (each) => each.table },
    { name: "Stakes", cell: (each) => each.stakes, right: true },
    { name: "Chips", cell: (each) => `${amount(each.chips, exponents(each.currency))} ${each.currency}`, right: true },
    { name: "Served", cell: (each) => (each.served ? <Tag tone="good">yes</Tag> : <Tag tone="bad">nobody serves it</Tag>) },
  ];
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Panel title="Interrupted hands">
        {found.data ? <Grid label="Interrupted hands" columns={hands} rows={found.data.hands} of={(each) => `${each.table}/${each.hand}`} empty="None. A hand is here while its table waits to be opened again." /> : <Skeleton className="m-2 h-16" />}
      </Panel>
      <Panel title="Funds in play">
        {found.data ? <Grid label="Funds in play" columns={funds} rows={found.data.funds} of={(each) => `${each.table}/${each.currency}`} empty="No chips are at tables." /> : <Skeleton className="m-2 h-16" />}
      </Panel>
    </div>
  );
}
