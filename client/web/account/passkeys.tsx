"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useSyncExternalStore } from "react";
import { api, ask } from "@/session/api";
import { addPasskey, passkeysWork } from "@/session/passkeys";
import { Button } from "@/ui/button";
import { ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { ago } from "@/ui/time";
import { deviceOf } from "./device";
import { Panel } from "./panel";

const KEY = ["passkeys"];
const never = () => () => undefined;

/** Those of my account. */
export function usePasskeys() {
  return useQuery({ queryKey: KEY, queryFn: () => ask(api.GET("/v1/passkeys")), select: (told) => told.passkeys });
}

/** A fingerprint, a face or a key instead of a password and a code. */
export function Passkeys() {
  const works = useSyncExternalStore(never, passkeysWork, () => true);
  const client = useQueryClient();
  const asked = usePasskeys();
  const onSettled = () => client.invalidateQueries({ queryKey: KEY });
  const add = useMutation({ mutationFn: () => addPasskey(deviceOf(navigator.userAgent).name), onSettled });
  const remove = useMutation({
    mutationFn: (passkey: string) => ask(api.POST("/v1/passkeys/{passkey}/remove", { params: { path: { passkey } } })),
    onSettled,
  });
  return (
    <Panel title="Passkeys" lead="Sign in by fingerprint, face or key: quicker than a password, and nothing to be stolen.">
      <ProblemNotice error={asked.error ?? add.error ?? remove.error} />
      {asked.isPending && <Skeleton className="h-12" />}
      {asked.data && asked.data.length > 0 && (
        <ul className="grid divide-y divide-line">
          {asked.data.map((each) => (
            <li key={each.id} className="flex items-center gap-3 py-3">
              <KeyRound className="size-5 shrink-0 text-faint" aria-hidden />
              <div className="min-w-0 grow">
                <p className="truncate font-medium">{each.name}</p>
                <p className="text-sm text-faint">{each.used ? `used ${ago(each.used)}` : `added ${ago(each.added)}`}</p>
              </div>
              <Button size="sm" disabled={remove.isPending} aria-label={`Remove the passkey ${each.name}`} onClick={() => remove.mutate(each.id)}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      {works ? (
        <Button className="justify-self-start" busy={add.isPending} onClick={() => add.mutate()}>
          <Plus className="size-4.5" aria-hidden /> Add a passkey
        </Button>
      ) : (
        <p className="text-sm text-faint">This browser, or this address, can make no passkeys.</p>
      )}
    </Panel>
  );
}
