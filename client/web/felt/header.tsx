// The head of a table: where one is, whether the deal checks out, and what one may do besides the cards.

"use client";

import { DropdownMenu } from "radix-ui";
import Link from "next/link";
import { useSyncExternalStore } from "react";
import type { Checked } from "@/room/checks";
import type { LineStatus } from "@/room/line";
import { mySeat, type TableState } from "@/room/state";
import { useMoney } from "./money";
import { onSoundChange, setSound, soundIsOn } from "./sound";

export interface HeaderProps {
  table: string;
  state: TableState;
  line: LineStatus;
  checked: Checked;
  watching: boolean;
  only: boolean;
  show: (what: "keys" | "log" | "top_up") => void;
  sitOut: (on: boolean) => void;
  straddle: (on: boolean) => void;
  stand: () => void;
}

export function Header(props: HeaderProps) {
  const { state, line, checked, watching, show } = props;
  const { info } = state;
  const { say } = useMoney();
  return (
    <header className="head">
      {props.only && (
        <Link className="icon" href="/" aria-label="To the lobby" title="To the lobby">
          ←
        </Link>
      )}
      <div className="where">
        <h1>{info?.name ?? props.table}</h1>
        <p className="figures">
          {info ? `${say(info.small_blind)}/${say(info.big_blind)}${info.ante ? ` ante ${say(info.ante)}` : ""}` : "connecting …"}
          {state.hand > 0 && ` · hand ${state.hand.toLocaleString("en-US")}`}
          {watching && ` · watching${line.phase === "up" && line.delayS ? `, ${line.delayS} s later` : ""}`}
        </p>
      </div>
      <DealMark checked={checked} />
      <button type="button" className="icon" onClick={() => show("log")} aria-label="The last hand" title="The last hand (L)">
        <Icon d="M4 6h16M4 12h16M4 18h10" />
      </button>
      <SoundButton />
      <button type="button" className="icon wide-only" onClick={() => show("keys")} aria-label="Keys" title="Keys (?)">
        ?
      </button>
      {mySeat(state) ? <SeatMenu {...props} /> : <span className="icon" style={{ visibility: "hidden" }} aria-hidden />}
    </header>
  );
}

function DealMark({ checked }: { checked: Checked }) {
  if (!checked.cards) return null;
  const bad = checked.faults.length > 0;
  return (
    <span className="deal-mark" data-bad={bad} data-testid="deal-mark" title={`${checked.cards} cards of hand ${checked.hand} lie under the seal told before the deal`}>
      <Icon d={bad ? "M12 3 21 20H3ZM12 9v5M12 17h.01" : "M12 3 20 6v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6ZM8.5 12l2.5 2.5 4.5-5"} />
      <span className="wide-only">{bad ? "deal faulty" : "deal checked"}</span>
      <span className="sr-only">{bad ? "" : `, ${checked.cards} cards`}</span>
    </span>
  );
}

function SoundButton() {
  const on = useSyncExternalStore(onSoundChange, soundIsOn, () => true);
  return (
    <button type="button" className="icon" aria-pressed={on} aria-label="Sound" title={`Sound ${on ? "on" : "off"} (M)`} onClick={() => setSound(!on)}>
      <Icon d={on ? "M4 9.500v5h4l5 4V5.500l-5 4ZM16.5 9a4.5 4.5 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11" : "M4 9.500v5h4l5 4V5.500l-5 4ZM17 9.500l5 5M22 9.500l-5 5"} />
    </button>
  );
}

function SeatMenu({ state, sitOut, straddle, stand, show }: HeaderProps) {
  const { say } = useMoney();
  const mine = mySeat(state);
  if (!mine) return null;
  const full = !!state.info && mine.stack + mine.added >= state.info.buy_in_max;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="icon" aria-label="Your seat" title="Your seat" data-testid="seat-menu">
        <Icon d="M12 6h.01M12 12h.01M12 18h.01" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={6}>
          <DropdownMenu.CheckboxItem className="menu-item" checked={mine.sittingOut} onCheckedChange={sitOut}>
            Sit out <kbd>O</kbd>
          </DropdownMenu.CheckboxItem>
          {state.info?.straddle && (
            <DropdownMenu.CheckboxItem className="menu-item" checked={mine.straddle} onCheckedChange={straddle}>
              Straddle when I may
            </DropdownMenu.CheckboxItem>
          )}
          <DropdownMenu.Item className="menu-item" disabled={full} onSelect={() => show("top_up")}>
            Top up{mine.added > 0 ? ` (${say(mine.added)} to come)` : ""} <kbd>T</kbd>
          </DropdownMenu.Item>
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.Item className="menu-item" onSelect={stand}>
            Stand up
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function Icon({ d }: { d: string }) {
  return (
    <svg viewBox="0 0 24 24" width="19" height="19" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden>
      <path d={d} />
    </svg>
  );
}
