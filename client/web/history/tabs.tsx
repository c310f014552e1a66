"use client";

import clsx from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

const PLACES = [
  { href: "/hands/", name: "Hands" },
  { href: "/sittings/", name: "Sittings" },
  { href: "/statement/", name: "Statement" },
] as const;

/** The head of every page of one's own history. */
export function HistoryHead({ title, children }: { title: string; children?: ReactNode }) {
  const path = usePathname();
  return (
    <div className="mb-6">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <h1 className="font-display text-4xl">{title}</h1>
        {children}
      </div>
      <nav aria-label="History" className="mt-4 flex gap-1 overflow-x-auto border-b border-line">
        {PLACES.map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            aria-current={path === href ? "page" : undefined}
            className={clsx(
              "-mb-px border-b-2 px-3 py-2.5 text-[0.9375rem]",
              path === href ? "border-accent font-medium text-text" : "border-transparent text-soft hover:text-text",
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
    </div>
  );
}
