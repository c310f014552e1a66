"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ComponentProps, createContext, type FormEvent, type ReactNode, useContext, useState } from "react";
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
  /** Does it; throws Problem. May say more of what came of it. `once` names this one question: sent
   * twice, it is done once. */
  act: (reason: string, form: FormData, once: string) => Promise<unknown>;
  /** What has changed by it. */
  refresh?: readonly (readonly unknown[])[];
}

interface Asked extends ActProps {
  once: string;
}

const Ask = createContext<(act: ActProps) => void>(() => undefined);

/** Asks for whatever is pressed within. The question stays as it was asked, whatever moves on or goes
 * from the page meanwhile: the hand that is named is the hand that is void. */
export function Acts({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);
  const ask = (act: ActProps) => {
    setAsked({ ...act, once: crypto.randomUUID().replaceAll("-", "") });
    setOpen(true);
  };
  return (
    <Ask value={ask}>
      {children}
      {asked && (
        <Dialog open={open} onOpenChange={setOpen} title={asked.title ?? asked.name} description={asked.says}>
          <Question key={asked.once} asked={asked} close={() => setOpen(false)} />
        </Dialog>
      )}
    </Ask>
  );
}

/** Every act at the desk: says what it will do, asks for a reason, shows what came of it. It and its
 * outcome are in the audit log, by the server. */
export function Act(props: ActProps) {
  const ask = useContext(Ask);
  const { name, tone = "plain", disabled = false } = props;
  return (
    <Button size="sm" tone={tone} disabled={disabled} onClick={() => ask(props)}>
      {name}
    </Button>
  );
}

function Question({ asked, close }: { asked: Asked; close: () => void }) {
  const { name, done, tone = "plain", children, act, refresh = [], once } = asked;
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: (form: FormData) => act(String(form.get("reason") ?? "").trim(), form, once),
    onSettled: () => Promise.all(refresh.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    run.mutate(new FormData(event.currentTarget));
  };
  if (run.isSuccess) {
    return (
      <div className="grid gap-3">
        <Notice kind="good" title={typeof run.data === "string" ? run.data : done} />
        <Button onClick={close}>Close</Button>
      </div>
    );
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      {children}
      <Field label="Reason, for the audit log" name="reason" required maxLength={200} pattern=".*\S.*" autoComplete="off" autoFocus={!children} />
      <ProblemNotice error={run.error} />
      <Button type="submit" tone={tone === "plain" ? "accent" : tone} busy={run.isPending}>
        {name}
      </Button>
    </form>
  );
}
