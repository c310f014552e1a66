"use client";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import Link from "next/link";
import { api, ask, signed } from "@/session/api";
import { useSession } from "@/session/use";
import { Problem } from "@/session/problem";
import { amount } from "@/ui/amount";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { download } from "@/ui/files";
import { ProblemNotice } from "@/ui/notice";
import { asked, dayBegins, dayEnds, useQueryWords } from "@/ui/query";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { exact } from "@/ui/instants";
import { Net } from "./net";
import { Empty, SignedIn } from "./signed-in";
import { HistoryHead } from "./tabs";
import { useExponents } from "@/session/currencies";

const PAGE = 50;
export const KINDS: readonly (readonly [string, string])[] = [
  ["", "Everything"], ["hand", "Hands"], ["buy_in", "Buy-ins"], ["cash_out", "Way home"], ["grant", "Chips given"],
  ["deposit", "Deposits"], ["withdrawal", "Withdrawals"], ["adjustment", "Adjustments"], ["reversal", "Reversals"],
];
export const kindName = (kind: string): string => KINDS.find(([value]) => value === kind)?.[1] ?? kind.replaceAll("_", " ");

export function StatementPage() {
  return (
    <>
      <HistoryHead title="Statement" />
      <SignedIn what="A statement">
        <Statement />
      </SignedIn>
    </>
  );
}

function Statement() {
  const player = useSession()?.player.id;
  const [words, change] = useQueryWords();
  const exponents = useExponents();
  const word = (name: string) => words.get(name) ?? "";
  const query = asked({
    kind: word("kind"), table: word("table").trim(), since: dayBegins(word("from")), until: dayEnds(word("to")),
  });
  const found = useInfiniteQuery({
    queryKey: ["statement", player, query],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      ask(api.GET("/v1/wallet/statement", { params: { query: { ...query, limit: PAGE, ...(pageParam !== undefined && { before: pageParam }) } } })),
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const file = useMutation({
    mutationFn: async () => {
      const text = new URLSearchParams({ ...query, format: "csv" } as Record<string, string>);
      const answer = await signed(new Request(`/v1/wallet/statement?${text}`));
      if (!answer.ok) throw new Problem("unavailable", "The file could not be made.");
      download("statement.csv", await answer.blob());
    },
  });
  const lines = found.data?.pages.flatMap((page) => page.lines) ?? [];
  return (
    <>
      <form className="mb-5 grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:grid-cols-5" role="search" onSubmit={(event) => event.preventDefault()}>
        <Select label="What" options={KINDS} value={word("kind")} onChange={(e) => change({ kind: e.target.value })} />
        <Field label="Table" value={word("table")} onChange={(e) => change({ table: e.target.value })} autoComplete="off" />
        <Field label="From" type="date" value={word("from")} onChange={(e) => change({ from: e.target.value })} />
        <Field label="To" type="date" value={word("to")} onChange={(e) => change({ to: e.target.value })} />
        <Button onClick={() => file.mutate()} busy={file.isPending}>
          <Download className="size-4" aria-hidden /> CSV
        </Button>
      </form>
      <ProblemNotice error={found.error ?? file.error} />
      {found.isPending && <Skeleton className="h-96 w-full" />}
      {found.isSuccess && !lines.length && <Empty title="Nothing here" words="No change of your chips fits these filters." />}
      {lines.length > 0 && (
        <div className="overflow-x-auto rounded-lg ring-1 ring-line ring-inset" tabIndex={0} role="region" aria-label="Statement">
          <table className="w-full min-w-[44rem] text-sm" data-testid="statement">
            <thead className="bg-ink-850 text-left text-faint">
              <tr>
                {["When", "What", "Account", "Table"].map((name) => (
                  <th key={name} scope="col" className="px-3 py-2.5 font-medium">{name}</th>
                ))}
                {["Change", "Balance"].map((name) => (
                  <th key={name} scope="col" className="px-3 py-2.5 text-right font-medium">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {lines.map((each) => (
                <tr key={each.id} className="hover:bg-ink-850/60">
                  <td className="figures px-3 py-2 whitespace-nowrap text-soft">{exact(each.at)}</td>
                  <td className="px-3 py-2">{kindName(each.kind)}</td>
                  <td className="px-3 py-2 text-soft">{each.account}</td>
                  <td className="px-3 py-2 text-soft">
                    {each.table && each.hand !== null ? (
                      <Link prefetch={false} className="rounded-sm underline decoration-line-strong underline-offset-4 hover:text-text" href={`/hand/?t=${encodeURIComponent(each.table)}&n=${each.hand}`}>
                        {each.table} #{each.hand}
                      </Link>
                    ) : (
                      (each.table ?? "")
                    )}
                  </td>
                  <td className="px-3 py-2 text-right"><Net net={each.amount} exponent={exponents(each.currency)} /></td>
                  <td className="figures px-3 py-2 text-right whitespace-nowrap">
                    {amount(each.balance, exponents(each.currency), false)} {each.currency !== "PLAY" && <span className="text-faint">{each.currency}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Older lines
          </Button>
        </div>
      )}
    </>
  );
}
