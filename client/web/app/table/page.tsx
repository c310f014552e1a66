import type { Metadata } from "next";
import { Suspense } from "react";
import { TablePage } from "@/felt/page";

export const metadata: Metadata = { title: "Table" };

export default function Page() {
  return (
    <Suspense>
      <TablePage />
    </Suspense>
  );
}
