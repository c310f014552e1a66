import type { Metadata } from "next";
import { Suspense } from "react";
import { Account } from "@/account/account";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Account" };

export default function Page() {
  return (
    <Shell>
      <Suspense>
        <Account />
      </Suspense>
    </Shell>
  );
}
