// A table as it is seen: seats around the felt, cards, chips, clocks. It draws a state and knows nothing
// of lines and requests.

"use client";

import "./felt.css";
import "./seat.css";
import { useCallback } from "react";
import type { TableState } from "@/room/state";
import { Bet, Board, Moving, Pots, Result } from "./middle";
import { tallPlace, widePlace } from "./places";
import { FreeSeat, SeatPod } from "./seat";

export interface FeltProps {
  state: TableState;
  /** The line is up: clocks are true. */
  live: boolean;
  /** Take that seat, for those who may. */
  take?: ((seat: number) => void) | undefined;
}

export function Felt({ state, live, take }: FeltProps) {
  const { info, me } = state;
  const seats = info?.seats ?? 6;
  const first = me >= 0 ? me : 0;
  const wide = useCallback((seat: number) => widePlace((seat - first + seats) % seats, seats), [first, seats]);
  const tall = useCallback((seat: number) => tallPlace((seat - first + seats) % seats, seats), [first, seats]);
  // Whose seats they are decides where they are: none is drawn before that is known.
  const numbers = info ? Array.from({ length: seats }, (_, seat) => seat) : [];
  // Whoever still holds cards at the end and was not beaten has the best hand.
  const dealt = state.playing || state.results.length > 0;
  return (
    <div className="stage" data-seats={seats} data-paused={state.paused !== ""} data-live={live}>
      <div className="wood">
        <div className="cloth">
          <div className="line" />
          <div className="mark" aria-hidden>
            Squaredeal
          </div>
        </div>
      </div>
      <Pots state={state} />
      <div className="centre">
        <Board board={state.board} hand={state.hand} playing={state.playing} />
        <Result state={state} />
        {!state.playing && !state.results.length && !state.voided && info && (
          <div className="result quiet">{waitingWords(state)}</div>
        )}
      </div>
      {numbers.map((seat) => {
        const at = state.seats[seat];
        if (!at) {
          return <FreeSeat key={seat} seat={seat} wide={wide(seat)} tall={tall(seat)} {...(take && { take: () => take(seat) })} />;
        }
        const mine = seat === me;
        return (
          <SeatPod
            key={`${seat}-${state.hand}`}
            at={at}
            wide={wide(seat)}
            tall={tall(seat)}
            mine={mine}
            own={mine ? state.cards : NONE}
            holds={dealt && at.playing && (!at.folded || (mine && state.cards.length > 0)) && at.last !== "muck" && cardsAreOut(state)}
            button={state.button === seat}
            order={(seat - state.button - 1 + seats) % seats}
            clock={state.turn === seat ? state.clock : null}
            live={live}
            best={at.won > 0 && at.cards.length > 0}
          />
        );
      })}
      {numbers.map((seat) => {
        const bet = state.seats[seat]?.bet ?? 0;
        return bet > 0 ? <Bet key={`${seat}-${bet}`} amount={bet} wide={wide(seat)} tall={tall(seat)} /> : null;
      })}
      <Moving state={state} wide={wide} tall={tall} />
    </div>
  );
}

const NONE: readonly number[] = [];

/** Cards come after the blinds; a snapshot is always after them. */
const cardsAreOut = (state: TableState): boolean =>
  state.story === null || state.story.events.some((event) => event.type === "hole_dealt");

function waitingWords(state: TableState): string {
  const players = Object.values(state.seats).filter((at) => !at.sittingOut).length;
  return players < 2 ? "Waiting for players" : "Shuffling";
}
