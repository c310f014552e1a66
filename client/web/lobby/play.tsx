"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Gift, Zap } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { api, ask } from "@/session/api";
import { wantSeat } from "@/session/seat";
import { current } from "@/session/store";
import { useSession } from "@/session/use";
import { newer } from "@/session/wallet";
import { playAsGuest } from "@/session/ways";
import { amount } from "@/ui/amount";
import { Button, ButtonLink } from "@/ui/button";
import { Notice, ProblemNotice } from "@/ui/notice";
import { useSubmit } from "@/signin/submit";

/** The shortest ways to a seat: as a guest in one click, or to the liveliest table. */
export function Play() {
  const session = useSession();
  const router = useRouter();
  const client = useQueryClient();
  const [granted, setGranted] = useState<number | null>(null);
  const claim = async () => {
    const { granted, wallet } = await ask(api.POST("/v1/wallet/daily"));
    newer(client, current()!.player.id, wallet);
    return granted;
  };
  // The table's script comes while the seat is being looked for, or before: whoever points here wants it.
  const coming = () => router.prefetch("/table/");
  const seat = useSubmit(async () => {
    coming();
    if (current() === null) await playAsGuest(); // the day's chips come with it
    const { info, buy_in } = await ask(api.POST("/v1/quick-seat", { body: {} }));
    wantSeat(info.table, buy_in);
    router.push(`/table/?t=${encodeURIComponent(info.table)}`);
  });
  const daily = useSubmit(async () => setGranted(await claim()));
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-3">
        <form onSubmit={seat.onSubmit} onPointerEnter={coming} onFocus={coming}>
          <Button type="submit" tone="accent" size="lg" busy={seat.busy} disabled={session === undefined}>
            <Zap className="size-4.5" aria-hidden /> {session ? "Quick seat" : "Play now as a guest"}
          </Button>
        </form>
        {session && (
          <form onSubmit={daily.onSubmit}>
            <Button type="submit" size="lg" busy={daily.busy}>
              <Gift className="size-4.5" aria-hidden /> Today’s chips
            </Button>
          </form>
        )}
        {session === null && (
          <ButtonLink href="/signin/?new" size="lg">
            Make an account
          </ButtonLink>
        )}
      </div>
      {granted !== null && (
        <Notice kind={granted > 0 ? "good" : "info"} title={granted > 0 ? `${amount(granted)} chips are in your wallet` : "You have had today’s chips"}>
          {granted > 0 ? "Come back tomorrow for more." : "There are new ones tomorrow."}
        </Notice>
      )}
      <ProblemNotice error={seat.error ?? daily.error} />
    </div>
  );
}
