"use client";

import { useState } from "react";
import { api, ask } from "@/session/api";
import { Problem } from "@/session/problem";
import { forget } from "@/session/store";
import { Button, ButtonLink } from "@/ui/button";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Expired } from "./expired";
import { PASSWORD_CHARS_MIN, PASSWORD_HINT } from "./names";
import { Password } from "./password";
import { Sheet } from "./sheet";
import { useSubmit } from "./submit";
import { useMailToken } from "./token";

/** A new password, by the link of a mail. All sessions end with it, this browser's too. */
export function Reset() {
  const token = useMailToken();
  const [done, setDone] = useState(false);
  const form = useSubmit(async (field) => {
    await ask(api.POST("/v1/password/reset", { body: { token: token ?? "", password: field("password") } }));
    forget();
    setDone(true);
  });
  const dead = form.error instanceof Problem && form.error.code === "mail_token_invalid";
  if (token === "" || dead) return <Expired error={new Problem("mail_token_invalid", "")} again="/forgot/" />;
  if (done)
    return (
      <Sheet title="Your password is new">
        <Notice kind="good" title="Sign in with it">
          Every session of the account was ended, wherever it was.
        </Notice>
        <ButtonLink href="/signin/" tone="accent">
          Sign in
        </ButtonLink>
      </Sheet>
    );
  return (
    <Sheet title="Choose a new password">
      <form onSubmit={form.onSubmit} className="grid gap-4">
        <Password
          label="New password" name="password" hint={PASSWORD_HINT} minLength={PASSWORD_CHARS_MIN} autoComplete="new-password"
        />
        <ProblemNotice error={form.error} />
        <Button type="submit" tone="accent" busy={form.busy}>
          Set it
        </Button>
      </form>
    </Sheet>
  );
}
