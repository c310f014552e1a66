"use client";

import { RefreshCw, WifiOff } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { useOutdated } from "@/session/version";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** What concerns every page: no network, or newer pages. Neither takes a hand away. */
export function Banners() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine, () => true);
  const outdated = useOutdated();
  if (!online)
    return (
      <Banner>
        <WifiOff className="size-4.5 shrink-0 text-warn" aria-hidden /> You are offline. We go on as soon as you are back.
      </Banner>
    );
  if (outdated)
    return (
      <Banner>
        <RefreshCw className="size-4.5 shrink-0 text-accent" aria-hidden /> There is a newer version of this page.
        <button className="rounded-sm font-semibold text-accent underline" onClick={() => location.reload()}>
          Reload
        </button>
      </Banner>
    );
  return null;
}

function Banner({ children }: { children: ReactNode }) {
  return (
    <div
      role="status"
      className="fixed inset-x-3 bottom-3 z-50 mx-auto flex w-fit max-w-full items-center gap-3 rounded-md bg-ink-800 px-4 py-3 text-[0.9375rem] shadow-lift ring-1 ring-line-strong"
    >
      {children}
    </div>
  );
}
