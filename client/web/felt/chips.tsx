// Chips, drawn by us: discs seen from a little above. Value is told by the figure beside them.

import { memo } from "react";

const DENOMINATIONS = [
  { value: 25_000, body: "#8a6d1f", edge: "#f6e7b4" },
  { value: 5_000, body: "#a04a1c", edge: "#f7d9c4" },
  { value: 1_000, body: "#b58a2e", edge: "#fff3d0" },
  { value: 500, body: "#5b3a8c", edge: "#e6d8fa" },
  { value: 100, body: "#23272e", edge: "#d9dee6" },
  { value: 25, body: "#1d6b45", edge: "#d2f0df" },
  { value: 5, body: "#9c2335", edge: "#f8d5da" },
  { value: 1, body: "#9fb0bd", edge: "#ffffff" },
] as const;
const DISCS_MAX = 7;
const STEP = 4;

/** The fewest discs, largest below; a tall stack is cut: the figure says what it is. */
export function discsOf(amount: number): readonly (typeof DENOMINATIONS)[number][] {
  const discs = [];
  let rest = amount;
  for (const of of DENOMINATIONS) {
    while (rest >= of.value && discs.length < DISCS_MAX) {
      discs.push(of);
      rest -= of.value;
    }
  }
  return discs;
}

export const ChipStack = memo(function ChipStack({ amount }: { amount: number }) {
  const discs = discsOf(amount);
  const height = 12 + STEP * (DISCS_MAX - 1);
  return (
    <svg viewBox={`0 0 26 ${height + 4}`} className="chips" aria-hidden>
      <ellipse cx="13" cy={height - 2} rx="12" ry="4.5" fill="#00000059" />
      {discs.map((disc, i) => (
        <g key={i} transform={`translate(0 ${height - 12 - i * STEP})`}>
          <path d="M1 5v3.4c0 2.5 5.4 4.5 12 4.500s12-2 12-4.500V5Z" fill={disc.body} />
          <path d="M3.5 9.200v2.800M9 11v2M17 11v2M22.5 9.200v2.8" stroke={disc.edge} strokeWidth="2.2" />
          <ellipse cx="13" cy="5" rx="12" ry="4.5" fill={disc.body} stroke="#ffffff38" strokeWidth=".5" />
          <ellipse cx="13" cy="5" rx="10.5" ry="3.7" fill="none" stroke={disc.edge} strokeWidth="1.5" strokeDasharray="3.6 4.4" />
          <ellipse cx="13" cy="5" rx="6.5" ry="2.3" fill="#ffffff26" />
        </g>
      ))}
    </svg>
  );
});
