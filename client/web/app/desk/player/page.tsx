import type { Metadata } from "next";
import { Suspense } from "react";
import { PlayerPage } from "@/desk/player-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Player" };

export default function Page() {
  return (
    <Shell wide>
      <Suspense>
        <PlayerPage />
      </Suspense>
    </Shell>
  );
}
