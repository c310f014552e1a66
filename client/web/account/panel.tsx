import type { ReactNode } from "react";

/** One matter of the account. */
export function Panel({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-4 rounded-lg bg-ink-900/80 p-5 ring-1 ring-line ring-inset sm:p-6">
      <div>
        <h2 className="font-display text-2xl">{title}</h2>
        {lead && <p className="mt-1 text-[0.9375rem] text-soft">{lead}</p>}
      </div>
      {children}
    </section>
  );
}
