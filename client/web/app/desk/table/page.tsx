import type { Metadata } from "next";
import { Suspense } from "react";
import { DeskTablePage } from "@/desk/table-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Table" };

export default function Page() {
  return (
    <Shell wide>
      <Suspense>
        <DeskTablePage />
      </Suspense>
    </Shell>
  );
}
