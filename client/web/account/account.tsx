"use client";

import { useSession } from "@/session/use";
import { ButtonLink } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { Address } from "./address";
import { Factor } from "./factor";
import { NewPassword } from "./new-password";
import { OtherSites } from "./other-sites";
import { Passkeys } from "./passkeys";
import { Sessions } from "./sessions";
import { Upgrade } from "./upgrade";

/** Everything that is one's own but chips and hands. */
export function Account() {
  const session = useSession();
  if (session === undefined) return <Skeleton className="mx-auto h-96 max-w-2xl" />;
  if (session === null)
    return (
      <div className="mx-auto grid max-w-md gap-4">
        <Notice title="You are not signed in">Your account is behind the door.</Notice>
        <ButtonLink href="/signin/?to=/account/" tone="accent">
          Sign in
        </ButtonLink>
      </div>
    );
  const guest = session.player.kind === "guest";
  return (
    <div className="mx-auto grid max-w-2xl gap-5">
      <h1 className="font-display text-4xl break-words">{session.player.name}</h1>
      {guest ? (
        <Upgrade />
      ) : (
        <>
          <Passkeys />
          <OtherSites />
          <Factor />
          <Address />
          <NewPassword />
        </>
      )}
      <Sessions />
    </div>
  );
}
