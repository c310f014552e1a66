import type { Metadata } from "next";
import { Suspense } from "react";
import { FloorPage } from "@/desk/floor-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Floor" };

export default function Page() {
  return (
    <Shell wide>
      <Suspense>
        <FloorPage />
      </Suspense>
    </Shell>
  );
}
