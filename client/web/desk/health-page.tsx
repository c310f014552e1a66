"use client";

import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { api, ask } from "@/session/api";
import { ProblemNotice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { clock } from "@/ui/instants";
import type { DeskLink } from "@/wire/api";
import { DeskFrame, Panel } from "./frame";
import { Tag } from "./grid";

const TONES = { ok: "good", degraded: "warn", down: "bad" } as const;
const NAMES: Readonly<Record<string, string>> = { auth: "Accounts", wallet: "Wallet", floor: "Floor" };

export function HealthPage() {
  return (
    <DeskFrame right="see_tables" title="Health">
      <Health />
    </DeskFrame>
  );
}

function Health() {
  const found = useQuery({
    queryKey: ["desk", "health"],
    queryFn: () => ask(api.GET("/v1/operator/health")),
    refetchInterval: 5_000,
  });
  const health = found.data;
  return (
    <div className="grid gap-4">
      <ProblemNotice error={found.error} />
      {!health && !found.isError && <Skeleton className="h-64 w-full" />}
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3" data-testid="health">
        {health?.parts.map((part) => (
          <Panel key={part.name} title={NAMES[part.name] ?? part.name} aside={<span className="flex items-center gap-2"><span className="figures text-xs text-faint">{part.ms} ms</span><Tag tone={TONES[part.state]}>{part.state}</Tag></span>}>
            {!Object.keys(part.facts).length && <p className="p-3 text-sm text-faint">It answers, and can do its work.</p>}
            <dl className="figures grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 p-3 text-sm empty:hidden">
              {Object.entries(part.facts).map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-faint">{name.replaceAll("_", " ")}</dt>
                  <dd className="min-w-0 text-right break-words">{value}</dd>
                </div>
              ))}
            </dl>
          </Panel>
        ))}
      </div>
      {health && <Links links={health.links} />}
      {health && <p className="text-xs text-faint">Asked at {clock(health.at)}; however many look, at most once in two seconds.</p>}
    </div>
  );
}

function Links({ links }: { links: readonly DeskLink[] }) {
  if (!links.length) {
    return <p className="text-sm text-faint">Links to the Ray dashboard and to Grafana are shown here once <code>ray_dashboard_url</code> and <code>grafana_url</code> are set.</p>;
  }
  return (
    <ul className="flex flex-wrap gap-3">
      {links.map(({ name, url }) => (
        <li key={url}>
          <a href={url} target="_blank" rel="noreferrer" className="inline-flex h-11 items-center gap-2 rounded-md bg-ink-800 px-4 text-sm ring-1 ring-line-strong ring-inset hover:bg-ink-700">
            {name} <ExternalLink className="size-4 text-faint" aria-hidden />
          </a>
        </li>
      ))}
    </ul>
  );
}
