"use client";

import { useState } from "react";
import { api, ask } from "@/session/api";
import { Button, ButtonLink } from "@/ui/button";
import { Field } from "@/ui/field";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Sheet } from "./sheet";
import { useSubmit } from "./submit";

/** A mail with a link for a new password. Nobody learns here whether an address is known. */
export function Forgot() {
  const [sent, setSent] = useState("");
  const form = useSubmit(async (field) => {
    const email = field("email").trim();
    await ask(api.POST("/v1/password/forgot", { body: { email } }));
    setSent(email);
  });
  return (
    <Sheet title="A new password" lead="We mail you a link. It works for half an hour, once.">
      {sent !== "" ? (
        <>
          <Notice kind="good" title="Look at your mail">
            If <span className="break-all text-text">{sent}</span> belongs to an account, a link is on its way.
          </Notice>
          <ButtonLink href="/signin/">Back to signing in</ButtonLink>
        </>
      ) : (
        <form onSubmit={form.onSubmit} className="grid gap-4">
          <Field label="E-mail address of the account" name="email" type="email" autoComplete="email" maxLength={254} required />
          <ProblemNotice error={form.error} />
          <Button type="submit" tone="accent" busy={form.busy}>
            Mail me a link
          </Button>
        </form>
      )}
    </Sheet>
  );
}
