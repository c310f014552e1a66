"use client";

import { useQuery } from "@tanstack/react-query";
import { BadgeCheck, ShieldAlert, ShieldQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { verify } from "@/verify.mjs";
import type { HandRecord } from "@/wire/api";

const FAULTS: Readonly<Record<string, string>> = {
  malformed: "the proof can't be read",
  card_twice: "a card was dealt twice",
  position_wrong: "a card does not lie where it should",
  opening_wrong: "a card is not the one that was sealed",
  entropy_missing: "your own randomness is not in the deal",
  commitment_changed: "another seed was announced before the hand",
  seed_wrong: "the seed is not the one that was committed to",
  deck_wrong: "the deck does not follow from the seed",
};

/** The deal checked here, in this page, from what the server sent and with nothing more from it. */
export function ProofPanel({ record }: { record: HandRecord }) {
  const { proof } = record;
  const checked = useQuery({
    queryKey: ["proof", record.table, record.hand, record.digest],
    queryFn: () => verify(proof),
    enabled: !!proof,
    staleTime: Infinity,
  });
  if (!proof) {
    return (
      <Panel icon={<ShieldQuestion className="text-soft" />} title="This hand has no proof">
        It was dealt before deals were sealed, or from given cards.
      </Panel>
    );
  }
  if (!checked.data) return <Panel icon={<ShieldQuestion className="text-soft" />} title="Checking the deal …">Your browser does the sums.</Panel>;
  const { cards, faults } = checked.data;
  if (faults.length) {
    return (
      <Panel icon={<ShieldAlert className="text-bad" />} title="This deal is not proved" testid="proof-bad">
        {faults.map((fault) => FAULTS[fault] ?? fault).join("; ")}. Keep the raw record and show it to whoever runs the room.
      </Panel>
    );
  }
  return (
    <Panel icon={<BadgeCheck className="text-good" />} title="This deal is proved" testid="proof-good">
      <p>
        {cards} cards were checked in your browser: each is the one that was sealed under one root before the first was shown
        {proof.seed ? ", and the whole deck follows from the seed that was committed to before the hand" : ""}.
      </p>
      <details className="mt-2 text-sm text-soft">
        <summary className="cursor-pointer rounded-sm py-1 text-text">What that means, and what it does not</summary>
        <ul className="mt-1 grid list-disc gap-1 pl-5">
          <li>No card could be changed once the deck was sealed, whatever anybody did.</li>
          <li>
            {proof.seed
              ? "The order came of the server's seed and of every player's randomness: neither could choose it alone."
              : "The seed is told later, and only for hands in which you have seen every card; then the whole deck is checked too."}
          </li>
          <li>It does not prove that nobody else saw cards, or that players did not help each other.</li>
          <li>
            The root is what your own client heard at the time: <code className="text-xs break-all text-faint">{proof.root}</code>
          </li>
        </ul>
      </details>
    </Panel>
  );
}

function Panel({ icon, title, children, testid }: { icon: ReactNode; title: string; children: ReactNode; testid?: string }) {
  return (
    <section className="flex gap-3 rounded-lg bg-ink-850 p-4 ring-1 ring-line ring-inset [&_svg]:size-6 [&_svg]:shrink-0" aria-label="Proof of the deal" data-testid={testid}>
      {icon}
      <div className="min-w-0 text-[0.9375rem] text-soft">
        <h2 className="font-medium text-text">{title}</h2>
        {children}
      </div>
    </section>
  );
}
