"use client";

import { useState } from "react";
import { upgrade } from "@/session/ways";
import { AccountFields } from "@/signin/enter";
import { useSubmit } from "@/signin/submit";
import { Button } from "@/ui/button";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Panel } from "./panel";

/** From guest to player: same chips, same seats. */
export function Upgrade() {
  const [open, setOpen] = useState(true);
  const form = useSubmit(async (field) => {
    await upgrade(field("name").trim(), field("password"));
    setOpen(false);
  });
  if (!open) return null;
  return (
    <Panel title="Keep your chips" lead="Choose a name and a password. Chips, hands and seats stay yours, and you can sign in anywhere.">
      <Notice kind="warn" title="You are a guest">
        Only this browser knows you: when its data is cleared, nobody can sign in as you again.
      </Notice>
      <form onSubmit={form.onSubmit} className="grid gap-4">
        <AccountFields />
        <ProblemNotice error={form.error} />
        <Button type="submit" tone="accent" busy={form.busy} className="justify-self-start">
          Make it my account
        </Button>
      </form>
    </Panel>
  );
}
