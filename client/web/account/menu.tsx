"use client";

import { ChevronDown, LayoutDashboard, LogOut, ShieldPlus, UserRound } from "lucide-react";
import Link from "next/link";
import { useId, useRef, useState } from "react";
import { useRights } from "@/desk/rights";
import { signOut } from "@/session/ways";
import { useSession } from "@/session/use";
import { Avatar } from "@/ui/avatar";
import { ButtonLink } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";

const ITEM = "flex h-11 w-full items-center gap-3 rounded-sm px-3 text-[0.9375rem] hover:bg-ink-700";

/** Who is signed in, and the way to his account; or the way in. */
export function AccountMenu() {
  const session = useSession();
  if (session === undefined) return <Skeleton className="h-9 w-20" />;
  if (session === null)
    return (
      <ButtonLink href="/signin/" tone="plain" size="sm">
        Sign in
      </ButtonLink>
    );
  const { name, kind } = session.player;
  return <Menu name={name} guest={kind === "guest"} />;
}

/** A popover of the browser's own: Escape and a click elsewhere close it, and it costs no script. */
function Menu({ name, guest }: { name: string; guest: boolean }) {
  const sheet = useRef<HTMLDivElement>(null);
  const id = useId();
  const [open, setOpen] = useState(false);
  const close = () => sheet.current?.hidePopover();
  return (
    <>
      <button
        type="button" popoverTarget={id} data-testid="account"
        className="flex h-11 items-center gap-2 rounded-md pr-1 pl-1 hover:bg-ink-800 sm:pr-2"
      >
        <span className="sr-only">Account of {name}</span>
        <Avatar name={name} />
        <span aria-hidden className="hidden max-w-36 truncate text-[0.9375rem] md:block">
          {name}
        </span>
        <ChevronDown className="hidden size-4 text-faint sm:block" aria-hidden />
      </button>
      <div
        ref={sheet} id={id} popover="auto" onToggle={(event) => setOpen(event.newState === "open")}
        className="fixed inset-auto top-[3.75rem] right-3 m-0 w-60 rounded-lg bg-ink-800 p-1.5 text-text shadow-lift ring-1 ring-line-strong"
      >
        <p className="truncate px-3 pt-2 font-medium">{name}</p>
        <p className="px-3 pb-2 text-sm text-faint">{guest ? "Guest, in this browser only" : "Player"}</p>
        <Link href="/account/" className={ITEM} onClick={close}>
          {guest ? <ShieldPlus className="size-4.5 text-accent" aria-hidden /> : <UserRound className="size-4.5 text-faint" aria-hidden />}
          {guest ? "Keep your chips" : "Account"}
        </Link>
        {open && <Desk onClick={close} />}
        <button type="button" className={ITEM} onClick={() => void signOut()}>
          <LogOut className="size-4.5 text-faint" aria-hidden /> Sign out
        </button>
      </div>
    </>
  );
}

/** For operators; who is one is asked when the menu is opened. */
function Desk({ onClick }: { onClick: () => void }) {
  const { operator } = useRights();
  if (!operator) return null;
  return (
    <Link href="/desk/" className={ITEM} onClick={onClick}>
      <LayoutDashboard className="size-4.5 text-faint" aria-hidden /> Operator’s desk
    </Link>
  );
}
