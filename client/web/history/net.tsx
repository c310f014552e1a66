import clsx from "clsx";
import { amount, MINUS } from "@/ui/amount";

/** What was won or lost, with its sign: a word and a sign say it, the colour only helps. */
export function Net({ net, exponent = 0, className }: { net: number | null | undefined; exponent?: number; className?: string }) {
  if (net === null || net === undefined) return <span className={clsx("text-faint", className)}>void</span>;
  const sign = net > 0 ? "+" : net < 0 ? MINUS : "±";
  return (
    <span className={clsx("figures font-medium", net > 0 ? "text-good" : net < 0 ? "text-bad" : "text-soft", className)}>
      {sign}
      {amount(Math.abs(net), exponent)}
    </span>
  );
}
