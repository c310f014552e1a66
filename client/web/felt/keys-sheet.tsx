// The keys, listed.

"use client";

import { Sheet } from "./dialog";
import { KEYS } from "./keys";

export function KeysSheet({ close }: { close: () => void }) {
  return (
    <Sheet title="Keys" open close={close} testid="keys">
      <dl className="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
