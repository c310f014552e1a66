// One table: its room, the felt, what one may do, and what has to be said.

"use client";

import "./controls.css";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useRef, useState } from "react";
import { isInHand, isMyTurn, mySeat, NOBODY, type TableState } from "@/room/state";
import type { Access, Role } from "@/room/world";
import { takeWantedSeat } from "@/session/seat";
import { Actions, IdleWords, Strength } from "./actions";
import { Felt } from "./felt";
import { Header } from "./header";
import { useKeys } from "./keys";
import { MoneyOf, useCurrency, useMoney } from "./money";
import { Ended, FaultBanner, LineBanner, NoticeToast, TableBanner } from "./notices";
import { play, setSound, soundIsOn, soundsOf } from "./sound";
import { aloud } from "./tell";
import { useRoom } from "./use-room";

// Opened seldom: they come when they are asked for.
const BuyIn = dynamic(() => import("./buy-in").then((module) => module.BuyIn));
const HandLog = dynamic(() => import("./hand-log").then((module) => module.HandLog));
const Keys = dynamic(() => import("./keys-sheet").then((module) => module.KeysSheet));

export interface TableProps {
  table: string;
  access: Access;
  role: Role;
  /** Its keys are live: it is the one that is looked at. */
  active: boolean;
  /** There is no other beside it. */
  only: boolean;
  /** Says whether this table waits for the player. */
  attention?: (table: string, waits: boolean) => void;
}

type Open = { what: "keys" | "log" | "top_up" } | { what: "sit"; seat: number | null };

export function Table({ table, access, role: begin, active, only, attention }: TableProps) {
  const { room, view, role, comeIn } = useRoom(table, access, begin);
  const { state, line } = view;
  const [open, setOpen] = useState<Open | null>(null);
  const money = useCurrency(state.info?.currency ?? "PLAY");
  const wallet = useWallet(access, state, open);
  const close = useCallback(() => setOpen(null), []);
  const hush = useCallback(() => room.hush(), [room]);
  const mine = mySeat(state);
  const waits = isMyTurn(state);
  useChanges(state, view.line.phase === "up");
  useEffect(() => attention?.(table, waits), [attention, table, waits]);
  useEffect(() => () => attention?.(table, false), [attention, table]);

  // Whoever chose "quick seat" in the lobby has said yes already, to these chips at this table; and to
  // the next hand: he pays the big blind rather than wait for it to come round.
  const mayAsk = line.phase === "up" && role === "seat" && !mine;
  useEffect(() => {
    const buyIn = mayAsk ? takeWantedSeat(table) : null;
    if (buyIn !== null) void room.ask({ type: "sit", buy_in: buyIn, seat: null, post_now: true });
  }, [mayAsk, room, table]);

  const take = (seat: number | null): void => {
    if (role === "rail") comeIn();
    setOpen({ what: "sit", seat });
  };
  const sitOut = (on: boolean): void => void room.ask({ type: "sit_out", on });
  const pay = (amount: number, postNow: boolean): void => {
    const sits = open?.what === "sit" ? { type: "sit" as const, buy_in: amount, seat: open.seat, post_now: postNow } : null;
    close();
    void room.ask(sits ?? { type: "top_up", amount });
  };
  const free = state.info !== null && Object.keys(state.seats).length < state.info.seats;
  useKeys(active, {
    l: () => setOpen({ what: "log" }),
    m: () => setSound(!soundIsOn()),
    "?": () => setOpen({ what: "keys" }),
    ...(mine ? { o: () => sitOut(!mine.sittingOut), t: () => setOpen({ what: "top_up" }) } : {}),
    ...(!mine && free ? { q: () => take(null) } : {}),
  });

  return (
    <MoneyOf value={money}>
      <section className="table" data-active={active} data-waits={waits} aria-label={state.info?.name ?? table} data-testid={`table-${table}`} data-hand={state.hand} data-seq={state.seq} data-epoch={state.epoch} data-line={line.phase}>
        <Header
          {...{ table, state, line, only, sitOut }}
          checked={view.checked}
          watching={role === "rail"}
          show={(what) => setOpen({ what })}
          straddle={(on) => void room.ask({ type: "straddle", on })}
          stand={() => void room.ask({ type: "stand" })}
        />
        <div className="field">
          <div className="banners">
            <FaultBanner checked={view.checked} />
            <LineBanner line={line} known={state.info !== null} hurry={() => room.line.hurry()} />
            <TableBanner state={state} />
          </div>
          <Felt state={state} live={line.phase === "up"} take={mine || line.phase === "ended" ? undefined : take} />
          <NoticeToast notice={view.notice} hush={hush} />
          {line.phase === "ended" && <Ended line={line} again={() => room.restart()} />}
        </div>
        <footer className="bar">
          <Strength state={state} />
          <div className="bar-main">
            {mine?.playing && (!mine.sittingOut || isInHand(state)) ? (
              <Actions
                state={state}
                ahead={view.ahead}
                sent={view.sent?.turn === state.turnNumber || line.phase !== "up"}
                active={active}
                act={(action) => void room.act(action)}
                decideAhead={(kind) => room.decideAhead(kind)}
              />
            ) : (
              <Idle state={state} free={free} sit={() => take(null)} back={() => sitOut(false)} topUp={() => setOpen({ what: "top_up" })} />
            )}
          </div>
        </footer>
        {open?.what === "keys" && <Keys close={close} />}
        {open?.what === "log" && <HandLog state={state} close={close} />}
        {state.info && open?.what === "sit" && !mine && <BuyIn info={state.info} wallet={wallet} seat={open.seat} close={close} pay={pay} />}
        {state.info && open?.what === "top_up" && mine && (
          <BuyIn info={state.info} wallet={wallet} seat={null} stack={mine.stack + mine.added} close={close} pay={pay} />
        )}
        <Announcer state={state} />
      </section>
    </MoneyOf>
  );
}

/** What to do when no cards are in play for this player. */
function Idle(props: { state: TableState; free: boolean; sit: () => void; back: () => void; topUp: () => void }) {
  const { state, free } = props;
  const { say } = useMoney();
  const mine = mySeat(state);
  if (!state.info) return <IdleWords words="Coming to the table …" />;
  if (!mine) {
    return free ? (
      <button type="button" className="act raise" onClick={props.sit} data-testid="quick-seat" aria-keyshortcuts="q">
        Take a seat <b className="figures">{`${say(state.info.buy_in_min)} – ${say(state.info.buy_in_max)}`}</b>
      </button>
    ) : (
      <IdleWords words="Every seat is taken. You are watching." />
    );
  }
  if (mine.sentAway) return <IdleWords words="You leave when this hand is over." />;
  if (mine.sittingOut && mine.stack === 0 && !mine.added) {
    return (
      <button type="button" className="act raise" onClick={props.topUp}>
        Top up to play on
      </button>
    );
  }
  if (mine.sittingOut) {
    return (
      <button type="button" className="act raise" onClick={props.back} data-testid="back-in" aria-keyshortcuts="o">
        I am back
      </button>
    );
  }
  return <IdleWords words={state.playing ? "You are dealt in with one of the next hands." : "The next hand is about to begin."} />;
}

function useWallet(access: Access, state: TableState, open: Open | null): number | null {
  const [wallet, setWallet] = useState<number | null>(null);
  const wanted = open?.what === "sit" || open?.what === "top_up";
  const currency = state.info?.currency ?? "PLAY";
  useEffect(() => {
    if (!wanted) return;
    let here = true;
    access.wallet(currency).then(
      (amount) => here && setWallet(amount),
      () => here && setWallet(null), // the table says what is wrong with it, if anything
    );
    return () => {
      here = false;
    };
  }, [access, wanted, currency]);
  return wallet;
}

/** Sounds of what has changed; not of a table that we have only come back to. */
function useChanges(state: TableState, up: boolean): void {
  const before = useRef(state);
  useEffect(() => {
    if (up && before.current !== state) for (const sound of soundsOf(before.current, state)) play(sound);
    before.current = state;
  }, [state, up]);
}

/** For screen readers: turn, board and result. */
function Announcer({ state }: { state: TableState }) {
  const { say } = useMoney();
  const [told, setTold] = useState({ state, words: "" });
  if (told.state !== state) {
    const words = aloud(told.state, state, say).join(" ");
    setTold({ state, words: words || told.words });
  }
  return (
    <div className="sr-only" aria-live="polite" data-testid="announcer">
      {state.me === NOBODY && !told.words ? "" : told.words}
    </div>
  );
}
