"use client";

import clsx from "clsx";
import { ChevronLeft, ChevronRight, Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { Felt } from "@/felt/felt";
import { MoneyOf, useCurrency, useMoney } from "@/felt/money";
import { line } from "@/felt/tell";
import type { HandRecord } from "@/wire/api";
import { currencyOf, replayOf, type Replay, stateAt, stepOf, streetsOf } from "./replay";
import { SPEEDS, usePlaying } from "./use-playing";

const NAMES: Readonly<Record<string, string>> = {
  preflop: "Deal", flop: "Flop", turn: "Turn", river: "River", showdown: "Result",
};

/** A hand on the felt, step by step. Arrows step, space plays, Home and End go to both ends. */
export function Replayer({ record }: { record: HandRecord }) {
  const money = useCurrency(currencyOf(record));
  return (
    <MoneyOf value={money}>
      <Stage record={record} />
    </MoneyOf>
  );
}

function Stage({ record }: { record: HandRecord }) {
  const replay = useMemo(() => replayOf(record), [record]);
  const player = usePlaying(replay.steps.length);
  const state = useMemo(() => stateAt(replay, player.at), [replay, player.at]);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => player.go(player.at + 1),
    ArrowLeft: () => player.go(player.at - 1),
    Home: () => player.go(0),
    End: () => player.go(replay.steps.length - 1),
    " ": player.toggle,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const own = target.tagName === "INPUT" || (event.key === " " && target.tagName === "BUTTON");
    const act = keys[event.key];
    if (!act || own || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  return (
    <div
      className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]"
      onKeyDown={onKeyDown}
      role="group"
      aria-label="Replayer: arrow keys step, space plays"
      tabIndex={-1}
      data-testid="replayer"
      data-step={player.at}
    >
      <div className="min-w-0">
        <div className="relative aspect-[3/4] max-h-[80dvh] w-full overflow-hidden rounded-lg bg-ink-950/40 ring-1 ring-line ring-inset sm:aspect-[1180/680] sm:max-h-[58dvh]">
          <Felt state={state} live={false} />
        </div>
        <Controls replay={replay} player={player} />
      </div>
      <Log replay={replay} at={player.at} go={player.go} />
    </div>
  );
}

type Player = ReturnType<typeof usePlaying>;
const ROUND = "grid size-11 shrink-0 place-items-center rounded-md text-soft hover:bg-ink-700 hover:text-text disabled:opacity-40";

function Controls({ replay, player }: { replay: Replay; player: Player }) {
  const last = replay.steps.length - 1;
  const street = replay.steps[player.at]?.street;
  return (
    <div className="mt-3 grid gap-3 rounded-lg bg-ink-850 p-3 ring-1 ring-line ring-inset">
      <div className="flex flex-wrap items-center gap-1">
        <button type="button" className={ROUND} aria-label="To the beginning" disabled={player.at === 0} onClick={() => player.go(0)}>
          <SkipBack className="size-5" aria-hidden />
        </button>
        <button type="button" className={ROUND} aria-label="Step back" disabled={player.at === 0} onClick={() => player.go(player.at - 1)}>
          <ChevronLeft className="size-6" aria-hidden />
        </button>
        <button type="button" className="grid size-11 shrink-0 place-items-center rounded-full bg-accent text-accent-ink hover:bg-accent-bright" aria-label={player.playing ? "Pause" : "Play"} onClick={player.toggle}>
          {player.playing ? <Pause className="size-5 fill-current" aria-hidden /> : <Play className="size-5 translate-x-px fill-current" aria-hidden />}
        </button>
        <button type="button" className={ROUND} aria-label="Step forward" disabled={player.at === last} onClick={() => player.go(player.at + 1)}>
          <ChevronRight className="size-6" aria-hidden />
        </button>
        <button type="button" className={ROUND} aria-label="To the end" disabled={player.at === last} onClick={() => player.go(last)}>
          <SkipForward className="size-5" aria-hidden />
        </button>
        <input
          type="range"
          className="h-11 min-w-0 grow basis-0 accent-accent max-sm:order-last max-sm:basis-full sm:mx-2"
          aria-label="Step"
          min={0}
          max={last}
          value={player.at}
          onChange={(event) => player.go(Number(event.target.value))}
        />
        <span className="figures ml-auto w-14 shrink-0 text-right text-sm text-faint">
          {player.at + 1} / {last + 1}
        </span>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className="flex flex-wrap gap-1" role="group" aria-label="Jump to a street">
          {streetsOf(replay).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={street === name}
              className={clsx("h-9 rounded-md px-3 text-sm", street === name ? "bg-ink-700 font-medium text-text" : "text-soft hover:bg-ink-800 hover:text-text")}
              onClick={() => player.go(stepOf(replay, name))}
            >
              {NAMES[name] ?? name}
            </button>
          ))}
        </div>
        <div className="flex items-center gap-1" role="group" aria-label="Speed">
          {SPEEDS.map((speed) => (
            <button
              key={speed}
              type="button"
              aria-pressed={player.speed === speed}
              className={clsx("figures h-9 rounded-md px-2.5 text-sm", player.speed === speed ? "bg-ink-700 font-medium text-text" : "text-faint hover:bg-ink-800 hover:text-text")}
              onClick={() => player.setSpeed(speed)}
            >
              {speed}×
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}

/** What happened, a line a step; the one that is shown is marked. */
function Log({ replay, at, go }: { replay: Replay; at: number; go: (to: number) => void }) {
  const box = useRef<HTMLOListElement>(null);
  const { say } = useMoney();
  const lines = useMemo(
    () =>
      replay.steps.map(({ upto, atMs }, step) => {
        const events = replay.events.slice(replay.steps[step - 1]?.upto ?? 0, upto);
        return { step, atMs, words: events.flatMap((event) => line(event, replay.story, say) ?? []) };
      }),
    [replay, say],
  );
  useEffect(() => {
    const [list, shown] = [box.current, box.current?.querySelector<HTMLElement>("[aria-current]")];
    if (list && shown) list.scrollTop = shown.offsetTop - list.clientHeight / 2;
  }, [at]);
  return (
    <section className="flex min-h-0 flex-col rounded-lg bg-ink-850 ring-1 ring-line ring-inset" aria-label="What happened">
      <h2 className="border-b border-line px-4 py-3 text-sm font-medium text-soft">What happened</h2>
      <ol ref={box} className="relative max-h-72 overflow-y-auto p-1.5 lg:max-h-[34rem]" tabIndex={0} aria-label="Log of the hand">
        {lines.map(({ step, atMs, words }) =>
          words.length ? (
            <li key={step}>
              <button
                type="button"
                aria-current={step === at ? "step" : undefined}
                className={clsx("grid w-full grid-cols-[1fr_auto] gap-3 rounded-md px-2.5 py-1.5 text-left text-sm", step === at ? "bg-ink-700 text-text" : step < at ? "text-soft hover:bg-ink-800" : "text-faint hover:bg-ink-800")}
                onClick={() => go(step)}
              >
                <span>
                  {words.map((each) => (
                    <span key={each} className="block">
                      {each}
                    </span>
                  ))}
                </span>
                <span className={clsx("figures text-xs leading-5", step === at ? "text-soft" : "text-faint")}>{(atMs / 1_000).toFixed(1)} s</span>
              </button>
            </li>
          ) : null,
        )}
      </ol>
    </section>
  );
}
