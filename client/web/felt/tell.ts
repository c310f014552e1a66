// What happened, as sentences: for the log of a hand and for screen readers. Pure.

import type { Money } from "@/room/amounts";
import { short, spoken } from "@/room/cards";
import type { Event } from "@/room/frames";
import { made } from "@/room/made";
import { isMyTurn, type Story, type TableState } from "@/room/state";
import { pauseInWords, voidInWords } from "@/room/words";
import { potName, resultLines } from "./results";

const VERBS: Readonly<Record<string, string>> = { raise: "raises to", bet: "bets", call: "calls" };

/** One line of a hand's log; null for what needs none. */
export function line(event: Event, story: Pick<Story, "names" | "events">, say: Money["say"]): string | null {
  const name = (seat: number): string => story.names[seat] ?? `Seat ${seat + 1}`;
  const cards = (of: readonly number[]): string => of.map(short).join(" ");
  switch (event.type) {
    case "posted":
      return `${name(event.seat)} posts ${event.kind.replace("_", " ")} ${say(event.amount)}`;
    case "hole_dealt":
      return event.cards.length ? `Dealt to ${name(event.seat)}: ${cards(event.cards)}` : null;
    case "acted": {
      const size = event.paid ? ` ${say(event.action === "call" ? event.paid : event.bet)}` : "";
      return `${name(event.seat)} ${VERBS[event.action] ?? `${event.action}s`}${size}${event.all_in ? ", all-in" : ""}`;
    }
    case "board_dealt":
      return `${capital(event.street)}: ${cards(event.cards)}`;
    case "bet_returned":
      return `${say(event.amount)} go back to ${name(event.seat)}`;
    case "hand_shown":
      return `${name(event.seat)} shows ${cards(event.cards)}${event.made ? `, ${event.made}` : ""}`;
    case "hand_mucked":
      return `${name(event.seat)} mucks`;
    case "timed_out":
      return `${name(event.seat)} runs out of time`;
    case "pot_awarded": {
      const pots = story.events.filter((other) => other.type === "pot_awarded").length;
      const shares = event.shares.map(([seat, amount]) => `${name(seat)} ${say(amount)}`).join(", ");
      return `${potName(event.pot, pots)}: ${shares}${event.rake ? ` (rake ${say(event.rake)})` : ""}`;
    }
    case "hand_voided":
      return voidInWords(event.reason);
    default:
      return null;
  }
}

/** What a screen reader says after a change: turn, board and result, no more. */
export function aloud(before: TableState, now: TableState, say: Money["say"]): string[] {
  const said: string[] = [];
  if (now.hand !== before.hand && now.playing) said.push(`Hand ${now.hand}.`);
  if (now.cards.length && now.cards !== before.cards && now.me >= 0) {
    said.push(`Your cards: ${now.cards.map(spoken).join(" and ")}.`);
  }
  if (now.board.length > before.board.length) {
    const fresh = now.board.slice(now.hand === before.hand ? before.board.length : 0);
    said.push(`${capital(now.street)}: ${fresh.map(spoken).join(", ")}.`);
  }
  if (now.results.length > before.results.length) {
    const known = new Set(resultLines(before, say));
    said.push(...resultLines(now, say).filter((result) => !known.has(result)).map((result) => `${result}.`));
  }
  if (now.paused && now.paused !== before.paused) said.push(pauseInWords(now.paused));
  if (!now.paused && before.paused) said.push("Play goes on.");
  if (now.voided && now.voided !== before.voided) said.push(voidInWords(now.voided));
  if (isMyTurn(now) && (!isMyTurn(before) || now.turnNumber !== before.turnNumber)) said.push(turnAloud(now, say));
  return said;
}

function turnAloud(state: TableState, say: Money["say"]): string {
  const worth = made(state.cards, state.board);
  const price = state.options?.can_check ? "You can check." : `${say(state.options?.call ?? 0)} to call.`;
  return `Your turn. ${price}${worth && state.board.length ? ` You have: ${worth.words}.` : ""}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
