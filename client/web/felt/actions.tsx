// What the player may do now, or decide ahead. It always takes the same room, so nothing ever shifts.

"use client";

import { useRef, useState } from "react";
import { choices, type Ahead, type AheadKind } from "@/room/ahead";
import { nudged, PRESETS, presetTo } from "@/room/amounts";
import type { Action, Legal } from "@/room/frames";
import { made } from "@/room/made";
import { isMyTurn, mySeat, owed, type Seat, type TableState } from "@/room/state";
import { useMoney } from "./money";
import { useKeys } from "./keys";
import { Sizing } from "./sizing";

export interface ActionsProps {
  state: TableState;
  ahead: Ahead | null;
  /** An action for this turn is on its way. */
  sent: boolean;
  /** Keys are for this table. */
  active: boolean;
  act: (action: Action) => void;
  decideAhead: (kind: AheadKind) => void;
}

/** Pre-actions or the buttons of the turn; null if there is nothing to decide. */
export function Actions(props: ActionsProps) {
  const { state } = props;
  if (isMyTurn(state) && state.options) {
    return <Turn key={state.turnNumber} {...props} options={state.options} />;
  }
  return <AheadChoices {...props} />;
}

function Turn({ state, sent, active, act, options }: ActionsProps & { options: Legal }) {
  const [to, choose] = useState(options.raise_min);
  const { say } = useMoney();
  const entry = useRef<HTMLInputElement>(null);
  const call = (): void => act(options.can_check ? { type: "check" } : { type: "call" });
  const fold = (): void => act({ type: "fold" });
  const raise = (): void => act({ type: "raise", to });
  const mayRaise = options.raise_max > 0;
  const step = state.info?.big_blind ?? 1;
  useKeys(active && !sent, {
    ...(options.can_check ? {} : { f: fold }),
    c: call,
    ...(mayRaise && {
      r: raise,
      e: () => entry.current?.focus(),
      arrowup: () => choose(nudged(to, true, step, options)),
      arrowdown: () => choose(nudged(to, false, step, options)),
      ...Object.fromEntries(PRESETS.map(({ preset, key }) => [key, () => choose(presetTo(preset, state, options))])),
    }),
  });
  const mine = mySeat(state);
  const callsAllIn = !options.can_check && mine !== null && options.call >= mine.stack;
  const raises = to === options.raise_max ? "All-in" : options.can_check && !betsOf(state) ? "Bet" : "Raise to";
  return (
    <div className="turn" data-testid="my-turn" data-turn={state.turnNumber} aria-busy={sent}>
      {mayRaise ? (
        <Sizing state={state} options={options} to={to} choose={choose} enter={raise} entry={entry} />
      ) : (
        <p className="sizing no-raise">{callsAllIn ? "Calling puts you all-in." : "Nobody can be raised here."}</p>
      )}
      <div className="buttons">
        {!options.can_check && (
          <button type="button" className="act fold" disabled={sent} onClick={fold} aria-keyshortcuts="f">
            Fold
          </button>
        )}
        <button type="button" className="act call" disabled={sent} onClick={call} aria-keyshortcuts="c">
          {options.can_check ? "Check" : callsAllIn ? "Call all-in" : "Call"}
          {!options.can_check && <b className="figures">{say(options.call)}</b>}
        </button>
        {mayRaise && (
          <button type="button" className="act raise" disabled={sent} onClick={raise} aria-keyshortcuts="r">
            {raises} <b className="figures">{say(to)}</b>
          </button>
        )}
      </div>
    </div>
  );
}

const betsOf = (state: TableState): number => Object.values(state.seats).reduce((sum, at) => sum + at.bet, 0);

const AHEAD_WORDS: Record<AheadKind, string> = {
  check_fold: "Check or fold",
  check: "Check",
  fold: "Fold",
  call: "Call",
  call_any: "Call any",
};
const AHEAD_KEYS: Partial<Record<AheadKind, string>> = { check_fold: "f", fold: "f", check: "c", call: "c" };

function AheadChoices({ state, ahead, active, decideAhead }: ActionsProps) {
  const offered = choices(state);
  const { say } = useMoney();
  useKeys(
    active && offered.length > 0,
    Object.fromEntries(
      offered.flatMap((kind) => {
        const key = AHEAD_KEYS[kind];
        return key ? [[key, () => decideAhead(kind)]] : [];
      }),
    ),
  );
  const mine = mySeat(state);
  if (!offered.length || !mine) return <IdleWords words={idleWords(state, mine)} />;
  const price = owed(state, mine);
  return (
    <div className="ahead" data-testid="ahead" role="group" aria-label="Decide ahead">
      {offered.map((kind) => (
        // Another price is another button: a click that began before it does nothing.
        <button key={kind === "call" ? price : kind} type="button" className="act ahead-choice" aria-pressed={ahead?.kind === kind} onClick={() => decideAhead(kind)}>
          <span className="tick" aria-hidden />
          {AHEAD_WORDS[kind]}
          {kind === "call" && <b className="figures">{say(price)}</b>}
        </button>
      ))}
    </div>
  );
}

/** Other words are another element: nothing that is there moves. */
export function IdleWords({ words }: { words: string }) {
  return (
    <p key={words} className="idle-words">
      {words}
    </p>
  );
}

function idleWords(state: TableState, mine: Seat | null): string {
  if (state.paused) return "";
  if (!state.playing) return "The next hand is about to begin.";
  if (mine?.folded) return "You are out of this hand.";
  return mine?.stack === 0 ? "You are all-in." : "";
}

/** What my cards are worth with this board. */
export function Strength({ state }: { state: TableState }) {
  const worth = made(state.cards, state.board);
  const mine = mySeat(state);
  return (
    <p className="strength" data-testid="strength">
      {worth && (state.playing || state.results.length) && !mine?.folded ? worth.words : ""}
    </p>
  );
}
