// Checks the deal card by card, as it is shown.

import { verify } from "@/verify.mjs";
import type { Event, FairView } from "./frames";
import { dealt, dealtSoFar, NO_DEAL, type Deal, type Proof } from "./deal";
import { Values } from "./values";

/** `cards` of `hand` have been proved; one single fault means that somebody cheats or is broken. */
export interface Checked {
  hand: number;
  cards: number;
  faults: readonly string[];
}

export const UNCHECKED: Checked = { hand: 0, cards: 0, faults: [] };

export class Checks {
  readonly values = new Values();
  /** One check after the other: whether all that have begun are over. */
  done: Promise<void> = Promise.resolve();
  private deal: Deal = NO_DEAL;
  private own: Promise<string | null> = Promise.resolve(null);
  private ownHand = 0;
  private broken: Checked | null = null;

  /** `onChecked` hears of each check; after a fault, only of that fault. */
  constructor(
    private readonly table: string,
    private readonly onChecked: (checked: Checked) => void,
  ) {}

  get proof(): Proof | null {
    return this.deal.proof;
  }

  get mayMix(): boolean {
    return this.deal.announced !== null;
  }

  welcome(view: FairView | null, me: number): void {
    this.values.unsure();
    this.moved(dealtSoFar(this.deal, view, this.table, me), me);
  }

  update(events: readonly Event[], me: number): void {
    this.moved(
      events.reduce((deal, event) => dealt(deal, event, this.table, me), this.deal),
      me,
    );
  }

  private moved(deal: Deal, me: number): void {
    const before = this.deal.proof;
    this.deal = deal;
    if (!deal.proof || deal.proof === before) return;
    if (deal.proof.hand !== this.ownHand) {
      this.ownHand = deal.proof.hand;
      this.own = this.values.in(deal.proof.entropies, me);
    }
    const { proof } = deal;
    const { own } = this;
    this.done = this.done.then(() => this.check(proof, own));
  }

  private async check(proof: Proof, own: Promise<string | null>): Promise<void> {
    if (this.broken) return;
    const { cards, faults } = await verify({ ...proof, entropy: await own });
    const checked = { hand: proof.hand, cards, faults };
    if (faults.length) this.broken = checked;
    this.onChecked(checked);
  }
}
