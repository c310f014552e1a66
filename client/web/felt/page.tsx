// The page of tables: /table/?t=ID, several as t=A&t=B; rail=1 only watches.

"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { Access } from "@/room/world";
import { api, ask } from "@/session/api";
import { socketUrl } from "@/session/socket";
import { useSession } from "@/session/use";
import { SignedOut, Unknown } from "./strangers";
import { Tiles, TABLES_MAX } from "./tiles";

const ACCESS: Access = {
  ticket: async (table, role) => {
    const ticket = await ask(api.POST("/v1/tables/{table}/ticket", { params: { path: { table } }, body: { role } }));
    return { ...ticket, url: socketUrl(ticket.url) };
  },
  wallet: async (currency) =>
    (await ask(api.GET("/v1/wallet", { params: { query: { currency } } }))).amount,
};

export function TablePage() {
  const asked = useSearchParams();
  const session = useSession();
  const wanted = asked.getAll("t").join("\n");
  const tables = useMemo(() => [...new Set(wanted.split("\n").filter(Boolean))].slice(0, TABLES_MAX), [wanted]);
  if (!tables.length) return <Unknown />;
  if (session === undefined) return null;
  if (session === null) return <SignedOut />;
  return <Tiles key={session.player.id} tables={tables} role={asked.has("rail") ? "rail" : "seat"} access={ACCESS} />;
}
