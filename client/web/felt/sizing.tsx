// How much: presets, a slider, and an exact figure. All say the total for the street.

"use client";

import { Slider } from "radix-ui";
import { useState, type RefObject } from "react";
import { PRESETS, presetTo, within } from "@/room/amounts";
import type { Legal } from "@/room/frames";
import type { TableState } from "@/room/state";
import { useMoney } from "./money";

export interface SizingProps {
  state: TableState;
  options: Legal;
  to: number;
  choose: (to: number) => void;
  /** The figure has been entered: play it. */
  enter: () => void;
  entry: RefObject<HTMLInputElement | null>;
}

export function Sizing({ state, options, to, choose, enter, entry }: SizingProps) {
  const { say } = useMoney();
  return (
    <div className="sizing">
      <div className="presets">
        {PRESETS.map(({ preset, label, key }) => {
          const amount = presetTo(preset, state, options);
          return (
            <button
              key={preset}
              type="button"
              className="preset"
              aria-pressed={amount === to}
              aria-keyshortcuts={key}
              title={`${say(amount)} (${key})`}
              onClick={() => choose(amount)}
            >
              {label}
            </button>
          );
        })}
      </div>
      <Slider.Root
        className="slider"
        min={options.raise_min}
        max={options.raise_max}
        step={1}
        value={[to]}
        onValueChange={([value]) => value !== undefined && choose(rounded(value, state, options))}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb className="slider-thumb" aria-label="Size of the bet" aria-valuetext={say(to)} />
      </Slider.Root>
      <Entry to={to} options={options} choose={choose} enter={enter} entry={entry} />
    </div>
  );
}

/** A slider ends in small blinds, except at its ends. */
function rounded(value: number, state: TableState, options: Legal): number {
  if (value <= options.raise_min || value >= options.raise_max) return value;
  const step = state.info?.small_blind ?? 1;
  return within(Math.round(value / step) * step, options);
}

type EntryProps = Pick<SizingProps, "to" | "options" | "choose" | "enter" | "entry">;

function Entry({ to, options, choose, enter, entry }: EntryProps) {
  // While it is being typed, the text is what stands there, also if it is no amount yet.
  const [text, setText] = useState<string | null>(null);
  const { say, read } = useMoney();
  const amount = text === null ? to : read(text);
  const wrong = amount === null || amount < options.raise_min || amount > options.raise_max;
  return (
    <input
      ref={entry}
      className="entry figures"
      inputMode="decimal"
      autoComplete="off"
      aria-label={`Exact amount, ${say(options.raise_min)} to ${say(options.raise_max)}`}
      aria-invalid={wrong}
      data-testid="amount"
      value={text ?? say(to)}
      // At once: what is typed next replaces it, however quickly it comes.
      onFocus={(event) => event.target.select()}
      onChange={(event) => {
        setText(event.target.value);
        const typed = read(event.target.value);
        if (typed !== null && typed >= options.raise_min && typed <= options.raise_max) choose(typed);
      }}
      onBlur={() => {
        if (amount !== null) choose(within(amount, options));
        setText(null);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !wrong) enter();
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}
