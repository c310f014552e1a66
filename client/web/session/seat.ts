/**
 * A seat that was asked for in the lobby, on its way to the table's page. Not in the address: a link
 * that somebody was sent must not buy chips in.
 */
const KEY = "squaredeal.seat";

type Wanted = { table: string; buyIn: number };

export function wantSeat(table: string, buyIn: number): void {
  sessionStorage.setItem(KEY, JSON.stringify({ table, buyIn } satisfies Wanted));
}

/** The buy-in that was asked for at this table, once; null if none was. */
export function takeWantedSeat(table: string): number | null {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return null;
  const wanted = JSON.parse(text) as Wanted;
  if (wanted.table !== table) return null;
  sessionStorage.removeItem(KEY);
  return wanted.buyIn;
}
