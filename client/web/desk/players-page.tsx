"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useDeferredValue } from "react";
import { api, ask } from "@/session/api";
import { Field } from "@/ui/field";
import { ProblemNotice } from "@/ui/notice";
import { asked, useQueryWords } from "@/ui/query";
import { dayTime } from "@/ui/instants";
import type { PlayerEntry } from "@/wire/api";
import { DeskFrame, Panel } from "./frame";
import { Grid, type Column, Tag } from "./grid";

export function PlayersPage() {
  return (
    <DeskFrame right="see_players" title="Players">
      <Players />
    </DeskFrame>
  );
}

function Players() {
  const [words, change] = useQueryWords();
  const typed = words.get("name") ?? "";
  const name = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["desk", "players", name],
    queryFn: () => ask(api.GET("/v1/operator/players", { params: { query: asked({ name, limit: 100 }) } })),
    enabled: name !== "",
    placeholderData: (before) => before,
  });
  const columns: Column<PlayerEntry>[] = [
    {
      name: "Name",
      cell: (each) => (
        <Link href={`/desk/player/?id=${each.id}`} className="rounded-sm font-medium underline decoration-line-strong underline-offset-4 hover:decoration-accent">
          {each.name}
        </Link>
      ),
    },
    { name: "Kind", cell: (each) => each.kind },
    { name: "State", cell: (each) => <PlayerState player={each} /> },
    { name: "Since", cell: (each) => dayTime(each.opened), wide: true },
    { name: "Id", cell: (each) => <span className="font-mono text-xs text-faint">{each.id}</span>, wide: true },
  ];
  return (
    <div className="grid gap-4">
      <Field label="Name begins with" type="search" value={typed} onChange={(event) => change({ name: event.target.value })} autoFocus autoComplete="off" className="max-w-sm" />
      <ProblemNotice error={found.error} />
      <Panel title="Players and guests">
        <Grid label="Players" testid="players" columns={columns} rows={name ? (found.data?.players ?? []) : []} of={(each) => each.id}
          empty={!name ? "Type how a name begins." : found.isPending ? "Looking …" : "Nobody is called like that."} />
      </Panel>
    </div>
  );
}

export function PlayerState({ player }: { player: PlayerEntry }) {
  if (player.closed) return <Tag tone="bad">closed</Tag>;
  if (player.ban) return <Tag tone="bad">{player.ban.until ? `banned until ${dayTime(player.ban.until)}` : "banned for ever"}</Tag>;
  return <Tag tone="good">active</Tag>;
}
