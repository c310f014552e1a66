import type { Metadata } from "next";
import { Suspense } from "react";
import { StatementPage } from "@/history/statement-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Statement" };

export default function Page() {
  return (
    <Shell wide={false}>
      <Suspense>
        <StatementPage />
      </Suspense>
    </Shell>
  );
}
