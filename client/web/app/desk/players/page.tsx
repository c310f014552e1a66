import type { Metadata } from "next";
import { Suspense } from "react";
import { PlayersPage } from "@/desk/players-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Players" };

export default function Page() {
  return (
    <Shell wide>
      <Suspense>
        <PlayersPage />
      </Suspense>
    </Shell>
  );
}
