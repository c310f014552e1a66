// Chips to the table: to sit down with, or to top up by.

"use client";

import { Slider } from "radix-ui";
import { useState } from "react";
import { suggested, type Money } from "@/room/amounts";
import type { TableInfo } from "@/room/frames";
import { Sheet } from "./dialog";
import { useMoney } from "./money";

export interface BuyInProps {
  info: TableInfo;
  /** What is free in the wallet; null while it is not known. */
  wallet: number | null;
  /** Sit down there, or at any free seat (null); a top-up has a stack already. */
  seat: number | null;
  stack?: number;
  close: () => void;
  pay: (amount: number, postNow: boolean) => void;
}

export function BuyIn({ info, wallet, seat, stack, close, pay }: BuyInProps) {
  const { say, read } = useMoney();
  const topUp = stack !== undefined;
  const least = topUp ? 1 : info.buy_in_min;
  const most = Math.max(least, topUp ? info.buy_in_max - stack : info.buy_in_max);
  const [text, setText] = useState<string | null>(null);
  const [postNow, setPostNow] = useState(true);
  const start = topUp ? Math.min(most, wallet ?? most) : suggested(info, wallet ?? info.buy_in_max);
  const amount = text === null ? Math.max(least, start) : read(text);
  const wrong = wrongWords(amount, least, most, wallet, say);
  const title = topUp ? "Top up" : seat === null ? `Sit down at ${info.name}` : `Take seat ${seat + 1}`;
  return (
    <Sheet title={title} open close={close} testid="buy-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (amount !== null && !wrong) pay(amount, postNow);
        }}
      >
        <dl className="facts figures">
          <dt>In your wallet</dt>
          <dd>{wallet === null ? "…" : say(wallet)}</dd>
          <dt>{topUp ? "Room for" : "Buy-in"}</dt>
          <dd>
            {say(least)} – {say(most)}
          </dd>
        </dl>
        <div className="amount-row">
          <Slider.Root
            className="slider"
            min={least}
            max={most}
            step={1}
            value={[Math.min(most, Math.max(least, amount ?? least))]}
            onValueChange={([value]) => setText(say(value ?? least))}
          >
            <Slider.Track className="slider-track">
              <Slider.Range className="slider-range" />
            </Slider.Track>
            <Slider.Thumb className="slider-thumb" aria-label={topUp ? "Top-up" : "Buy-in"} />
          </Slider.Root>
          <input
            className="entry figures"
            inputMode="decimal"
            aria-label="Exact amount"
            aria-invalid={wrong !== ""}
            data-testid="buy-in-amount"
            value={text ?? (amount === null ? "" : say(amount))}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <p className="hint" role={wrong ? "alert" : undefined}>
          {wrong || (amount === null ? "" : `${(amount / info.big_blind).toFixed(amount % info.big_blind ? 1 : 0)} big blinds`)}
        </p>
        {!topUp && (
          <label className="check">
            <input type="checkbox" checked={postNow} onChange={(event) => setPostNow(event.target.checked)} />
            Pay the big blind and play the next hand, rather than wait for it to come round
          </label>
        )}
        {topUp && <p className="hint">The chips are in play from the next hand on.</p>}
        <button type="submit" className="act raise wide" disabled={wrong !== "" || amount === null} data-testid="buy-in-go">
          {topUp ? "Top up" : "Take the seat"}
        </button>
      </form>
    </Sheet>
  );
}

function wrongWords(amount: number | null, least: number, most: number, wallet: number | null, say: Money["say"]): string {
  if (amount === null) return "That is no amount.";
  if (wallet !== null && wallet < least) return `Your wallet has ${say(wallet)}; at least ${say(least)} are needed.`;
  if (amount < least) return `At least ${say(least)}.`;
  if (amount > most) return `At most ${say(most)}.`;
  return wallet !== null && amount > wallet ? `Your wallet has ${say(wallet)}.` : "";
}
