// Cards are numbers: rank * 4 + suit, rank 0..12 for 2..A, suit 0..3 for clubs, diamonds, hearts, spades.

export const RANKS = ["2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K", "A"] as const;
export const RANK_NAMES = [
  "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "jack", "queen", "king", "ace",
] as const; // prettier-ignore
export const SUIT_NAMES = ["clubs", "diamonds", "hearts", "spades"] as const;
export const SUIT_SIGNS = ["♣", "♦", "♥", "♠"] as const;

export const rankOf = (card: number): number => card >> 2;
export const suitOf = (card: number): number => card & 3;

/** "ace of spades": for screen readers. */
export const spoken = (card: number): string => `${RANK_NAMES[rankOf(card)]} of ${SUIT_NAMES[suitOf(card)]}`;

/** "A♠": for a line of text. */
export const short = (card: number): string => `${RANKS[rankOf(card)]}${SUIT_SIGNS[suitOf(card)]}`;
