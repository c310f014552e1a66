import type { Metadata } from "next";
import { Suspense } from "react";
import { SittingsPage } from "@/history/sittings-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Sittings" };

export default function Page() {
  return (
    <Shell wide={true}>
      <Suspense>
        <SittingsPage />
      </Suspense>
    </Shell>
  );
}
