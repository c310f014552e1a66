"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { api, ask } from "@/session/api";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { ProblemNotice } from "@/ui/notice";
import { asked, dayBegins, dayEnds, useQueryWords } from "@/ui/query";
import { Skeleton } from "@/ui/skeleton";
import { exact } from "@/ui/instants";
import type { AuditLine } from "@/wire/api";
import { changesOf, reasonOf, shortAct } from "./audit";
import { DeskFrame, Panel } from "./frame";
import { Tag } from "./grid";

const PAGE = 50;
const HEAD = "grid grid-cols-[4.5rem_1fr] gap-x-3 sm:grid-cols-[4.5rem_11rem_8rem_1fr_6rem] items-baseline";

export function AuditPage() {
  return (
    <DeskFrame right="see_audit" title="Audit log">
      <Log />
    </DeskFrame>
  );
}

function Log() {
  const [words, change] = useQueryWords();
  const word = (name: string) => words.get(name) ?? "";
  const query = asked({
    who: word("who").trim(), act: word("act").trim(), since: dayBegins(word("from")), until: dayEnds(word("to")),
  });
  const found = useInfiniteQuery({
    queryKey: ["desk", "audit", query],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET("/v1/operator/audit", { params: { query: { ...query, limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) } } })),
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const lines = found.data?.pages.flatMap((page) => page.lines) ?? [];
  return (
    <div className="grid gap-4">
      <form className="grid grid-cols-2 items-end gap-3 lg:grid-cols-5" role="search" onSubmit={(event) => event.preventDefault()}>
        <Field label="Who" value={word("who")} onChange={(e) => change({ who: e.target.value })} placeholder="ann, machine:root" autoComplete="off" />
        <Field label="Act contains" value={word("act")} onChange={(e) => change({ act: e.target.value })} placeholder="/void" autoComplete="off" />
        <Field label="From" type="date" value={word("from")} onChange={(e) => change({ from: e.target.value })} />
        <Field label="To" type="date" value={word("to")} onChange={(e) => change({ to: e.target.value })} />
        <Button onClick={() => void found.refetch()} busy={found.isRefetching && !found.isFetchingNextPage}>
          Read again
        </Button>
      </form>
      <ProblemNotice error={found.error} />
      <Panel title="What operators did, newest first" aside={<span className="text-xs text-faint">hash-chained, never changed</span>}>
        {found.isPending ? (
          <Skeleton className="m-2 h-64" />
        ) : lines.length ? (
          <ol className="divide-y divide-line" data-testid="audit">
            {lines.map((each) => (
              <Line key={each.number} line={each} />
            ))}
          </ol>
        ) : (
          <p className="px-3 py-6 text-center text-sm text-faint">Nobody did anything like that.</p>
        )}
      </Panel>
      {found.hasNextPage && (
        <Button className="justify-self-center" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Older lines
        </Button>
      )}
    </div>
  );
}

function Line({ line }: { line: AuditLine }) {
  const { reason, approver } = reasonOf(line.asked);
  const changes = changesOf(line.before ?? null, line.after ?? null);
  return (
    <li>
      <details className="group">
        <summary className="figures cursor-pointer px-3 py-2 text-[0.8125rem] leading-5 hover:bg-ink-800/70 focus-visible:-outline-offset-2">
          <span className={HEAD}>
            <span className="text-faint">#{line.number}</span>
            <time dateTime={line.at}>{exact(line.at)}</time>
            <span className="max-sm:col-start-2 font-medium">{line.who}</span>
            <span className="min-w-0 max-sm:col-start-2">
              <span className="break-all">{shortAct(line.act)}</span>
              {reason && <span className="text-soft"> · {reason}</span>}
              {approver && <span className="text-soft"> · with {approver}</span>}
              {changes.map((each) => (
                <span key={each.name} className="block text-soft">
                  {each.name}: <span className="text-faint line-through decoration-faint/60">{each.before}</span> → <span className="text-text">{each.after}</span>
                </span>
              ))}
            </span>
            <span className="max-sm:col-start-2 sm:text-right">
              <Tag tone={line.outcome === "done" ? "good" : line.outcome === null ? "warn" : "bad"}>{line.outcome ?? "unknown"}</Tag>
            </span>
          </span>
        </summary>
        <dl className="grid gap-x-4 gap-y-2 border-t border-line bg-ink-900 p-3 text-xs sm:grid-cols-[6rem_1fr]">
          {(
            [["From", line.address], ["Act", line.act], ["Asked", line.asked], ["Before", line.before], ["After", line.after], ["Answer", line.answer]] as const
          ).map(([name, text]) =>
            text ? (
              <div key={name} className="contents">
                <dt className="text-faint">{name}</dt>
                <dd className="font-mono break-all text-soft">{text}</dd>
              </div>
            ) : null,
          )}
        </dl>
      </details>
    </li>
  );
}
