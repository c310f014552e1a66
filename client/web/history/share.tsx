"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Copy, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, ask } from "@/session/api";
import { Button } from "@/ui/button";
import { ProblemNotice } from "@/ui/notice";
import { Select } from "@/ui/select";
import { dayTime } from "@/ui/instants";
import type { HandRecord } from "@/wire/api";

const LASTS = [["1", "A day"], ["7", "A week"], ["30", "30 days"], ["365", "A year"]] as const;

/** Makes a link to a hand, and ends those that there are. */
export function ShareForm({ record }: { record: HandRecord }) {
  const [days, setDays] = useState("30");
  const client = useQueryClient();
  const path = { table: record.table, hand: String(record.hand) };
  const made = useMutation({
    mutationFn: () => ask(api.POST("/v1/hands/{table}/{hand}/share", { params: { path }, body: { days: Number(days) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["shares"] }),
  });
  const link = made.data && `${window.location.origin}/hand/#${made.data.token}`;
  return (
    <div className="grid gap-4">
      {link ? (
        <Link text={link} expires={made.data.share.expires} />
      ) : (
        <>
          <Select label="The link works for" options={LASTS} value={days} onChange={(event) => setDays(event.target.value)} />
          <ProblemNotice error={made.error} />
          <Button tone="accent" busy={made.isPending} onClick={() => made.mutate()}>
            Make a link
          </Button>
        </>
      )}
      <Links table={record.table} hand={record.hand} />
    </div>
  );
}

function Link({ text, expires }: { text: string; expires: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="grid gap-2">
      <label className="grid gap-1.5 text-sm font-medium text-soft">
        The link, shown only now
        <input readOnly value={text} className="h-11 w-full rounded-md bg-ink-950/60 px-3 font-mono text-sm text-text ring-1 ring-line-strong ring-inset" onFocus={(event) => event.target.select()} data-testid="share-link" />
      </label>
      <p className="text-sm text-faint">It works until {dayTime(expires)}.</p>
      <Button onClick={() => void copy()}>
        {copied ? <Check className="size-4" aria-hidden /> : <Copy className="size-4" aria-hidden />}
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}

function Links({ table, hand }: { table: string; hand: number }) {
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["shares"], queryFn: () => ask(api.GET("/v1/shares")) });
  const end = useMutation({
    mutationFn: (share: string) => ask(api.POST("/v1/shares/{share}/end", { params: { path: { share } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["shares"] }),
  });
  const mine = found.data?.shares.filter((each) => each.table === table && each.hand === hand) ?? [];
  if (!mine.length) return null;
  return (
    <section aria-label="Links to this hand">
      <h3 className="text-sm font-medium text-soft">Links that work</h3>
      <ul className="mt-1 divide-y divide-line">
        {mine.map((each) => (
          <li key={each.id} className="flex items-center justify-between gap-3 py-1.5 text-sm text-soft">
            made {dayTime(each.made)}, until {dayTime(each.expires)}
            <Button size="sm" tone="danger" onClick={() => end.mutate(each.id)} busy={end.isPending && end.variables === each.id}>
              <Trash2 className="size-4" aria-hidden /> End
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNotice error={end.error} />
    </section>
  );
}
