"use client";

import { useEffect, useRef, useState } from "react";
import { api, ask } from "@/session/api";
import { answerProof } from "@/session/proof";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { ProblemNotice } from "@/ui/notice";

/** Asks for the password again, for whatever request of this page needs it. */
export function ProofDialog() {
  const [open, setOpen] = useState(false);
  const answer = useRef<(shown: boolean) => void>(undefined);
  useEffect(() => {
    answerProof(
      () =>
        new Promise((done) => {
          answer.current = done;
          setOpen(true);
        }),
    );
    return () => answerProof(null);
  }, []);
  const close = (shown: boolean) => {
    setOpen(false);
    answer.current?.(shown);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close(false)}
      title="Is it still you?"
      description="You were away for a while. Before chips move, show your password again."
    >
      <ProofForm onShown={() => close(true)} />
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
