"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useSyncExternalStore } from "react";
import { api, ask } from "@/session/api";
import { Problem } from "@/session/problem";
import { useExponents } from "@/session/currencies";
import { useSession } from "@/session/use";
import { amount, stakes } from "@/ui/amount";
import { ButtonLink } from "@/ui/button";
import { Notice, ProblemNotice } from "@/ui/notice";
import { useQueryWords } from "@/ui/query";
import { Skeleton } from "@/ui/skeleton";
import { dayTime, exact } from "@/ui/instants";
import type { HandRecord, SharedHand } from "@/wire/api";
import { HandFiles } from "./hand-files";
import { Net } from "./net";
import { ProofPanel } from "./proof";
import { currencyOf } from "./replay";
import { Replayer } from "./replayer";
import { Empty, SignedIn } from "./signed-in";

/** `/hand/?t=lantern&n=120`: one of my hands. `/hand/#TOKEN`: what a link shows. A token behind the `#`
 * is sent to no server by itself, and stands in no log. */
export function HandPage() {
  const token = useSyncExternalStore(onHash, () => window.location.hash.slice(1), () => null);
  if (token === null) return <Loading />;
  if (token) return <Shared key={token} token={token} />;
  return (
    <SignedIn what="A hand">
      <Own />
    </SignedIn>
  );
}

function onHash(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

const once = (failures: number, error: Error) => failures < 2 && error instanceof Problem && error.passing;

function Own() {
  const [words] = useQueryWords();
  const player = useSession()?.player.id;
  const [table, hand] = [words.get("t") ?? "", words.get("n") ?? ""];
  const found = useQuery({
    queryKey: ["hand", player, table, hand],
    queryFn: () => ask(api.GET("/v1/hands/{table}/{hand}", { params: { path: { table, hand } } })),
    enabled: table !== "" && /^\d{1,18}$/u.test(hand),
    retry: once,
  });
  if (found.error instanceof Problem && found.error.code === "hand_unknown") return <Unknown />;
  if (found.isError) return <ProblemNotice error={found.error} />;
  if (found.data) return <Hand record={found.data as HandRecord} own />;
  return found.isEnabled ? <Loading /> : <Unknown />;
}

function Shared({ token }: { token: string }) {
  const found = useQuery({
    queryKey: ["shared", token],
    queryFn: () => ask(api.POST("/v1/shared", { body: { token: token.slice(0, 64) } })),
    retry: once,
    staleTime: Infinity,
  });
  if (found.error instanceof Problem && found.error.code === "share_unknown") {
    return (
      <Empty title="This link shows nothing any more" words="It has expired, or whoever made it has ended it. Ask for a new one.">
        <ButtonLink href="/">To the lobby</ButtonLink>
      </Empty>
    );
  }
  if (found.isError) return <ProblemNotice error={found.error} />;
  if (!found.data) return <Loading />;
  const { record, expires } = found.data as SharedHand;
  const name = record.players.find(([seat]) => seat === record.seat)?.[1];
  return (
    <Hand record={record}>
      <Notice title={`Shown by ${name ?? "a player"}, as ${name ?? "this player"} saw it`}>The link works until {dayTime(expires)}.</Notice>
    </Hand>
  );
}

function Hand({ record, own = false, children }: { record: HandRecord; own?: boolean; children?: React.ReactNode }) {
  const { rules } = record;
  const exponent = useExponents()(currencyOf(record));
  return (
    <>
      {own && (
        <Link href="/hands/" className="mb-3 inline-flex items-center gap-1.5 rounded-md py-1 text-sm text-soft hover:text-text">
          <ArrowLeft className="size-4" aria-hidden /> Your hands
        </Link>
      )}
      <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div>
          <h1 className="font-display text-4xl">
            {record.table} <span className="figures text-faint">#{record.hand}</span>
          </h1>
          <p className="mt-1 text-sm text-soft">
            {rules && `No-limit hold’em ${stakes(rules.small_blind, rules.big_blind, exponent)} · `}
            <time dateTime={record.ended}>{exact(record.ended)}</time> · pot {amount(record.pot ?? 0, exponent)}
            {record.net !== null && record.net !== undefined && (
              <>
                {" · "}
                <Net net={record.net} exponent={exponent} />
              </>
            )}
          </p>
        </div>
        {own && <HandFiles record={record} />}
      </div>
      <div className="grid gap-4">
        {children}
        {record.voided && (
          <Notice kind="warn" title="This hand does not count">
            Every stack is as it was before it. Reason: {record.voided}.
          </Notice>
        )}
        <Replayer record={record} />
        <ProofPanel record={record} />
      </div>
    </>
  );
}

function Unknown() {
  return (
    <Empty title="There is no such hand of yours" words="You have the hands that you were dealt in. One that has just ended takes a moment to be here.">
      <ButtonLink href="/hands/">Your hands</ButtonLink>
    </Empty>
  );
}

function Loading() {
  return (
    <div className="grid gap-4" role="status" aria-label="Loading">
      <Skeleton className="h-12 w-64" />
      <Skeleton className="aspect-[16/9] w-full" />
    </div>
  );
}
