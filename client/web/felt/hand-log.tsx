// The hand in play and the one before, told line by line.

"use client";

import { useState } from "react";
import type { Story, TableState } from "@/room/state";
import { Sheet } from "./dialog";
import { useMoney } from "./money";
import { line } from "./tell";

export function HandLog({ state, close }: { state: TableState; close: () => void }) {
  const over = !state.playing && state.story !== null;
  const [last, now] = over ? [state.story, null] : [state.before, state.story];
  const [which, choose] = useState<"last" | "now">("last");
  const story = which === "now" && now ? now : last;
  return (
    <Sheet title={story ? `Hand ${story.hand}` : "The last hand"} open close={close} testid="hand-log">
      {now && (
        <div className="tabs" role="group" aria-label="Which hand">
          <button type="button" className="preset" aria-pressed={which === "last"} onClick={() => choose("last")}>
            Last hand
          </button>
          <button type="button" className="preset" aria-pressed={which === "now"} onClick={() => choose("now")}>
            This hand
          </button>
        </div>
      )}
      {story ? <Lines story={story} /> : <p className="hint">You have seen no hand to its end yet.</p>}
    </Sheet>
  );
}

function Lines({ story }: { story: Story }) {
  const { say } = useMoney();
  const lines = story.events.flatMap((event, i) => {
    const words = line(event, story, say);
    return words ? [{ i, words, kind: event.type }] : [];
  });
  return (
    <ol className="log">
      {lines.map(({ i, words, kind }) => (
        <li key={i} data-kind={kind}>
          {words}
        </li>
      ))}
    </ol>
  );
}
