"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Empty, SignedIn } from "@/history/signed-in";
import { ButtonLink } from "@/ui/button";
import { ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { Acts } from "./act";
import { useRights } from "./rights";

const PLACES = [
  { href: "/desk/", name: "Floor", right: "see_tables", below: "/desk/table/" },
  { href: "/desk/players/", name: "Players", right: "see_players", below: "/desk/player/" },
  { href: "/desk/money/", name: "Money", right: "see_money", below: "" },
  { href: "/desk/audit/", name: "Audit", right: "see_audit", below: "" },
  { href: "/desk/health/", name: "Health", right: "see_tables", below: "" },
] as const;

/** A page of the operator's desk; whoever has not its right is told so, and by the server too. */
export function DeskFrame({ right, title, aside, children }: { right: string; title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <SignedIn what="The operator’s desk">
      <Acts>
        <Gate right={right} title={title} aside={aside}>
          {children}
        </Gate>
      </Acts>
    </SignedIn>
  );
}

function Gate({ right, title, aside, children }: { right: string; title: string; aside?: ReactNode; children: ReactNode }) {
  const { known, operator, may, error } = useRights();
  const path = usePathname();
  if (error && !known) return <ProblemNotice error={error} />;
  if (!known) return <Skeleton className="h-96 w-full" />;
  if (!operator) {
    return (
      <Empty title="This desk is for operators" words="Your account has no role here. Whoever runs the room gives roles; yours counts from your next request on.">
        <ButtonLink href="/">To the lobby</ButtonLink>
      </Empty>
    );
  }
  return (
    <>
      <nav aria-label="Desk" className="mb-5 flex gap-1 overflow-x-auto border-b border-line">
        {PLACES.filter((place) => may(place.right)).map(({ href, name, below }) => (
          <Link
            key={href}
            href={href}
            aria-current={path === href ? "page" : undefined}
            className={clsx("-mb-px border-b-2 px-3 py-2 text-sm", path === href || path === below ? "border-accent font-medium text-text" : "border-transparent text-soft hover:text-text")}
          >
            {name}
          </Link>
        ))}
      </nav>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <h1 className="font-display text-3xl">{title}</h1>
        {aside}
      </div>
      {may(right) ? (
        children
      ) : (
        <Empty title="Not with your roles" words={<>This page needs the right <code>{right}</code>, which none of your roles has.</>} />
      )}
    </>
  );
}

/** A dense panel with a head. */
export function Panel({ title, aside, children, className }: { title: string; aside?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section aria-label={title} className={clsx("min-w-0 overflow-hidden rounded-md bg-ink-850 ring-1 ring-line ring-inset", className)}>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 gap-y-1.5 border-b border-line px-3 py-1.5">
        <h2 className="text-sm font-medium text-soft">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
