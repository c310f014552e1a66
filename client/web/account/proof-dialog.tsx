"use client";

import { KeyRound } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { api, ask } from "@/session/api";
import { passkeysWork, proveByPasskey } from "@/session/passkeys";
import { useSites } from "@/session/sites";
import { setOut } from "@/session/trips";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { ProblemNotice } from "@/ui/notice";
import { useIdentities } from "./other-sites";
import { usePasskeys } from "./passkeys";

const never = () => () => undefined;

/** Has somebody show again that it is him: by password, by passkey, or by a site that signs him in. */
export function ProofDialog({ onClose }: { onClose: (shown: boolean) => void }) {
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose(false)}
      title="Is it still you?"
      description="You were away for a while. Show it before chips move."
    >
      <div className="grid gap-4">
        <PasswordProof onShown={() => onClose(true)} />
        <OtherProofs onShown={() => onClose(true)} />
      </div>
    </Dialog>
  );
}

function PasswordProof({ onShown }: { onShown: () => void }) {
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

/** Only what this account has. A site is a trip: whatever was asked for is to be asked for again. */
function OtherProofs({ onShown }: { onShown: () => void }) {
  const works = useSyncExternalStore(never, passkeysWork, () => false);
  const passkeys = usePasskeys();
  const sites = useSites();
  const mine = useIdentities();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const by = async (way: Promise<unknown>, then: () => void) => {
    setBusy(true);
    await way.then(then, setError);
    setBusy(false);
  };
  const here = location.pathname + location.search;
  return (
    <>
      {works && !!passkeys.data?.length && (
        <Button busy={busy} onClick={() => void by(proveByPasskey(), onShown)}>
          <KeyRound className="size-4.5" aria-hidden /> Use a passkey
        </Button>
      )}
      {sites.data
        ?.filter((site) => mine.data?.some((each) => each.provider === site.id))
        .map((site) => (
          <Button key={site.id} busy={busy} onClick={() => void by(setOut("prove", site.id, here), () => undefined)}>
            Show it at {site.name}
          </Button>
        ))}
      <ProblemNotice error={error} />
    </>
  );
}
