// A face for a name, made here: the same name has the same one everywhere, and none is fetched.

import { memo } from "react";

const HUES = [12, 32, 48, 88, 150, 172, 196, 214, 236, 262, 292, 330] as const;

function hashed(name: string): number {
  let hash = 2_166_136_261;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}

/** Up to two letters: of the first two words, or of one. */
export function initials(name: string): string {
  const words = name.split(/[\s_-]+/u).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toLocaleUpperCase();
}

export const Avatar = memo(function Avatar({ name, bot }: { name: string; bot: boolean }) {
  const hash = hashed(name);
  const hue = HUES[hash % HUES.length] ?? 0;
  const turn = (hash >>> 8) % 360;
  return (
    <svg viewBox="0 0 64 64" className="avatar" aria-hidden>
      <rect width="64" height="64" rx="32" fill={`hsl(${hue} 32% 24%)`} />
      <g transform={`rotate(${turn} 32 32)`}>
        <path d="M-4 40C14 26 34 60 68 34v40H-4Z" fill={`hsl(${hue} 40% 34%)`} />
        <circle cx="50" cy="14" r="13" fill={`hsl(${(hue + 36) % 360} 44% 40%)`} opacity=".8" />
      </g>
      {bot ? (
        <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round">
          <rect x="18" y="25" width="28" height="21" rx="6" />
          <path d="M32 25v-7M26 35h.01M38 35h.01M14 33v6M50 33v6" />
        </g>
      ) : (
        <text x="32" y="33" dy=".36em" textAnchor="middle" fontSize="24" fontWeight="650" fill="#fff">
          {initials(name)}
        </text>
      )}
    </svg>
  );
});
