// What a line of the audit log says, for people. Pure.

type Json = Record<string, unknown>;

function parsed(text: string | null): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // a line is shown as it was written, whatever it is
  }
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Why, and who agreed: from what was asked. */
export function reasonOf(asked: string): { reason: string; approver: string } {
  const body = parsed(asked);
  if (!isObject(body)) return { reason: "", approver: "" };
  const said = body["reason"] ?? body["why"] ?? body["remark"];
  const by = body["by"];
  const approver = isObject(by) ? by["approver"] : null;
  return { reason: typeof said === "string" ? said : "", approver: typeof approver === "string" ? approver : "" };
}

/** "POST /v1/operator/tables/lantern/pause" is "tables/lantern/pause". */
export const shortAct = (act: string): string => act.replace(/^[A-Z]+ \/v1\/operator\//u, "");

export interface Change {
  name: string;
  before: string;
  after: string;
}

/** Counts that go on by themselves: they differ whatever the act did. */
const RUNNING = new Set(["hand", "players", "bots", "lag_ms", "hands_per_hour", "average_pot", "playing", "version"]);

/** What differs between the state before and the one after. */
export function changesOf(before: string | null, after: string | null): Change[] {
  const [was, is] = [parsed(before), parsed(after)];
  if (before === null || after === null || before === after) return [];
  if (!isObject(was) || !isObject(is)) return [{ name: "state", before: words(was), after: words(is) }];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => !RUNNING.has(name) && words(was[name]) !== words(is[name]))
    .map((name) => ({ name: name.replaceAll("_", " "), before: words(was[name]), after: words(is[name]) }));
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(", ") || "none";
  if (isObject(value) && typeof value["table"] === "string") return value["table"];
  if (value === undefined || value === null || value === "") return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
