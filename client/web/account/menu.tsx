"use client";

import { ChevronDown, LayoutDashboard, LogOut, ShieldPlus, UserRound } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { useRights } from "@/desk/rights";
import { signOut } from "@/session/ways";
import { useSession } from "@/session/use";
import { Avatar } from "@/ui/avatar";
import { ButtonLink } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";

const ITEM = "flex h-11 items-center gap-3 rounded-sm px-3 text-[0.9375rem] outline-none data-[highlighted]:bg-ink-700";

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
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className="flex h-11 items-center gap-2 rounded-md pr-1 pl-1 hover:bg-ink-800 sm:pr-2"
        data-testid="account"
      >
        <span className="sr-only">Account of {name}</span>
        <Avatar name={name} />
        <span aria-hidden className="hidden max-w-36 truncate text-[0.9375rem] md:block">
          {name}
        </span>
        <ChevronDown className="hidden size-4 text-faint sm:block" aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-40 w-60 rounded-lg bg-ink-800 p-1.5 shadow-lift ring-1 ring-line-strong"
        >
          <p className="truncate px-3 pt-2 font-medium">{name}</p>
          <p className="px-3 pb-2 text-sm text-faint">{kind === "guest" ? "Guest, in this browser only" : "Player"}</p>
          {kind === "guest" && (
            <Item href="/account/">
              <ShieldPlus className="size-4.5 text-accent" aria-hidden /> Keep your chips
            </Item>
          )}
          {kind !== "guest" && (
            <Item href="/account/">
              <UserRound className="size-4.5 text-faint" aria-hidden /> Account
            </Item>
          )}
          <DeskItem />
          <DropdownMenu.Item className={ITEM} onSelect={() => void signOut()}>
            <LogOut className="size-4.5 text-faint" aria-hidden /> Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ href, children }: { href: "/account/" | "/desk/"; children: ReactNode }) {
  return (
    <DropdownMenu.Item asChild>
      <Link href={href} className={ITEM}>
        {children}
      </Link>
    </DropdownMenu.Item>
  );
}

/** For operators; who is one is asked when the menu is opened. */
function DeskItem() {
  const { operator } = useRights();
  if (!operator) return null;
  return (
    <Item href="/desk/">
      <LayoutDashboard className="size-4.5 text-faint" aria-hidden /> Operator’s desk
    </Item>
  );
}
