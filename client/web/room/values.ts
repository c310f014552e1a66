// The values that we mixed into the deals: which of them must be in this one.

import { entropyHash } from "@/verify.mjs";

const RANDOM_BYTES = 16;

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** Fresh chance of our own: the server's seed is fixed by now, it did not know this. */
export function freshValue(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Values {
  private sentSoFar: string[] = [];
  private counts = false;

  /** A new value is on its way to the table. */
  sent(value: string): void {
    this.sentSoFar.push(value);
  }

  /** The table has it: from now on no older one may be dealt with. */
  accepted(value: string): void {
    const at = this.sentSoFar.indexOf(value);
    if (at < 0) return;
    this.sentSoFar = this.sentSoFar.slice(at);
    this.counts = true;
  }

  /** A new sitting begins without entropy. */
  seated(): void {
    this.sentSoFar = [""];
    this.counts = true;
  }

  /** After a snapshot the table may know an older value: it may come from a damaged journal. */
  unsure(): void {
    this.counts = false;
  }

  /** Which of our values is in a deal; null if we can't know. Taken when the deck was sealed. */
  async in(entropies: readonly (readonly [number, string])[], me: number): Promise<string | null> {
    const [known, counts] = [[...this.sentSoFar], this.counts];
    const digest = entropies.find(([seat]) => seat === me)?.[1];
    if (digest === undefined) return null;
    for (const value of known) if (base64(await entropyHash(value)) === digest) return value;
    return counts ? (known[0] ?? null) : null;
  }
}
