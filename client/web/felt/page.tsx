// The page of tables: /table/?t=ID, several as t=A&t=B; rail=1 only watches.

"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { useSession } from "@/session/use";
import { ACCESS } from "./access";
import { SignedOut, Unknown } from "./strangers";
import { Tiles, TABLES_MAX } from "./tiles";

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
