import clsx from "clsx";
import { CircleCheck, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { codeOf, sentence } from "@/session/problem";

const KINDS = {
  info: { Icon: Info, look: "ring-line-strong", tint: "text-soft" },
  good: { Icon: CircleCheck, look: "ring-good/40", tint: "text-good" },
  warn: { Icon: TriangleAlert, look: "ring-warn/40", tint: "text-warn" },
  bad: { Icon: OctagonAlert, look: "ring-bad/40", tint: "text-bad" },
};

/** A sentence that matters; an icon tells its kind, never the colour alone. */
export function Notice({
  kind = "info", title, code, children, className,
}: { kind?: keyof typeof KINDS; title?: ReactNode; code?: string; children?: ReactNode; className?: string }) {
  const { Icon, look, tint } = KINDS[kind];
  return (
    <div
      role={kind === "bad" || kind === "warn" ? "alert" : "status"}
      className={clsx("flex gap-3 rounded-md bg-ink-850 p-3.5 text-[0.9375rem] ring-1 ring-inset", look, className)}
    >
      <Icon className={clsx("mt-0.5 size-5 shrink-0", tint)} aria-hidden />
      <div className="min-w-0 grow">
        {title && <p className="font-medium text-text">{title}</p>}
        {children && <div className="text-soft">{children}</div>}
        {code && <p className="mt-1 font-mono text-xs text-faint">{code}</p>}
      </div>
    </div>
  );
}

/** What went wrong, as a sentence, with the server's code small behind it. */
export function ProblemNotice({ error, children }: { error: unknown; children?: ReactNode }) {
  if (error === null || error === undefined) return null;
  return (
    <Notice kind="bad" title={sentence(error)} code={codeOf(error)}>
      {children}
    </Notice>
  );
}
