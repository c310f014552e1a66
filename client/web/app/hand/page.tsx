import type { Metadata } from "next";
import { Suspense } from "react";
import { HandPage } from "@/history/hand-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Hand" };

export default function Page() {
  return (
    <Shell wide={true}>
      <Suspense>
        <HandPage />
      </Suspense>
    </Shell>
  );
}
