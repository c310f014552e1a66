// Cards, drawn by us: jumbo index, four colours and four shapes.

import { memo } from "react";
import { rankOf, RANKS, spoken, suitOf } from "@/room/cards";

const INK = ["var(--color-club)", "var(--color-diamond)", "var(--color-heart)", "var(--color-spade)"] as const;

/** Suits in a box of 24 by 24. */
const SUITS = [
  "M12 2.2a4.6 4.6 0 0 0-4 6.9A4.7 4.7 0 1 0 10.9 16c-.2 2.3-1 4.1-2.5 5.500h7.200c-1.5-1.4-2.3-3.2-2.5-5.500A4.7 4.7 0 1 0 16 9.100a4.6 4.6 0 0 0-4-6.900Z",
  "M12 1.8 19.6 12 12 22.2 4.4 12Z",
  "M12 21.600C5.8 16.4 2.2 12.9 2.2 8.700A5.2 5.2 0 0 1 12 6.200a5.2 5.2 0 0 1 9.8 2.500c0 4.2-3.6 7.7-9.8 12.900Z",
  "M12 1.800c5.4 4.6 9.4 8 9.4 11.900a4.7 4.7 0 0 1-8.3 3c.2 2 1 3.6 2.3 4.900H8.600c1.3-1.3 2.1-2.9 2.3-4.900a4.7 4.7 0 0 1-8.3-3C2.6 9.8 6.6 6.4 12 1.800Z",
] as const;

/** One card, face up; its size is the box's. */
export const Face = memo(function Face({ card }: { card: number }) {
  const suit = suitOf(card);
  const rank = RANKS[rankOf(card)] ?? "";
  return (
    <svg viewBox="0 0 60 84" className="face" role="img" aria-label={spoken(card)}>
      <rect width="60" height="84" rx="6" fill="var(--color-card)" />
      <rect x=".5" y=".5" width="59" height="83" rx="5.5" fill="none" stroke="#0000001f" />
      <g fill={INK[suit]}>
        <text x="5" y="30" fontSize={rank === "10" ? 27 : 31} fontWeight="750" letterSpacing={rank === "10" ? -3.5 : 0}>
          {rank}
        </text>
        <path d={SUITS[suit]} transform="translate(5.5 35) scale(.78)" />
        <path d={SUITS[suit]} transform="translate(21 41) scale(1.5)" />
      </g>
    </svg>
  );
});

/** The back: a lattice of diamonds, the same for all. */
export const Back = memo(function Back() {
  return (
    <svg viewBox="0 0 60 84" className="face" aria-hidden>
      <rect width="60" height="84" rx="6" fill="#f3ead6" />
      <rect x="3" y="3" width="54" height="78" rx="4" fill="#7a2233" />
      <path d={LATTICE} stroke="#e6b96773" strokeWidth="1" fill="none" />
      <rect x="5.5" y="5.5" width="49" height="73" rx="3" fill="none" stroke="#e6b967b3" />
      <circle cx="30" cy="42" r="9" fill="#7a2233" stroke="#e6b967" />
      <path d="M30 35.5 36.5 42 30 48.5 23.5 42Z" fill="#e6b967" />
    </svg>
  );
});

/** Diagonals both ways, cut by the frame. */
const LATTICE = Array.from({ length: 14 }, (_, i) => 12 * i - 6)
  .map((sum) => {
    const [top, bottom] = [Math.max(6, sum - 54), Math.min(78, sum - 6)];
    return top < bottom ? `M${sum - top} ${top}L${sum - bottom} ${bottom}M${60 - sum + top} ${top}L${60 - sum + bottom} ${bottom}` : "";
  })
  .join("");

/** A card that turns over when it becomes known; `card` is null while it is not. */
export function TurningCard({ card, className = "" }: { card: number | null; className?: string }) {
  return (
    <span className={`card ${className}`} data-known={card !== null}>
      <span className="card-back">
        <Back />
      </span>
      {card !== null && (
        <span className="card-face">
          <Face card={card} />
        </span>
      )}
    </span>
  );
}
