"use client";

import { useMutation } from "@tanstack/react-query";
import { Download, Link2 } from "lucide-react";
import { useState } from "react";
import { api, ask } from "@/session/api";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { download } from "@/ui/files";
import { ProblemNotice } from "@/ui/notice";
import type { HandRecord } from "@/wire/api";
import { ShareForm } from "./share";

const FORMATS = [
  { format: "pokerstars", name: "PokerStars text", hint: "for trackers", ending: "txt" },
  { format: "phh", name: "PHH", hint: "for programs that study hands", ending: "phh" },
] as const;

/** A hand as a file, and a link to it. */
export function HandFiles({ record }: { record: HandRecord }) {
  const [open, setOpen] = useState<"" | "files" | "share">("");
  const { table, hand } = record;
  const written = useMutation({
    mutationFn: async ({ format, ending }: (typeof FORMATS)[number]) => {
      const path = { table, hand: String(hand), format };
      const { text } = await ask(api.GET("/v1/hands/{table}/{hand}/{format}", { params: { path } }));
      download(`${table}-${hand}.${ending}`, text);
    },
  });
  const raw = () => download(`${table}-${hand}.json`, JSON.stringify(record, null, 1), "application/json");
  return (
    <div className="flex gap-2">
      <Button size="sm" onClick={() => setOpen("share")}>
        <Link2 className="size-4" aria-hidden /> Share
      </Button>
      <Button size="sm" onClick={() => setOpen("files")}>
        <Download className="size-4" aria-hidden /> Export
      </Button>
      <Dialog open={open === "files"} onOpenChange={(on) => setOpen(on ? "files" : "")} title="Export this hand" description="As you saw it: cards that you did not see are not in it.">
        <div className="grid gap-2">
          {FORMATS.map((each) => (
            <Button key={each.format} className="!h-auto !justify-between py-3" busy={written.isPending && written.variables.format === each.format} onClick={() => written.mutate(each)}>
              <span>{each.name}</span>
              <span className="text-sm font-normal text-soft">{each.hint}</span>
            </Button>
          ))}
          <Button className="!h-auto !justify-between py-3" onClick={raw}>
            <span>Raw record</span>
            <span className="text-sm font-normal text-soft">
              for <code>squaredeal verify</code>
            </span>
          </Button>
          <ProblemNotice error={written.error} />
        </div>
      </Dialog>
      <Dialog open={open === "share"} onOpenChange={(on) => setOpen(on ? "share" : "")} title="Share this hand" description="Whoever has the link sees the hand as you saw it, with your cards, and nothing more.">
        <ShareForm record={record} />
      </Dialog>
    </div>
  );
}
