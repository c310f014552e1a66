"use client";

import { useEffect, useState } from "react";

/** Which build this page is of; the served folder says which is the newest. */
const BUILD = process.env.NEXT_PUBLIC_BUILD ?? "";
const LOOK_MS = 300_000;

/** Whether the server has newer pages than this one. */
export function useOutdated(): boolean {
  const [outdated, setOutdated] = useState(false);
  useEffect(() => {
    if (BUILD === "") return;
    const look = async () => {
      const answer = await fetch("/build.json", { cache: "no-cache" }).catch(() => null);
      if (!answer?.ok) return; // away, or served by something without versions
      const newest = ((await answer.json()) as { build: string }).build;
      setOutdated(newest !== BUILD);
    };
    const visible = () => document.visibilityState === "visible" && void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    document.addEventListener("visibilitychange", visible);
    window.addEventListener("online", visible);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", visible);
      window.removeEventListener("online", visible);
    };
  }, []);
  return outdated;
}
