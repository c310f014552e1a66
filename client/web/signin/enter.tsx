"use client";

import { KeyRound } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState, useSyncExternalStore } from "react";
import { enterByPasskey, passkeysWork } from "@/session/passkeys";
import { ours } from "@/session/place";
import { Problem } from "@/session/problem";
import { useEnding, useSession } from "@/session/use";
import { login, playAsGuest, register } from "@/session/ways";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Notice, ProblemNotice } from "@/ui/notice";
import { NAME_HINT, NAME_PATTERN, PASSWORD_CHARS_MIN, PASSWORD_HINT } from "./names";
import { OtherSites } from "./other-sites";
import { Password } from "./password";
import { Sheet } from "./sheet";
import { useSubmit } from "./submit";

/** Where somebody wanted to go. */
function useTarget(): string {
  return ours(useSearchParams().get("to") ?? "/");
}

const never = () => () => undefined;

/** Sign in, make an account, or just play. */
export function Enter() {
  const fresh = useSearchParams().has("new");
  const router = useRouter();
  const target = useTarget();
  const ending = useEnding();
  const session = useSession();
  const passkeys = useSyncExternalStore(never, passkeysWork, () => false);
  const go = async (way: Promise<unknown>) => {
    await way;
    router.replace(target);
  };
  const guest = useSubmit(() => go(playAsGuest()));
  const key = useSubmit(() => go(enterByPasskey()));
  return (
    <Sheet title={fresh ? "Make an account" : "Sign in"} lead={fresh ? "Your chips and hands stay yours, on every device." : "Good to see you."}>
      {ending && <ProblemNotice error={ending} />}
      {session?.player.kind === "guest" && fresh && (
        <Notice title="You play as a guest">
          <Link href="/account/" className="text-accent underline">
            Keep your chips
          </Link>{" "}
          instead: this would be a new account.
        </Notice>
      )}
      {fresh ? <Register go={go} /> : <Login go={go} />}
      {passkeys && !fresh && (
        <form onSubmit={key.onSubmit} className="grid gap-3">
          <Button type="submit" busy={key.busy}>
            <KeyRound className="size-4.5" aria-hidden /> Use a passkey
          </Button>
          <ProblemNotice error={key.error} />
        </form>
      )}
      <OtherSites back={target} />
      <p className="text-center text-[0.9375rem] text-soft">
        {fresh ? "You have an account? " : "New here? "}
        <Link className="font-medium text-accent underline underline-offset-4" href={fresh ? "/signin/" : "/signin/?new"} replace>
          {fresh ? "Sign in" : "Make an account"}
        </Link>
      </p>
      {!session && (
        <form onSubmit={guest.onSubmit} className="grid gap-3 border-t border-line pt-5">
          <Button type="submit" tone="quiet" busy={guest.busy}>
            Play as a guest, without an account
          </Button>
          <ProblemNotice error={guest.error} />
        </form>
      )}
    </Sheet>
  );
}

type Go = (way: Promise<unknown>) => Promise<void>;

function Login({ go }: { go: Go }) {
  const [coded, setCoded] = useState(false);
  const form = useSubmit((field) =>
    go(login(field("name").trim(), field("password"), field("code").trim())).catch((error: unknown) => {
      if (error instanceof Problem && error.code === "code_needed") setCoded(true);
      throw error;
    }),
  );
  const asked = form.error instanceof Problem && form.error.code === "code_needed";
  return (
    <form onSubmit={form.onSubmit} className="grid gap-4">
      <Field label="Name" name="name" autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={64} required />
      <Password label="Password" name="password" autoComplete="current-password" />
      {coded && (
        <Field
          label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={64} required autoFocus
          hint="Six digits of your authenticator, or one of your recovery codes."
        />
      )}
      <ProblemNotice error={asked ? null : form.error} />
      <Button type="submit" tone="accent" busy={form.busy}>
        Sign in
      </Button>
      <Link href="/forgot/" className="justify-self-center text-sm text-soft underline underline-offset-4 hover:text-text">
        Forgotten your password?
      </Link>
    </form>
  );
}

function Register({ go }: { go: Go }) {
  const form = useSubmit((field) => go(register(field("name").trim(), field("password"))));
  return (
    <form onSubmit={form.onSubmit} className="grid gap-4">
      <AccountFields />
      <ProblemNotice error={form.error} />
      <Button type="submit" tone="accent" busy={form.busy}>
        Make the account
      </Button>
    </form>
  );
}

/** Name and password of an account to be. */
export function AccountFields() {
  return (
    <>
      <Field
        label="Name" name="name" hint={NAME_HINT} pattern={NAME_PATTERN} title={NAME_HINT}
        autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={20} required
      />
      <Password
        label="Password" name="password" hint={PASSWORD_HINT} minLength={PASSWORD_CHARS_MIN} autoComplete="new-password"
      />
    </>
  );
}
