"use client";

import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { type ComponentProps, type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Notice, ProblemNotice } from "@/ui/notice";

export interface ActProps {
  /** On the button, and as the head of the question. */
  name: string;
  title?: string;
  /** What it will do, in plain words, before it is done. */
  says: ReactNode;
  /** What is said when it was done. */
  done: string;
  tone?: ComponentProps<typeof Button>["tone"];
  disabled?: boolean;
  /** More to fill in. */
  children?: ReactNode;
  /** Does it; throws Problem. May say more of what came of it. */
  act: (reason: string, form: FormData) => Promise<unknown>;
  /** What has changed by it. */
  refresh?: readonly (readonly unknown[])[];
}

/** Every act at the desk: says what it will do, asks for a reason, shows what came of it. It and its
 * outcome are in the audit log, by the server. */
export function Act({ name, title = name, says, done, tone = "plain", disabled = false, children, act, refresh = [] }: ActProps) {
  const [open, setOpen] = useState(false);
  const client: QueryClient = useQueryClient();
  const run = useMutation({
    mutationFn: (form: FormData) => act(String(form.get("reason") ?? "").trim(), form),
    onSettled: () => Promise.all(refresh.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    run.mutate(new FormData(event.currentTarget));
  };
  const change = (on: boolean) => {
    if (on) run.reset();
    setOpen(on);
  };
  return (
    <>
      <Button size="sm" tone={tone} disabled={disabled} onClick={() => change(true)}>
        {name}
      </Button>
      <Dialog open={open} onOpenChange={change} title={title} description={says}>
        {run.isSuccess ? (
          <div className="grid gap-3">
            <Notice kind="good" title={typeof run.data === "string" ? run.data : done} />
            <Button onClick={() => change(false)}>Close</Button>
          </div>
        ) : (
          <form className="grid gap-4" onSubmit={submit}>
            {children}
            <Field label="Reason, for the audit log" name="reason" required maxLength={200} pattern=".*\S.*" autoComplete="off" autoFocus={!children} />
            <ProblemNotice error={run.error} />
            <Button type="submit" tone={tone === "plain" ? "accent" : tone} busy={run.isPending}>
              {name}
            </Button>
          </form>
        )}
      </Dialog>
    </>
  );
}
