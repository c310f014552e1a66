"use client";

import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { useEffect, useState } from "react";
import { api, ask, signed } from "./api";
import { useSession } from "./use";
import type { WalletResponse } from "@/wire/api";

/** The server beats every 10 s; a line silent for so long is broken. */
const SILENCE_MS = 30_000;
const AGAIN_MS_MAX = 20_000;

export const walletKey = (player: string, currency: string) => ["wallet", player, currency] as const;

/** Chips as the ledger has them, told as they change; `live` is false while that is not so. */
export function useWallet(currency = "PLAY"): { wallet: WalletResponse | undefined; live: boolean } {
  const player = useSession()?.player.id;
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  const asked = useQuery({
    queryKey: walletKey(player ?? "", currency),
    queryFn: () => ask(api.GET("/v1/wallet", { params: { query: { currency } } })),
    enabled: player !== undefined,
    staleTime: Infinity,
  });
  useEffect(() => {
    if (player === undefined) return;
    return follow(player, currency, {
      told: (wallet) => newer(client, player, wallet),
      live: setLive,
    });
  }, [client, player, currency]);
  return { wallet: asked.data, live };
}

/** Versions never go back: what is older than what is known is dropped. */
export function newer(client: QueryClient, player: string, wallet: WalletResponse): void {
  client.setQueryData<WalletResponse>(walletKey(player, wallet.currency ?? "PLAY"), (known) =>
    known !== undefined && known.version > wallet.version ? known : wallet,
  );
}

type Told = { told: (wallet: WalletResponse) => void; live: (live: boolean) => void };

/**
 * One tab reads the stream (a player may have few) and passes it on; when it closes, the next one
 * takes over. Returns how to stop.
 */
function follow(player: string, currency: string, { told, live }: Told): () => void {
  const name = `squaredeal.wallet.${player}.${currency}`;
  const stop = new AbortController();
  const others = new BroadcastChannel(name);
  others.onmessage = ({ data }: MessageEvent<WalletResponse>) => {
    live(true);
    told(data);
  };
  const lead = () =>
    stream(currency, stop.signal, live, (wallet) => {
      others.postMessage(wallet);
      told(wallet);
    });
  const led = navigator.locks ? navigator.locks.request(name, { signal: stop.signal }, lead) : lead();
  led.catch(() => undefined); // stopped while it waited for its turn
  return () => {
    stop.abort();
    others.close();
  };
}

/** Reads until `stop`, coming back after every break. */
async function stream(
  currency: string,
  stop: AbortSignal,
  live: (live: boolean) => void,
  told: (wallet: WalletResponse) => void,
): Promise<void> {
  for (let failed = 0; !stop.aborted; failed += 1) {
    try {
      await readOnce(currency, stop, (wallet) => {
        failed = 0;
        live(true);
        told(wallet);
      });
    } catch {
      // Whatever it was: the pause below, and another try. A session that is over ends elsewhere.
    }
    if (stop.aborted) return;
    live(false);
    const most = Math.min(AGAIN_MS_MAX, 250 * 2 ** failed);
    await pause(most * (0.5 + Math.random() / 2), stop);
  }
}

async function readOnce(currency: string, stop: AbortSignal, told: (wallet: WalletResponse) => void): Promise<void> {
  const line = new AbortController();
  const cut = () => line.abort();
  stop.addEventListener("abort", cut);
  let silence = setTimeout(cut, SILENCE_MS);
  try {
    const url = `/v1/wallet/stream?currency=${encodeURIComponent(currency)}`;
    const answer = await signed(new Request(url, { signal: line.signal }));
    if (!answer.ok || answer.body === null) throw new Error("no stream");
    const beats = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, out) {
        clearTimeout(silence);
        silence = setTimeout(cut, SILENCE_MS);
        out.enqueue(chunk);
      },
    });
    const events = answer.body
      .pipeThrough(beats)
      .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
      .pipeThrough(new EventSourceParserStream())
      .getReader();
    for (;;) {
      const { done, value } = await events.read();
      if (done || value.event === "end") return;
      if (value.event === "balance") told(JSON.parse(value.data) as WalletResponse);
    }
  } finally {
    clearTimeout(silence);
    stop.removeEventListener("abort", cut);
    line.abort();
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
