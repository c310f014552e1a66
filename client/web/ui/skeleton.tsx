import clsx from "clsx";

/** Where something will be. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-pulse rounded-md bg-ink-700/60", className)} />;
}
