"use client";

import clsx from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

/** A labelled input, with a hint or what is wrong below it. */
export function Field({
  label, hint, error, className, children, ...rest
}: ComponentProps<"input"> & { label: string; hint?: ReactNode; error?: string | undefined; children?: ReactNode }) {
  const id = useId();
  const below = error ?? hint;
  return (
    <div className={clsx("grid grid-cols-[minmax(0,1fr)] gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium text-soft">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={below ? `${id}-below` : undefined}
          className={clsx(
            "h-11 w-full rounded-md bg-ink-950/60 px-3 text-base text-text ring-1 ring-inset placeholder:text-faint",
            rest.type === "date" && "max-sm:px-2",
            error ? "ring-bad" : "ring-line-strong hover:ring-ink-600",
          )}
          {...rest}
        />
        {children}
      </div>
      {below && (
        <p id={`${id}-below`} className={clsx("text-sm", error ? "text-bad" : "text-faint")}>
          {below}
        </p>
      )}
    </div>
  );
}
