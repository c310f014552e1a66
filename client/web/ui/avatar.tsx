import clsx from "clsx";

/** A player's mark, made of his name: two letters on a hue of his own, so that it needs no upload. */
export function Avatar({ name, className }: { name: string; className?: string }) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 360, 7);
  const letters = initials(name);
  return (
    <span
      aria-hidden
      className={clsx("inline-grid size-9 shrink-0 place-items-center rounded-full text-xs font-semibold select-none", className)}
      style={{ background: `oklch(0.34 0.06 ${hue})`, color: `oklch(0.93 0.04 ${hue})` }}
    >
      {letters}
    </span>
  );
}

export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0]![0], words.at(-1)![0]] : [...(words[0] ?? "?")].slice(0, 2);
  return picked.join("").toUpperCase();
}
