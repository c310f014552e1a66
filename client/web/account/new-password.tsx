"use client";

import { useState } from "react";
import { api, ask } from "@/session/api";
import { PASSWORD_CHARS_MIN, PASSWORD_HINT } from "@/signin/names";
import { Password } from "@/signin/password";
import { useSubmit } from "@/signin/submit";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Panel } from "./panel";

export function NewPassword() {
  const [done, setDone] = useState(false);
  const form = useSubmit(async (field) => {
    const body = { password: field("password"), new: field("new"), code: field("code").trim() };
    await ask(api.POST("/v1/password", { body }));
    setDone(true);
  });
  return (
    <Panel title="Password" lead="Your other sessions end when it changes.">
      {done ? (
        <Notice kind="good" title="Your password is new" />
      ) : (
        <form onSubmit={form.onSubmit} className="grid gap-4">
          <Password label="Present password" name="password" autoComplete="current-password" />
          <Password label="New password" name="new" hint={PASSWORD_HINT} minLength={PASSWORD_CHARS_MIN} autoComplete="new-password" />
          <Field
            label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={64}
            hint="Only if you have a second factor."
          />
          <ProblemNotice error={form.error} />
          <Button type="submit" className="justify-self-start" busy={form.busy}>
            Change it
          </Button>
        </form>
      )}
    </Panel>
  );
}
