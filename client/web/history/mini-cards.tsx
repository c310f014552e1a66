import clsx from "clsx";
import { RANKS, rankOf, spoken, SUIT_SIGNS, suitOf } from "@/room/cards";

const INK = ["text-club", "text-diamond", "text-heart", "text-spade"] as const;

/** Cards in a line of a list: rank and suit on small white cards. */
export function MiniCards({ cards, label }: { cards: readonly number[]; label: string }) {
  if (!cards.length) return <span className="text-faint">–</span>;
  return (
    <span className="inline-flex gap-1" role="img" aria-label={`${label}: ${cards.map(spoken).join(", ")}`}>
      {cards.map((card) => (
        <span
          key={card}
          aria-hidden
          className={clsx("figures inline-flex h-7 min-w-8 items-center justify-center rounded-[5px] bg-card px-1 text-[0.8125rem] leading-none font-bold", INK[suitOf(card)])}
        >
          {RANKS[rankOf(card)]}
          {SUIT_SIGNS[suitOf(card)]}
        </span>
      ))}
    </span>
  );
}
