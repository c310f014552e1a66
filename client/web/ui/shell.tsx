"use client";

import clsx from "clsx";
import { Spade } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { AccountMenu } from "@/account/menu";
import { WalletBadge } from "@/account/wallet-badge";

const PLACES = [
  { href: "/", name: "Lobby" },
  { href: "/hands/", name: "Hands" },
] as const;

/** The bar above every page but the table's, and the page below it. */
export function Shell({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  const path = usePathname();
  return (
    <>
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:p-3 focus:text-accent-ink">
        To the content
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-ink-950/85 backdrop-blur-md">
        <div className={clsx("mx-auto flex h-16 items-center gap-1 px-4 sm:gap-2 sm:px-6", wide ? "max-w-[110rem]" : "max-w-6xl")}>
          <Link href="/" className="mr-1 flex items-center gap-2 rounded-md py-2 text-text sm:mr-4" aria-label="Squaredeal, to the lobby">
            <span className="grid size-8 place-items-center rounded-md bg-accent text-accent-ink">
              <Spade className="size-4.5 fill-current" aria-hidden />
            </span>
            <span className="hidden font-display text-2xl leading-none sm:block">Squaredeal</span>
          </Link>
          <nav aria-label="Main" className="flex">
            {PLACES.map(({ href, name }) => (
              <Link
                key={href}
                href={href}
                prefetch={false}
                aria-current={path === href ? "page" : undefined}
                className={clsx(
                  "rounded-md px-2.5 py-2 text-[0.9375rem] sm:px-3",
                  path === href ? "font-medium text-text underline decoration-accent decoration-2 underline-offset-8" : "text-soft hover:text-text",
                )}
              >
                {name}
              </Link>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-2">
            <WalletBadge />
            <AccountMenu />
          </div>
        </div>
      </header>
      <main id="main" className={clsx("mx-auto px-4 py-6 sm:px-6 sm:py-10", wide ? "max-w-[110rem]" : "max-w-6xl")}>
        {children}
      </main>
    </>
  );
}
