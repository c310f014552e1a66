"use client";

import { useExponents } from "@/session/currencies";
import { api, ask } from "@/session/api";
import { amount } from "@/ui/amount";
import { Field } from "@/ui/field";
import type { OperationInfo, PaymentInfo, PlayerEntry } from "@/wire/api";
import { Act } from "./act";
import { useBy } from "./rights";

const MONEY = [["desk", "money"], ["desk", "operations"], ["desk", "payments"]] as const;

/** Where the server insists on two, the second shows a token of his own, which this page has not. */
const ALONE = "A server in mode production, or with two_person, refuses this here as approval_needed: give it at the command line, with --as and --approved-by.";

function Amount({ signed = false }: { signed?: boolean }) {
  return (
    <>
      <Field label={signed ? "Amount in minor units, below zero to take" : "Amount in minor units"} name="amount" required inputMode={signed ? "text" : "numeric"} pattern={signed ? "-?[1-9][0-9]{0,15}" : "[1-9][0-9]{0,15}"} autoComplete="off" />
      <Field label="Currency" name="currency" defaultValue="PLAY" required pattern="[A-Z][A-Z0-9]{2,7}" />
    </>
  );
}

const sumOf = (form: FormData) => ({ amount: Number(form.get("amount")), currency: String(form.get("currency")) });

export function PromoteAct({ player }: { player: PlayerEntry }) {
  const by = useBy();
  return (
    <Act name="Promote" title={`Promotional chips for ${player.name}`} says={`They are in his wallet at once, from the promotional account. ${ALONE}`} done="The chips are in his wallet." refresh={MONEY}
      act={(reason, form, ref) => ask(api.POST("/v1/operator/promotions", { body: { by, ref, reason, player: player.id, ...sumOf(form) } }))}>
      <Amount />
    </Act>
  );
}

export function AdjustAct({ player }: { player: PlayerEntry }) {
  const by = useBy();
  return (
    <Act name="Adjust" tone="danger" title={`Put the wallet of ${player.name} right`} says="A proposal against the house’s account. Nothing moves until a second operator approves it." done="Proposed. A second operator approves it under Money." refresh={MONEY}
      act={(reason, form, ref) => ask(api.POST("/v1/operator/adjustments", { body: { by, ref, reason, player: player.id, ...sumOf(form) } }))}>
      <Amount signed />
    </Act>
  );
}

export function ReverseAct() {
  const by = useBy();
  return (
    <Act name="Reverse" tone="danger" title="Take a transfer back" says="A proposal to book a grant, a deposit or an adjustment back. Nothing moves until a second operator approves it." done="Proposed." refresh={MONEY}
      act={(reason, form, ref) => ask(api.POST("/v1/operator/reversals", { body: { by, ref, reason, transfer: String(form.get("transfer")).trim() } }))}>
      <Field label="Key of the transfer" name="transfer" required autoComplete="off" />
    </Act>
  );
}

export function DecideActs({ operation }: { operation: OperationInfo }) {
  const by = useBy();
  const exponents = useExponents();
  const params = { path: { operation: String(operation.id) } };
  const what = `${operation.kind} of ${amount(operation.amount, exponents(operation.currency), false)} ${operation.currency}`;
  return (
    <span className="inline-flex gap-1.5">
      {operation.proposer !== by.name && (
        <Act name="Approve" tone="danger" title={`Approve operation ${operation.id}`} says={`${operation.proposer} proposes a ${what}: “${operation.reason}”. It is booked at once.`} done="Approved and booked." refresh={MONEY}
          act={(reason) => ask(api.POST("/v1/operator/operations/{operation}/approve", { params, body: { by, remark: reason } }))} />
      )}
      <Act name="Reject" title={`Reject operation ${operation.id}`} says={`The ${what} is not booked.`} done="Rejected." refresh={MONEY}
        act={(reason) => ask(api.POST("/v1/operator/operations/{operation}/reject", { params, body: { by, remark: reason } }))} />
    </span>
  );
}

export function PaymentActs({ payment }: { payment: PaymentInfo }) {
  const by = useBy();
  const decide = (post: boolean) => (why: string) => ask(api.POST("/v1/operator/payments", { body: { by, key: payment.key, post, why } }));
  return (
    <span className="inline-flex gap-1.5">
      <Act name="Post" tone="danger" title="Post this payment" says={`Say so only if the money has moved outside: it is booked for good. ${ALONE}`} done="Posted." refresh={MONEY} act={decide(true)} />
      <Act name="Void" title="Void this payment" says={`The money has not moved and will not. ${ALONE}`} done="Voided." refresh={MONEY} act={decide(false)} />
    </span>
  );
}
