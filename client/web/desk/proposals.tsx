"use client";

import { useQuery } from "@tanstack/react-query";
import { api, ask } from "@/session/api";
import { ProblemNotice } from "@/ui/notice";
import { clock } from "@/ui/instants";
import type { ProposalInfo } from "@/wire/api";
import { Act } from "./act";
import { Panel } from "./frame";
import { Grid, type Column, Tag } from "./grid";
import { useBy } from "./rights";

const SHOWN = 6;
const REFRESH = [["desk", "proposals"], ["desk", "tables"]] as const;
const TONES: Readonly<Record<string, "good" | "warn" | "plain">> = { open: "warn", approved: "good" };

/** Voids that wait for a second operator: he agrees here, where he is signed in himself. */
export function ProposalsPanel() {
  const by = useBy();
  const found = useQuery({
    queryKey: ["desk", "proposals"],
    queryFn: () => ask(api.GET("/v1/operator/void-proposals")),
    refetchInterval: 3_000,
  });
  const proposals = found.data?.proposals.slice(0, SHOWN) ?? [];
  if (found.isError) return <ProblemNotice error={found.error} />;
  if (!proposals.length) return null;
  const columns: Column<ProposalInfo>[] = [
    { name: "Hand", cell: (each) => <span className="font-medium">{each.table} #{each.hand}</span> },
    { name: "Reason", cell: (each) => each.reason },
    { name: "Asked by", cell: (each) => `${each.proposer}, ${clock(each.proposed)}` },
    { name: "State", cell: (each) => <Tag tone={TONES[each.state] ?? "plain"}>{each.state}</Tag> },
    { name: "Decided by", cell: (each) => (each.decided_by ? `${each.decided_by}${each.outcome ? `: ${each.outcome}` : ""}` : each.state === "open" ? `until ${clock(each.expires)}` : ""), wide: true },
    {
      name: "Acts",
      right: true,
      cell: (each) =>
        each.state === "open" ? (
          <span className="inline-flex gap-1.5">
            {each.proposer !== by.name && <Decide proposal={each} yes />}
            <Decide proposal={each} />
          </span>
        ) : null,
    },
  ];
  return (
    <Panel title="Voids by two people">
      <Grid label="Voids by two people" testid="proposals" columns={columns} rows={proposals} of={(each) => each.id} empty="" />
    </Panel>
  );
}

function Decide({ proposal, yes = false }: { proposal: ProposalInfo; yes?: boolean }) {
  const by = useBy();
  const call = { params: { path: { proposal: String(proposal.id) } } };
  const hand = `hand #${proposal.hand} at ${proposal.table}`;
  return yes ? (
    <Act name="Agree" tone="danger" title={`Void ${hand}`} says={`${proposal.proposer} asks for it: “${proposal.reason}”. If you agree it is void at once, under both your names. It can’t be undone.`} done="The hand is void." refresh={REFRESH}
      act={(reason) => ask(api.POST("/v1/operator/void-proposals/{proposal}/approve", { ...call, body: { by, remark: reason } }))} />
  ) : (
    <Act name="Reject" title={`Reject: void ${hand}`} says="Nothing happens to the hand." done="It is rejected." refresh={REFRESH}
      act={(reason) => ask(api.POST("/v1/operator/void-proposals/{proposal}/reject", { ...call, body: { by, remark: reason } }))} />
  );
}
