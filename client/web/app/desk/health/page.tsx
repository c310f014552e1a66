import type { Metadata } from "next";
import { Suspense } from "react";
import { HealthPage } from "@/desk/health-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Health" };

export default function Page() {
  return (
    <Shell wide>
      <Suspense>
        <HealthPage />
      </Suspense>
    </Shell>
  );
}
