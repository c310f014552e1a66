"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Laptop, LogOut, Smartphone } from "lucide-react";
import { api, ask } from "@/session/api";
import { useSession } from "@/session/use";
import { signOut, signOutEverywhere } from "@/session/ways";
import { Button } from "@/ui/button";
import { ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { ago } from "@/ui/time";
import { deviceOf } from "./device";
import { Panel } from "./panel";
import type { SessionInfo } from "@/wire/api";

const LOOK_MS = 15_000;

/** Where the account is signed in, and the way to end it there. */
export function Sessions() {
  const player = useSession()?.player.id;
  const client = useQueryClient();
  const key = ["sessions", player];
  const asked = useQuery({
    queryKey: key,
    queryFn: () => ask(api.GET("/v1/sessions")),
    refetchInterval: LOOK_MS,
    enabled: player !== undefined,
  });
  const revoke = useMutation({
    mutationFn: (session: string) => ask(api.POST("/v1/sessions/{session}/revoke", { params: { path: { session } } })),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  const everywhere = useMutation({ mutationFn: signOutEverywhere });
  return (
    <Panel title="Where you are signed in" lead="Something here that is not you? End it, and change your password.">
      <ProblemNotice error={asked.error ?? revoke.error ?? everywhere.error} />
      {asked.data ? (
        <ul className="grid divide-y divide-line">
          {asked.data.sessions.map((each) => (
            <Row key={each.id} session={each} busy={revoke.isPending} onEnd={() => revoke.mutate(each.id)} />
          ))}
        </ul>
      ) : (
        asked.isPending && <Skeleton className="h-24" />
      )}
      <Button tone="danger" busy={everywhere.isPending} className="justify-self-start" onClick={() => everywhere.mutate()}>
        Sign out everywhere
      </Button>
    </Panel>
  );
}

function Row({ session, busy, onEnd }: { session: SessionInfo; busy: boolean; onEnd: () => void }) {
  const { name, phone } = deviceOf(session.device);
  const Icon = phone ? Smartphone : Laptop;
  return (
    <li className="flex items-center gap-3 py-3">
      <Icon className="size-5 shrink-0 text-faint" aria-hidden />
      <div className="min-w-0 grow">
        <p className="truncate font-medium">
          {name} {session.current && <span className="ml-1 rounded-sm bg-ink-700 px-1.5 py-0.5 text-xs">this one</span>}
        </p>
        <p className="figures truncate text-sm text-faint">
          {session.address} · {ago(session.used ?? session.opened)}
        </p>
      </div>
      <Button
        size="sm"
        tone="plain"
        disabled={busy}
        aria-label={session.current ? "Sign out here" : `End the session of ${name}`}
        onClick={session.current ? () => void signOut() : onEnd}
      >
        <LogOut className="size-4" aria-hidden /> {session.current ? "Sign out" : "End it"}
      </Button>
    </li>
  );
}
