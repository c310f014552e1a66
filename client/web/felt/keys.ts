// Keys of one table. A key that is typed into a field, or with a modifier, is not ours.

import { useEffect, useRef } from "react";

export const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["F", "Fold; before your turn: check or fold"],
  ["C", "Check or call, now or ahead"],
  ["R", "Bet or raise to the size shown"],
  ["1 2 3 4", "Size: ½, ⅔, the pot, all-in"],
  ["↑ ↓", "Size: a big blind more or less"],
  ["E", "Enter an exact size; Enter plays it"],
  ["Q", "Quick seat: any free seat here"],
  ["O", "Sit out, or play again"],
  ["T", "Top up"],
  ["L", "The last hand"],
  ["N", "The next table that waits for you"],
  ["M", "Sound on or off"],
  ["?", "These keys"],
];

const FIELDS = "input, textarea, select, [contenteditable], [role=slider], [role=menu], [role=dialog]";

export function useKeys(on: boolean, keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(FIELDS)) return;
      if (document.querySelector("[role=dialog]")) return;
      const does = latest.current[event.key.toLowerCase()];
      if (!does) return;
      event.preventDefault();
      does();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [on]);
}
