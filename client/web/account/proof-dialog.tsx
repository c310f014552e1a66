"use client";

import { useState } from "react";
import { api, ask } from "@/session/api";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { ProblemNotice } from "@/ui/notice";

/** Asks for the password again. */
export function ProofDialog({ onClose }: { onClose: (shown: boolean) => void }) {
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose(false)}
      title="Is it still you?"
      description="You were away for a while. Before chips move, show your password again."
    >
      <ProofForm onShown={() => onClose(true)} />
    </Dialog>
  );
}

function ProofForm({ onShown }: { onShown: () => void }) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    setBusy(true);
    const body = { password: String(form.get("password")), code: String(form.get("code")) };
    await ask(api.POST("/v1/prove", { body })).then(onShown, setError);
    setBusy(false);
  };
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      <Field label="Password" name="password" type="password" autoComplete="current-password" required autoFocus />
      <Field
        label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={64}
        hint="Only if your account has a second factor."
      />
      <ProblemNotice error={error} />
      <Button tone="accent" type="submit" busy={busy}>
        Go on
      </Button>
    </form>
  );
}
