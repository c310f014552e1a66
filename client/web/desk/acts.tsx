"use client";

import { api, ask } from "@/session/api";
import { Field } from "@/ui/field";
import { Select } from "@/ui/select";
import type { OperatorTable } from "@/wire/api";
import { Act } from "./act";
import { useBy, useRights } from "./rights";

const FLOOR = [["desk", "tables"]] as const;

/** What one may do to a table: all of it is written down. */
export function TableActs({ table, all = false }: { table: OperatorTable; all?: boolean }) {
  const by = useBy();
  const path = { path: { table: table.table } };
  const body = (reason: string) => ({ by, reason });
  const name = <b className="font-medium text-text">{table.table}</b>;
  if (!table.open) return <OpenAct table={table.table} />;
  return (
    <span className="inline-flex flex-wrap justify-end gap-1.5">
      {table.paused ? (
        <Act name="Resume" title={`Resume ${table.table}`} says={<>Clocks at {name} run on from where they stood.</>} done="The table goes on." refresh={FLOOR}
          act={(reason) => ask(api.POST("/v1/operator/tables/{table}/resume", { params: path, body: body(reason) }))} />
      ) : (
        <Act name="Pause" title={`Pause ${table.table}`} says={<>Stops the clocks at {name} at once; nobody can act and nothing is dealt until it is resumed. Seats and chips stay.</>} done="The table is paused." refresh={FLOOR}
          act={(reason) => ask(api.POST("/v1/operator/tables/{table}/pause", { params: path, body: body(reason) }))} />
      )}
      {all && (
        <>
          <VoidAct table={table} />
          <Act name="Move" title={`Move ${table.table}`} says={<>Carries {name} to another actor at the end of its hand. Players keep their seats and are back within a second or two.</>} done="The table has moved." refresh={FLOOR}
            act={(reason) => ask(api.POST("/v1/operator/tables/{table}/move", { params: path, body: body(reason) }))} />
        </>
      )}
      <Act name="Close table" tone="danger" title={`Close ${table.table}`} says={<>Lets the hand at {name} end, then stands everybody up: every stake goes home. It stays closed, also after a restart, until it is opened again.</>} done="The table is closed." refresh={FLOOR}
        act={(reason) => ask(api.POST("/v1/operator/tables/{table}/close", { params: path, body: body(reason) }))} />
    </span>
  );
}

/** Opens a table again that was closed: one that is known, or one by its name. */
export function OpenAct({ table }: { table?: string }) {
  const by = useBy();
  return (
    <Act name={table ? "Open" : "Open a table"} {...(table && { title: `Open ${table}` })} says="Opens it again as it was when it was closed. Players may sit down." done="The table is open." refresh={FLOOR}
      act={(reason, form) => {
        const path = { table: table ?? String(form.get("table")).trim() };
        return ask(api.POST("/v1/operator/tables/{table}/open", { params: { path }, body: { by, reason } }));
      }}>
      {!table && <Field label="Table" name="table" required autoComplete="off" />}
    </Act>
  );
}

/** Takes the hand in play back; where two must agree, asks a second operator for that. */
export function VoidAct({ table }: { table: OperatorTable }) {
  const by = useBy();
  const { may, twoPerson } = useRights();
  if (!may("void_hands")) return null;
  const hand = table.hand ?? 0;
  const what = (
    <>
      Takes hand #{hand} at <b className="font-medium text-text">{table.table}</b> back: every stack is as it was before it, and the hand never counts. It can’t be undone.
    </>
  );
  const params = { path: { table: table.table } };
  const refresh = [...FLOOR, ["desk", "proposals"]];
  const disabled = !table.playing;
  const propose = (reason: string) => ask(api.POST("/v1/operator/tables/{table}/void-proposals", { params, body: { by, hand, reason } }));
  return (
    <>
      {!twoPerson && (
        <Act name="Void hand" tone="danger" title={`Void hand #${hand}`} says={what} done="The hand is void." refresh={refresh} disabled={disabled}
          act={(reason) => ask(api.POST("/v1/operator/tables/{table}/void", { params, body: { by, hand, reason } }))} />
      )}
      <Act name={twoPerson ? "Void hand" : "Void by two"} tone="danger" title={`Ask for hand #${hand} to be void`} disabled={disabled} refresh={refresh}
        says={<>{what} A second operator agrees at his own desk within ten minutes; then it is done.</>}
        done="Asked. A second operator finds it at the top of the floor." act={propose} />
    </>
  );
}

/** Empties an actor or a node, before it is taken away. */
export function DrainAct({ tables }: { tables: readonly OperatorTable[] }) {
  const by = useBy();
  const known = (of: (table: OperatorTable) => string | undefined) => [...new Set(tables.map(of).filter((name) => !!name))].sort() as string[];
  const options = [
    ...known((each) => each.actor).map((name) => [name, `actor ${name}`] as const),
    ...known((each) => each.node).map((node) => [node, `node ${node.slice(0, 12)}`] as const),
  ];
  return (
    <Act name="Drain" tone="danger" title="Drain an actor or a node" says="Moves its tables elsewhere, each at the end of its hand, and then ends its processes. Players keep their seats." done="It is empty and has ended." refresh={FLOOR} disabled={!options.length}
      act={(reason, form) => ask(api.POST("/v1/operator/drain", { body: { by, target: String(form.get("target")), reason } }))}>
      <Select label="What" name="target" options={options} required />
    </Act>
  );
}
