"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { ours } from "@/session/place";
import { Problem } from "@/session/problem";
import { arrival, arrive, setOut, showCode, type Arrival, type Trip } from "@/session/trips";
import { Button, ButtonLink } from "@/ui/button";
import { Field } from "@/ui/field";
import { ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { NAME_HINT, NAME_PATTERN } from "./names";
import { Sheet } from "./sheet";
import { useSubmit } from "./submit";

/** Back from another site, which says who somebody is. */
export function Arrived() {
  const router = useRouter();
  const arrived = useRef<Arrival>(undefined);
  const on = (trip: Trip | null) => router.replace(ours(trip?.back ?? "/"));
  const { mutate, error, variables } = useMutation({ mutationFn: arrive, onSuccess: (_, { trip }) => on(trip) });
  useEffect(() => {
    if (arrived.current) return;
    arrived.current = arrival();
    mutate(arrived.current);
  }, [mutate]);
  return (
    <Sheet title={error ? titleOf(error) : "One moment"}>
      {error ? <Answer error={error} trip={variables?.trip ?? null} on={on} /> : <Skeleton className="h-20" />}
    </Sheet>
  );
}

const codeOf = (error: unknown): string => (error instanceof Problem ? error.code : "");

const titleOf = (error: unknown): string =>
  ({ identity_unknown: "Nice to meet you", name_taken: "Nice to meet you", code_needed: "Your code" })[codeOf(error)] ??
  "That did not work";

/** What is missing is asked for; else what went wrong is said. */
function Answer({ error, trip, on }: { error: unknown; trip: Trip | null; on: (trip: Trip) => void }) {
  const code = codeOf(error);
  if (!trip || code === "flow_invalid") return <Over error={error} />;
  if (error instanceof Problem && error.continuation !== "")
    return <Code trip={trip} continuation={error.continuation} onShown={() => on(trip)} />;
  return <Again error={error} trip={trip} unknown={code === "identity_unknown" || code === "name_taken"} />;
}

function Over({ error }: { error: unknown }) {
  return (
    <>
      <ProblemNotice error={error} />
      <ButtonLink href="/signin/" tone="accent">
        Sign in
      </ButtonLink>
    </>
  );
}

/** The second factor, on the spot: nothing of it is kept. */
function Code({ trip, continuation, onShown }: { trip: Trip; continuation: string; onShown: () => void }) {
  const form = useSubmit((field) => showCode(trip.purpose, continuation, field("factor").trim()).then(onShown));
  if (codeOf(form.error) === "flow_invalid") return <Over error={form.error} />;
  return (
    <form onSubmit={form.onSubmit} className="grid gap-4">
      <ProblemNotice error={form.error} />
      <Field
        label="Code" name="factor" inputMode="numeric" autoComplete="one-time-code" maxLength={64} required autoFocus
        hint="Six digits of your authenticator, or one of your recovery codes."
      />
      <Button type="submit" tone="accent" busy={form.busy}>
        {trip.purpose === "enter" ? "Sign in" : "Go on"}
      </Button>
      <ButtonLink href={ours(trip.back)} tone="quiet">
        Back
      </ButtonLink>
    </form>
  );
}

/** The trip is made again, with a name if nobody belongs to the identity. */
function Again({ error, trip, unknown }: { error: unknown; trip: Trip; unknown: boolean }) {
  const again = useSubmit((field) => setOut(trip.purpose, trip.provider, trip.back, field("name").trim()));
  return (
    <form onSubmit={again.onSubmit} className="grid gap-4">
      <ProblemNotice error={again.error ?? (codeOf(error) === "identity_unknown" ? null : error)} />
      {unknown && (
        <>
          <p className="text-soft">Nobody here belongs to that account yet. Choose a name, and you have an account.</p>
          <Field
            label="Name" name="name" hint={NAME_HINT} pattern={NAME_PATTERN} title={NAME_HINT}
            autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={20} required autoFocus
          />
        </>
      )}
      <Button type="submit" tone="accent" busy={again.busy}>
        {unknown ? "Make the account" : "Try again"}
      </Button>
      <ButtonLink href={ours(trip.back)} tone="quiet">
        Back
      </ButtonLink>
    </form>
  );
}
