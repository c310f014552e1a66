"use client";

import { Problem } from "@/session/problem";
import { api, ask } from "@/session/api";
import { Field } from "@/ui/field";
import { Select } from "@/ui/select";
import type { PlayerEntry } from "@/wire/api";
import { Act } from "./act";
import { useBy } from "./rights";

const MINUTES = [["15", "15 minutes"], ["60", "An hour"], ["1440", "A day"], ["43200", "30 days"]] as const;
const BANS = [["", "For ever"], ["1", "A day"], ["7", "A week"], ["30", "30 days"], ["365", "A year"]] as const;
const DAY_MS = 86_400_000;

const refreshOf = (player: string) => [["desk", "player", player], ["desk", "players"], ["desk", "sessions", player]] as const;

export function BanAct({ player }: { player: PlayerEntry }) {
  const by = useBy();
  const path = { path: { player: player.id } };
  const refresh = refreshOf(player.id);
  if (player.ban) {
    return (
      <Act name="Lift the ban" title={`Lift the ban of ${player.name}`} says={`${player.name} may sign in again.`} done="The ban is lifted." refresh={refresh}
        act={(reason) => ask(api.POST("/v1/operator/players/{player}/unban", { params: path, body: { by, reason } }))} />
    );
  }
  return (
    <Act name="Ban" tone="danger" title={`Ban ${player.name}`} says="All his sessions end now and his tables’ lines are closed; nobody signs in as him until then. Chips at tables go home when he is stood up." done="He is banned, everywhere and at once." refresh={refresh}
      act={(reason, form) => {
        const days = Number(form.get("days"));
        const until = days ? new Date(Date.now() + days * DAY_MS).toISOString() : null;
        return ask(api.PUT("/v1/operator/players/{player}/ban", { params: path, body: { by, reason, until } }));
      }}>
      <Select label="For" name="days" options={BANS} />
    </Act>
  );
}

/** Sends a player away from a table: one that is known, or one by his name. */
export function KickAct({ table, player }: { table: string; player?: PlayerEntry }) {
  const by = useBy();
  return (
    <Act name="Kick" tone="danger" title={player ? `Send ${player.name} away from ${table}` : `Send somebody away from ${table}`} done="He is sent away."
      says="He stands up (a hand that he is in is folded), his chips go home, and he gets no ticket to this table for so long."
      refresh={player ? refreshOf(player.id) : []}
      act={async (reason, form) => {
        const id = player?.id ?? (await idOf(String(form.get("player")).trim()));
        const body = { by, player: id, minutes: Number(form.get("minutes")), reason };
        return ask(api.POST("/v1/operator/tables/{table}/kick", { params: { path: { table } }, body }));
      }}>
      {!player && <Field label="Player" name="player" required autoComplete="off" />}
      <Select label="Stays away for" name="minutes" options={MINUTES} defaultValue="60" />
    </Act>
  );
}

async function idOf(name: string): Promise<string> {
  const { players } = await ask(api.GET("/v1/operator/players", { params: { query: { name, limit: 10 } } }));
  const one = players.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!one) throw new Problem("player_unknown", "Nobody has exactly this name.");
  return one.id;
}

const LIMITS = [
  ["deposit/day", "Deposits, a day"], ["deposit/week", "Deposits, a week"], ["deposit/month", "Deposits, a month"],
  ["loss/day", "Losses, a day"], ["loss/week", "Losses, a week"], ["loss/month", "Losses, a month"],
  ["buy_in/day", "Buy-ins, a day"], ["buy_in/week", "Buy-ins, a week"], ["buy_in/month", "Buy-ins, a month"],
  ["session/session", "Time of play (seconds)"],
] as const;
type Kind = "deposit" | "loss" | "buy_in" | "session";
type Span = "day" | "week" | "month" | "session";

export function LimitAct({ player }: { player: PlayerEntry }) {
  const by = useBy();
  return (
    <Act name="Limit" title={`Limit ${player.name}`} done="The limit is set." refresh={[["desk", "limits", player.id]]}
      says="A limit of the house beside his own; the stricter one counts. Tighter counts at once, looser after 24 hours."
      act={async (reason, form) => {
        const [kind, span] = String(form.get("limit")).split("/") as [Kind, Span];
        const text = String(form.get("amount")).trim();
        const body = { by, reason, kind, span, amount: text === "" ? null : Number(text), currency: String(form.get("currency")) };
        const { counts } = await ask(api.PUT("/v1/operator/players/{player}/limits", { params: { path: { player: player.id } }, body }));
        return counts === "later" ? "The limit counts in 24 hours." : "The limit counts now.";
      }}>
      <Select label="Limit" name="limit" options={LIMITS} />
      <Field label="At most, in minor units; empty takes it away" name="amount" inputMode="numeric" pattern="[0-9]*" />
      <Field label="Currency" name="currency" defaultValue="PLAY" required pattern="[A-Z][A-Z0-9]{2,7}" />
    </Act>
  );
}

export function ExcludeAct({ player }: { player: PlayerEntry }) {
  const by = useBy();
  return (
    <Act name="Exclude" tone="danger" title={`Exclude ${player.name}`} done="He is excluded from deposits and play." refresh={[["desk", "limits", player.id]]}
      says="No deposits and no play until then; he finishes the hand he is in. Nobody can shorten it, you neither."
      act={(reason, form) => {
        const days = Number(form.get("days"));
        const kind = days && days < 180 ? ("cooling_off" as const) : ("self_exclusion" as const);
        const body = { by, reason, kind, days: days || null };
        return ask(api.POST("/v1/operator/players/{player}/exclusion", { params: { path: { player: player.id } }, body }));
      }}>
      <Select label="For" name="days" options={[["1", "A day"], ["7", "A week"], ["42", "42 days"], ["180", "180 days"], ["365", "A year"], ["", "For ever"]]} />
    </Act>
  );
}
