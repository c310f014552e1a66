import type { Metadata } from "next";
import { Suspense } from "react";
import { HandsPage } from "@/history/hands-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Your hands" };

export default function Page() {
  return (
    <Shell wide={false}>
      <Suspense>
        <HandsPage />
      </Suspense>
    </Shell>
  );
}
