// One table, or several as tiles; keys belong to the one that waits or was touched last.

"use client";

import { useCallback, useEffect, useState } from "react";
import type { Access, Role } from "@/room/world";
import { useKeys } from "./keys";
import { Table } from "./table";

export const TABLES_MAX = 6;

export function Tiles({ tables, role, access }: { tables: readonly string[]; role: Role; access: Access }) {
  const [waiting, setWaiting] = useState<readonly string[]>([]);
  const [touched, touch] = useState(tables[0] ?? "");
  const attention = useCallback((table: string, waits: boolean) => {
    setWaiting((now) => (waits ? [...now.filter((other) => other !== table), table] : now.filter((other) => other !== table)));
  }, []);
  // Who has waited longest comes first; a table that one is busy with is not taken away.
  const active = waiting.includes(touched) ? touched : (waiting[0] ?? touched);
  useTitle(waiting.length);
  useKeys(tables.length > 1, {
    n: () => {
      const next = tables[(tables.indexOf(active) + 1) % tables.length];
      touch(waiting.find((table) => table !== active) ?? next ?? active);
    },
  });
  return (
    <main className="tiles" data-count={tables.length}>
      {tables.map((table) => (
        <div key={table} className="tile" onPointerDown={() => touch(table)} onFocus={() => touch(table)}>
          <Table {...{ table, access, role, attention }} active={table === active} only={tables.length === 1} />
        </div>
      ))}
    </main>
  );
}

/** The title says that somebody waits, for whoever looks at another window. */
function useTitle(waiting: number): void {
  useEffect(() => {
    const plain = document.title.replace(/^(\(\d+\) )?(Your turn · )?/u, "");
    document.title = waiting ? `${waiting > 1 ? `(${waiting}) ` : ""}Your turn · ${plain}` : plain;
  }, [waiting]);
}
