// What has to be said above the felt: the line, pauses, voids, refusals, and a deal that is wrong.

"use client";

import Link from "next/link";
import { useEffect } from "react";
import type { Checked } from "@/room/checks";
import type { LineStatus } from "@/room/line";
import type { Notice } from "@/room/room";
import { mySeat, type TableState } from "@/room/state";
import { inWords, pauseInWords, SENT_AWAY, voidInWords } from "@/room/words";
import { useMoney } from "./money";

const NOTICE_MS = 7_000;

export function LineBanner({ line, known, hurry }: { line: LineStatus; known: boolean; hurry: () => void }) {
  // The first coming has no banner: the felt says that it connects.
  if (line.phase !== "coming" || (!known && line.failures < 2)) return null;
  return (
    <div className="banner" data-kind="line" role="status" data-testid="offline">
      <span className="banner-dot" aria-hidden />
      <span>
        <b>No connection to the table.</b> {known ? "Your seat waits; the clock may be running. Coming back by itself …" : "Trying again …"}
      </span>
      <button type="button" className="preset" onClick={hurry}>
        Now
      </button>
    </div>
  );
}

export function TableBanner({ state }: { state: TableState }) {
  const sentAway = mySeat(state)?.sentAway ? SENT_AWAY : "";
  const words = state.paused ? pauseInWords(state.paused) : state.voided ? voidInWords(state.voided) : sentAway;
  if (!words) return null;
  const what = state.paused ? "paused" : state.voided ? "voided" : "sent-away";
  return (
    <div className="banner" data-kind={state.paused ? "pause" : "void"} data-testid={what}>
      <span>{words}</span>
    </div>
  );
}

/** Loud: this never happens at an honest table that works. */
export function FaultBanner({ checked }: { checked: Checked }) {
  if (!checked.faults.length) return null;
  return (
    <div className="banner" data-kind="fault" role="alert" data-testid="deal-fault">
      <span>
        <b>The deal of hand {checked.hand} does not check out.</b> A card you were shown is not the one that was sealed.
        Stop playing here, keep the record of this hand, and tell the operator. <code>{checked.faults.join(", ")}</code>
      </span>
    </div>
  );
}

export function NoticeToast({ notice, hush }: { notice: Notice | null; hush: () => void }) {
  const id = notice?.id;
  const { say } = useMoney();
  useEffect(() => {
    if (id === undefined) return;
    const timer = setTimeout(hush, NOTICE_MS);
    return () => clearTimeout(timer);
  }, [id, hush]);
  if (!notice) return null;
  return (
    <div className="toast" role="alert" data-testid="notice">
      <span>{inWords(notice.code, notice.message, notice.limit, say)}</span>
      <code>{notice.code}</code>
      <button type="button" aria-label="Dismiss" onClick={hush}>
        ✕
      </button>
    </div>
  );
}

/** The line is over for good: why, in words, and what one may do. */
export function Ended({ line, again }: { line: Extract<LineStatus, { phase: "ended" }>; again: () => void }) {
  const gone = line.code === "table_unknown" || line.code === "4204";
  const signedOut = line.code === "4205" || /sign|session|token|refresh/u.test(line.code);
  return (
    <div className="ended" role="alertdialog" aria-label="The table is closed to you" data-testid="ended">
      <h2>{gone ? "This table is not open" : line.code === "4200" ? "Open elsewhere" : "You are no longer at the table"}</h2>
      <p>{line.why}</p>
      <div className="buttons">
        {!gone && !signedOut && (
          <button type="button" className="act call" onClick={again}>
            {line.code === "4200" ? "Play here instead" : "Try again"}
          </button>
        )}
        <Link className="act fold" href="/">
          To the lobby
        </Link>
      </div>
      <code>{line.code}</code>
    </div>
  );
}
