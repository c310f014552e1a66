import type { Metadata } from "next";
import { Suspense } from "react";
import { AuditPage } from "@/desk/audit-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Audit" };

export default function Page() {
  return (
    <Shell wide>
      <Suspense>
        <AuditPage />
      </Suspense>
    </Shell>
  );
}
