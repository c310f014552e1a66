"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "@/session/api";
import { Password } from "@/signin/password";
import { useSubmit } from "@/signin/submit";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { Panel } from "./panel";

/** Where a link goes when the password is lost. */
export function Address() {
  const asked = useQuery({ queryKey: ["email"], queryFn: () => ask(api.GET("/v1/email")) });
  const [sent, setSent] = useState("");
  const form = useSubmit(async (field) => {
    const body = { email: field("email").trim(), password: field("password"), code: field("code").trim() };
    await ask(api.POST("/v1/email", { body }));
    setSent(body.email);
  });
  const has = asked.data?.email;
  return (
    <Panel title="E-mail" lead="Only for the way back: without an address, a lost password is lost for good.">
      <ProblemNotice error={asked.error} />
      {asked.isPending && <Skeleton className="h-12" />}
      {has && <p className="break-all">{has}</p>}
      {sent !== "" && (
        <Notice kind="good" title="Look at your mail">
          Open the link that went to <span className="break-all text-text">{sent}</span>. It works for two days.
        </Notice>
      )}
      {asked.data && sent === "" && (
        <form onSubmit={form.onSubmit} className="grid gap-4">
          <Field label={has ? "Another address" : "Address"} name="email" type="email" autoComplete="email" maxLength={254} required />
          <Password label="Password" name="password" autoComplete="current-password" />
          <Field
            label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={64}
            hint="Only if you have a second factor."
          />
          <ProblemNotice error={form.error} />
          <Button type="submit" className="justify-self-start" busy={form.busy}>
            Mail me a link
          </Button>
        </form>
      )}
    </Panel>
  );
}
