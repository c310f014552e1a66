// One seat at the felt: face, name, stack, cards, what he did last, and his clock.

import { memo } from "react";
import type { Money } from "@/room/amounts";
import type { Clock, Seat as SeatState } from "@/room/state";
import { Avatar } from "./avatar";
import { TurningCard } from "./card";
import { ClockBar } from "./clock";
import { useMoney } from "./money";
import { spotStyle, type Place } from "./places";

export interface SeatProps {
  at: SeatState;
  wide: Place;
  tall: Place;
  mine: boolean;
  /** My hole cards, at my seat. */
  own: readonly number[];
  /** Cards have been dealt and are not mucked. */
  holds: boolean;
  button: boolean;
  /** Its place in the deal, for the order in which cards come. */
  order: number;
  clock: Clock | null;
  live: boolean;
  best: boolean;
}

export const SeatPod = memo(function SeatPod(props: SeatProps) {
  const { at, wide, tall, mine, clock } = props;
  const acting = clock !== null;
  const { say } = useMoney();
  return (
    <div
      className="seat spot"
      style={spotStyle(wide.seat, tall.seat)}
      data-acting={acting}
      data-mine={mine}
      data-out={at.folded || at.sittingOut || (!at.playing && at.bet === 0)}
      data-won={at.won > 0}
      data-side={wide.seat.x < 50 ? "left" : "right"}
      data-testid={`seat-${at.seat}`}
      role="group"
      aria-label={labelOf(props, say)}
    >
      <HoleCards {...props} />
      <div className="pod" aria-hidden>
        <div className="face-ring">
          <Avatar name={at.name} bot={at.kind === "bot"} />
          {at.kind !== "player" && <span className="kind">{at.kind}</span>}
        </div>
        <div className="plate">
          <span className="name" title={at.name}>
            {at.name}
          </span>
          <span className="stack figures">{at.stack > 0 || !at.playing || at.sittingOut ? say(at.stack) : "all-in"}</span>
          {clock && <ClockBar clock={clock} live={props.live} />}
        </div>
        <Said at={at} />
        {props.button && <span className="dealer">D</span>}
      </div>
    </div>
  );
});

function HoleCards({ at, mine, own, holds, order, best }: SeatProps) {
  const known = at.cards.length ? at.cards : mine ? own : [];
  if (!holds && !at.cards.length) return null;
  return (
    <div className="hole" data-best={best} data-shown={at.cards.length > 0} data-folded={at.folded}>
      {[0, 1].map((i) => (
        <span key={i} className="dealt" style={{ "--order": order + i * 9 } as React.CSSProperties}>
          <TurningCard card={known[i] ?? null} />
        </span>
      ))}
    </div>
  );
}

/** One word for what the seat did, or why it does nothing. */
export function wordOf(at: SeatState, say: Money["say"]): string {
  if (at.won > 0) return `+${say(at.won)}`;
  if (at.away) return "away";
  if (at.sittingOut) return "sitting out";
  if (at.last === "muck") return "mucked";
  if (at.last === "time") return "out of time";
  if (at.last === "void") return "chips back";
  return at.last;
}

function Said({ at }: { at: SeatState }) {
  const word = wordOf(at, useMoney().say);
  if (!word) return null;
  return (
    <span key={word} className="said figures" data-word={at.won > 0 ? "won" : word}>
      {word}
      {at.won > 0 && at.made ? <em> {at.made}</em> : null}
    </span>
  );
}

function labelOf({ at, mine, button, clock }: SeatProps, say: Money["say"]): string {
  const parts = [
    `Seat ${at.seat + 1}: ${at.name}${mine ? ", you" : ""}`,
    at.kind === "player" ? "" : at.kind,
    `${say(at.stack)} chips`,
    at.bet ? `bet ${say(at.bet)}` : "",
    button ? "dealer" : "",
    wordOf(at, say),
    clock ? "to act" : "",
  ];
  return parts.filter(Boolean).join(", ");
}

/** A free seat; `take` is not given to those who can't sit here. */
export function FreeSeat({ seat, wide, tall, take }: { seat: number; wide: Place; tall: Place; take?: () => void }) {
  return (
    <div className="seat spot" style={spotStyle(wide.seat, tall.seat)} data-free>
      {take ? (
        <button type="button" className="free" onClick={take} data-testid={`sit-${seat}`} aria-label={`Sit in seat ${seat + 1}`}>
          <span aria-hidden>+</span>
          <span className="free-word">Sit</span>
        </button>
      ) : (
        <span className="free idle" aria-hidden />
      )}
    </div>
  );
}
