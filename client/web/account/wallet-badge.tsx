"use client";

import { Coins, Unplug } from "lucide-react";
import { useSession } from "@/session/use";
import { useWallet } from "@/session/wallet";
import { amount } from "@/ui/amount";
import { Skeleton } from "@/ui/skeleton";

/** What is free to use, as the ledger tells it. */
export function WalletBadge() {
  const session = useSession();
  const { wallet, live } = useWallet();
  if (!session) return null;
  if (wallet === undefined) return <Skeleton className="h-9 w-24" />;
  const at = wallet.at_tables > 0 ? `, and ${amount(wallet.at_tables)} at tables` : "";
  return (
    <div
      className="figures flex h-9 items-center gap-2 rounded-md bg-ink-800 px-3 text-[0.9375rem] font-semibold ring-1 ring-line ring-inset"
      title={`${amount(wallet.amount)} chips in your wallet${at}${live ? "" : " (not live just now)"}`}
      data-testid="wallet"
    >
      {live ? <Coins className="size-4 text-accent" aria-hidden /> : <Unplug className="size-4 text-faint" aria-hidden />}
      <span className="sr-only">Wallet: </span>
      {amount(wallet.amount)}
      {!live && <span className="sr-only">, not live just now</span>}
    </div>
  );
}
