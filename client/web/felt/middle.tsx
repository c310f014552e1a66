// The middle of the felt: the board, the pots by name, the result, and chips on their way.

import { memo } from "react";
import type { TableState } from "@/room/state";
import { TurningCard } from "./card";
import { ChipStack } from "./chips";
import { useMoney } from "./money";
import { potName, resultLines } from "./results";
import { POT_TALL, POT_WIDE, spotStyle, type Place } from "./places";

export function Pots({ state }: { state: TableState }) {
  const { say } = useMoney();
  const bets = Object.values(state.seats).reduce((sum, at) => sum + at.bet, 0);
  const gathered = state.pots.filter((pot) => pot > 0);
  return (
    <div className="pots spot" style={spotStyle(POT_WIDE, POT_TALL)} data-testid="pots">
      {gathered.map((pot, number) => (
        // Another amount is another element, in its own place: nothing that is there moves.
        <span key={`${number} of ${gathered.length}: ${pot}`} className="pot figures">
          <ChipStack amount={pot} />
          <span>
            <small>
              <PotLabel name={potName(number, gathered.length)} />
            </small>{" "}
            {say(pot)}
          </span>
        </span>
      ))}
      {bets > 0 && gathered.length > 0 && <span key={state.pot} className="total figures">total {say(state.pot)}</span>}
    </div>
  );
}

/** Among several the word "pot" goes where there is little room. */
function PotLabel({ name }: { name: string }) {
  const [first, ...rest] = name.split(" pot");
  return first === name ? name : (
    <>
      {first}
      <i> pot</i>
      {rest.join("")}
    </>
  );
}

export const Board = memo(function Board({ board, hand, playing }: Pick<TableState, "board" | "hand" | "playing">) {
  return (
    <div className="board" data-testid="board" data-over={!playing} role="group" aria-label="Board">
      {[0, 1, 2, 3, 4].map((i) => {
        const card = board[i];
        return (
          <span key={i} className="place">
            {card !== undefined && (
              <span key={`${hand}-${card}`} className="turned" style={{ "--order": i < 3 ? i : 0 } as React.CSSProperties}>
                <TurningCard card={card} />
              </span>
            )}
          </span>
        );
      })}
    </div>
  );
});

interface Routes {
  wide: (seat: number) => Place;
  tall: (seat: number) => Place;
}

/** A bet in front of its seat. */
export const Bet = memo(function Bet({ amount, wide, tall }: { amount: number; wide: Place; tall: Place }) {
  return (
    <div className="bet spot figures" style={spotStyle(wide.bet, tall.bet)} aria-hidden>
      <ChipStack amount={amount} />
      <span className="bet-figure">{useMoney().say(amount)}</span>
    </div>
  );
});

/** Bets that go into the middle, and pots that go to those who won them. Each runs once and ends
 * invisible, so nothing has to be taken away. */
export function Moving({ state, wide, tall }: { state: TableState } & Routes) {
  const { sweep, results, hand } = state;
  return (
    <>
      {sweep?.bets.map(([seat, amount]) => (
        <Flight key={`${sweep.id}-${seat}`} from="bet" amount={amount} wide={wide(seat)} tall={tall(seat)} />
      ))}
      {results.flatMap((result) =>
        result.shares.map(([seat, amount]) => (
          <Flight key={`${hand}-${result.pot}-${seat}`} from="pot" amount={amount} wide={wide(seat)} tall={tall(seat)} />
        )),
      )}
    </>
  );
}

function Flight({ from, amount, wide, tall }: { from: "bet" | "pot"; amount: number; wide: Place; tall: Place }) {
  const [a, b] = from === "bet" ? [wide.bet, tall.bet] : [wide.seat, tall.seat];
  return (
    <div className="flight spot" aria-hidden data-from={from} style={spotStyle(a, b)}>
      <ChipStack amount={amount} />
    </div>
  );
}

/** Who won what with which hand, under the board. */
export function Result({ state }: { state: TableState }) {
  const lines = resultLines(state, useMoney().say);
  if (!lines.length) return null;
  return (
    <div className="result" data-testid="result">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
