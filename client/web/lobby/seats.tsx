import clsx from "clsx";

/** A table from above: who sits is a full dot, a bot a ring, a free seat a faint line. */
export function Seats({ seats, players, bots }: { seats: number; players: number; bots: number }) {
  return (
    <svg viewBox="0 0 64 40" aria-hidden className="h-10 w-16 shrink-0">
      <rect x="10" y="8" width="44" height="24" rx="12" className="fill-felt stroke-felt-rim" strokeWidth="1.5" />
      {Array.from({ length: seats }, (_, at) => {
        const angle = (at / seats) * 2 * Math.PI - Math.PI / 2;
        const look = at < players ? "fill-accent stroke-accent" : at < players + bots ? "fill-ink-900 stroke-soft" : "fill-ink-900 stroke-ink-600";
        return (
          <circle
            key={at} cx={32 + 27 * Math.cos(angle)} cy={20 + 16 * Math.sin(angle)} r="3.4" strokeWidth="1.4"
            className={clsx(look)} strokeDasharray={at < players + bots ? undefined : "2 1.6"}
          />
        );
      })}
    </svg>
  );
}
