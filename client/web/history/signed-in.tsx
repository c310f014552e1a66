"use client";

import type { ReactNode } from "react";
import { useSession } from "@/session/use";
import { ButtonLink } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";

/** What only somebody who is signed in can see; others are told the way. */
export function SignedIn({ what, children }: { what: string; children: ReactNode }) {
  const session = useSession();
  if (session === undefined) return <Skeleton className="h-64 w-full" />;
  if (session !== null) return children;
  const back = encodeURIComponent(window.location.pathname + window.location.search);
  return (
    <Empty title="Sign in first" words={`${what} belongs to an account.`}>
      <ButtonLink href={`/signin/?to=${back}`} tone="accent">
        Sign in
      </ButtonLink>
    </Empty>
  );
}

/** A page, or a list, with nothing on it: what would be here, and what to do about that. */
export function Empty({ title, words, children }: { title: string; words: ReactNode; children?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 rounded-lg bg-ink-850/60 px-6 py-14 text-center ring-1 ring-line ring-inset">
      <h2 className="font-display text-2xl">{title}</h2>
      <p className="max-w-prose text-soft">{words}</p>
      {children && <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
