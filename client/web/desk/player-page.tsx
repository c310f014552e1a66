"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useExponents } from "@/session/currencies";
import { Empty } from "@/history/signed-in";
import { api, ask } from "@/session/api";
import { amount } from "@/ui/amount";
import { Notice, ProblemNotice } from "@/ui/notice";
import { useQueryWords } from "@/ui/query";
import { Skeleton } from "@/ui/skeleton";
import { dayTime, exact, span } from "@/ui/instants";
import type { LimitInfo, PlayerSheet, PurseInfo, SessionInfo } from "@/wire/api";
import { DeskFrame, Panel } from "./frame";
import { Grid, type Column, Tag } from "./grid";
import { AdjustAct, PromoteAct } from "./money-acts";
import { OperationsGrid } from "./operations";
import { BanAct, ExcludeAct, KickAct, LimitAct } from "./player-acts";
import { PlayerState } from "./players-page";
import { useRights } from "./rights";

export function PlayerPage() {
  const [words] = useQueryWords();
  const id = words.get("id") ?? "";
  const found = useQuery({
    queryKey: ["desk", "player", id],
    queryFn: () => ask(api.GET("/v1/operator/players/{player}", { params: { path: { player: id } } })),
    enabled: id !== "",
    refetchInterval: 5_000,
  });
  return (
    <DeskFrame right="see_players" title={found.data?.player.name ?? "Player"}>
      <Link href="/desk/players/" className="mb-3 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-text">
        <ArrowLeft className="size-4" aria-hidden /> Players
      </Link>
      {!id ? <Empty title="Which player?" words="This address names none." /> : found.isError && !found.data ? <ProblemNotice error={found.error} /> : found.data ? <Sheet sheet={found.data} /> : <Skeleton className="h-96 w-full" />}
    </DeskFrame>
  );
}

function Sheet({ sheet }: { sheet: PlayerSheet }) {
  const { may } = useRights();
  const { player, roles, seats } = sheet;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Panel title="Account" aside={<PlayerState player={player} />}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 p-3 text-sm">
          <dt className="text-faint">Kind</dt>
          <dd className="text-right">{player.kind}</dd>
          <dt className="text-faint">Since</dt>
          <dd className="text-right">{exact(player.opened)}</dd>
          <dt className="text-faint">Id</dt>
          <dd className="text-right font-mono text-xs leading-5 break-all">{player.id}</dd>
          <dt className="text-faint">Roles</dt>
          <dd className="text-right">{roles.length ? roles.join(", ") : "none"}</dd>
          {player.ban && (
            <>
              <dt className="text-faint">Banned because</dt>
              <dd className="text-right">{player.ban.reason}</dd>
            </>
          )}
        </dl>
        {may("ban_players") && (
          <div className="flex gap-1.5 border-t border-line p-3">
            <BanAct player={player} />
          </div>
        )}
      </Panel>
      <Panel title="At tables">
        <Grid label="At tables" of={(each) => each.table} empty="He sits nowhere." rows={seats}
          columns={[
            { name: "Table", cell: (each) => <Link prefetch={false} className="rounded-sm underline underline-offset-4" href={`/desk/table/?t=${encodeURIComponent(each.table)}`}>{each.table}</Link> },
            { name: "Since", cell: (each) => exact(each.since) },
            { name: "Acts", right: true, cell: (each) => (may("run_tables") ? <KickAct table={each.table} player={player} /> : null) },
          ]} />
      </Panel>
      {may("see_money") && <Wallet sheet={sheet} />}
      {may("see_limits") && <Limits sheet={sheet} />}
      <Sessions player={player.id} />
    </div>
  );
}

function Wallet({ sheet }: { sheet: PlayerSheet }) {
  const { may } = useRights();
  const exponents = useExponents();
  const { player } = sheet;
  const found = useQuery({
    queryKey: ["desk", "money", player.id],
    queryFn: () => ask(api.GET("/v1/operator/players/{player}/money", { params: { path: { player: player.id } } })),
    refetchInterval: 5_000,
  });
  const columns: Column<PurseInfo>[] = [
    { name: "Where", cell: (each) => each.table ?? "wallet" },
    { name: "Currency", cell: (each) => each.currency },
    { name: "Amount", right: true, cell: (each) => amount(each.amount, exponents(each.currency), false) },
  ];
  return (
    <Panel title="Chips" className="lg:col-span-2" aside={
      <span className="flex flex-wrap gap-1.5">
        {may("promote") && <PromoteAct player={player} />}
        {may("correct_books") && <AdjustAct player={player} />}
      </span>
    }>
      <ProblemNotice error={found.error} />
      {found.data ? (
        <div className="grid lg:grid-cols-[20rem_1fr]">
          <Grid label="Chips" testid="purses" columns={columns} rows={found.data.purses} of={(each) => `${each.table ?? ""}/${each.currency}`} empty="He has no wallet yet." />
          <div className="border-line max-lg:border-t lg:border-l">
            <OperationsGrid operations={found.data.operations} named={false} />
          </div>
        </div>
      ) : (
        <Skeleton className="m-2 h-24" />
      )}
    </Panel>
  );
}

function Limits({ sheet }: { sheet: PlayerSheet }) {
  const { may } = useRights();
  const { player } = sheet;
  const found = useQuery({
    queryKey: ["desk", "limits", player.id],
    queryFn: () => ask(api.GET("/v1/operator/players/{player}/limits", { params: { path: { player: player.id } } })),
  });
  const exponents = useExponents();
  const most = ({ kind, currency }: LimitInfo, value: number | null | undefined) => {
    if (value === null || value === undefined) return "none";
    return kind === "session" ? span(value * 1_000) : `${amount(value, exponents(currency))} ${currency}`;
  };
  const columns: Column<LimitInfo>[] = [
    { name: "Limit", cell: (each) => `${each.kind.replace("_", "-")}, ${each.span}` },
    { name: "By", cell: (each) => each.by },
    { name: "At most", right: true, cell: (each) => most(each, each.amount) },
    { name: "Then", cell: (each) => (each.next_at ? `${most(each, each.next_amount)} from ${dayTime(each.next_at)}` : "") },
  ];
  return (
    <Panel title="Limits" aside={may("protect_players") && (
      <span className="flex gap-1.5">
        <LimitAct player={player} />
        <ExcludeAct player={player} />
      </span>
    )}>
      <ProblemNotice error={found.error} />
      {found.data?.excluded && (
        <Notice kind="warn" className="m-2" title={`Excluded ${found.data.excluded_until ? `until ${dayTime(found.data.excluded_until)}` : "for ever"}`}>
          {found.data.excluded.replace("_", "-")}
        </Notice>
      )}
      {found.data && <Grid label="Limits" columns={columns} rows={found.data.limits} of={(each) => `${each.kind}/${each.span}/${each.currency}/${each.by}`} empty="No limits are set." />}
    </Panel>
  );
}

function Sessions({ player }: { player: string }) {
  const found = useQuery({
    queryKey: ["desk", "sessions", player],
    queryFn: () => ask(api.GET("/v1/operator/players/{player}/sessions", { params: { path: { player } } })),
    refetchInterval: 10_000,
  });
  const columns: Column<SessionInfo>[] = [
    { name: "Device", cell: (each) => <span className="line-clamp-1 max-w-64 break-all" title={each.device}>{each.device || "unknown"}</span> },
    { name: "From", cell: (each) => each.address },
    { name: "Since", cell: (each) => dayTime(each.opened) },
    { name: "Last seen", cell: (each) => (each.used ? dayTime(each.used) : "") },
  ];
  return (
    <Panel title="Signed in" aside={found.data && <Tag>{found.data.sessions.length}</Tag>}>
      <ProblemNotice error={found.error} />
      {found.data && <Grid label="Sessions" testid="sessions" columns={columns} rows={found.data.sessions} of={(each) => each.id} empty="He is signed in nowhere." />}
    </Panel>
  );
}
