"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { api, ask } from "@/session/api";
import { Password } from "@/signin/password";
import { useSubmit } from "@/signin/submit";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { Panel } from "./panel";
import type { EnrolResponse } from "@/wire/api";

const KEY = ["factor"];

/** A code of an authenticator with every password. */
export function Factor() {
  const asked = useQuery({ queryKey: KEY, queryFn: () => ask(api.GET("/v1/second-factor")) });
  const [codes, setCodes] = useState<string[]>([]);
  return (
    <Panel title="Second factor" lead="A code from an authenticator with each password: a stolen password alone is worth nothing.">
      <ProblemNotice error={asked.error} />
      {asked.isPending && <Skeleton className="h-12" />}
      {codes.length > 0 && <RecoveryCodes codes={codes} />}
      {asked.data?.on === true && <Remove left={asked.data.recovery_codes} onDone={() => setCodes([])} />}
      {asked.data?.on === false && <Enrol onCodes={setCodes} />}
    </Panel>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <Notice kind="warn" title="Write these down now: they are not shown again">
      <p>Each signs you in once if your authenticator is lost.</p>
      <ul className="figures mt-2 grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-sm text-text">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </Notice>
  );
}

function Enrol({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const client = useQueryClient();
  const [made, setMade] = useState<EnrolResponse | null>(null);
  const begin = useSubmit(async (field) => {
    setMade(await ask(api.POST("/v1/second-factor", { body: { password: field("password") } })));
  });
  const confirm = useSubmit(async (field) => {
    const told = await ask(api.POST("/v1/second-factor/confirm", { body: { code: field("code").trim() } }));
    onCodes(told.codes);
    await client.invalidateQueries({ queryKey: KEY });
  });
  if (made === null)
    return (
      <form onSubmit={begin.onSubmit} className="grid gap-4">
        <Password label="Password" name="password" autoComplete="current-password" />
        <ProblemNotice error={begin.error} />
        <Button type="submit" className="justify-self-start" busy={begin.busy}>
          Set one up
        </Button>
      </form>
    );
  return (
    <form onSubmit={confirm.onSubmit} className="grid gap-4">
      <p className="text-soft">
        Add this key to your authenticator,{" "}
        <a href={made.uri} className="text-accent underline">
          or open it there
        </a>
        , and enter the code that it shows.
      </p>
      <code className="rounded-md bg-ink-950 p-3 text-center font-mono tracking-widest break-all">{made.secret}</code>
      <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={64} required autoFocus />
      <ProblemNotice error={confirm.error} />
      <Button type="submit" tone="accent" className="justify-self-start" busy={confirm.busy}>
        Put it in force
      </Button>
    </form>
  );
}

function Remove({ left, onDone }: { left: number; onDone: () => void }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const form = useSubmit(async (field) => {
    const body = { password: field("password"), code: field("code").trim() };
    await ask(api.POST("/v1/second-factor/remove", { body }));
    onDone();
    await client.invalidateQueries({ queryKey: KEY });
  });
  return (
    <>
      <p className="flex items-center gap-2">
        <ShieldCheck className="size-5 text-good" aria-hidden /> In force; {left} recovery codes are left.
      </p>
      {open ? (
        <form onSubmit={form.onSubmit} className="grid gap-4">
          <Password label="Password" name="password" autoComplete="current-password" />
          <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={64} required />
          <ProblemNotice error={form.error} />
          <Button type="submit" tone="danger" className="justify-self-start" busy={form.busy}>
            Remove it
          </Button>
        </form>
      ) : (
        <Button tone="plain" className="justify-self-start" onClick={() => setOpen(true)}>
          Remove it …
        </Button>
      )}
    </>
  );
}
