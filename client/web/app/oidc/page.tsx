import type { Metadata } from "next";
import { Arrived } from "@/signin/arrived";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Sign in" };

export default function Page() {
  return (
    <Shell>
      <Arrived />
    </Shell>
  );
}
