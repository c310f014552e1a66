import type { ReactNode } from "react";

/** One small task on a page of its own. */
export function Sheet({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className="mx-auto w-full max-w-md sm:pt-6">
      <h1 className="font-display text-4xl leading-tight">{title}</h1>
      {lead && <p className="mt-2 text-soft">{lead}</p>}
      <div className="mt-6 grid gap-5 rounded-lg bg-ink-900/80 p-5 ring-1 ring-line ring-inset sm:p-7">{children}</div>
    </section>
  );
}
