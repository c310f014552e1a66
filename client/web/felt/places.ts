// Where seats and bets are, in percent of the stage, clockwise from the viewer's own at the bottom. There
// are two layouts: a wide table, and a tall one for phones; the style sheet picks.

export interface Spot {
  x: number;
  y: number;
}

export interface Place {
  seat: Spot;
  bet: Spot;
}

export const POT_WIDE: Spot = { x: 50, y: 37.5 };
export const POT_TALL: Spot = { x: 50, y: 38.5 };

/** A flattened ellipse: sides are straighter than a circle's, so that there is room for cards. */
function wideSpot(turn: number, rx: number, ry: number): Spot {
  const angle = Math.PI / 2 + turn * 2 * Math.PI;
  const flat = (v: number): number => Math.sign(v) * Math.abs(v) ** 0.82;
  return { x: 50 + rx * flat(Math.cos(angle)), y: 51 + ry * flat(Math.sin(angle)) };
}

export function widePlace(offset: number, seats: number): Place {
  const turn = offset / seats;
  const seat = wideSpot(turn, 43, 36);
  if (offset === 0) return { seat: { x: 50, y: 89 }, bet: { x: 50, y: 64 } };
  return { seat, bet: wideSpot(turn, 27, 20) };
}

/** One at the bottom, for even tables one at the top, the others along both sides. */
export function tallPlace(offset: number, seats: number): Place {
  if (offset === 0) return { seat: { x: 50, y: 89 }, bet: { x: 50, y: 63 } };
  const onSide = Math.floor((seats - 1) / 2);
  const hasTop = seats % 2 === 0;
  if (hasTop && offset === onSide + 1) return { seat: { x: 50, y: 10 }, bet: { x: 50, y: 23 } };
  const left = offset <= onSide;
  const up = left ? offset - 1 : seats - 1 - offset;
  const [lowest, highest] = hasTop ? [75, 22] : [76, onSide > 3 ? 11 : 16];
  const y = onSide === 1 ? 40 : lowest - (up * (lowest - highest)) / (onSide - 1);
  const x = left ? 13.5 : 86.5;
  const inward = left ? 20 : -20;
  // Beside the pots and the board there is no room: those bets go above or below them.
  const beside = y > 28 && y < 57;
  return { seat: { x, y }, bet: { x: x + inward, y: beside ? (y < 46 ? 28 : 58) : y > 70 ? y - 8 : y + 1 } };
}

/** Custom properties for the style sheet: both layouts of a spot. */
export const spotStyle = (wide: Spot, tall: Spot): Record<string, string> => ({
  "--wx": wide.x.toFixed(2),
  "--wy": wide.y.toFixed(2),
  "--tx": tall.x.toFixed(2),
  "--ty": tall.y.toFixed(2),
});
