"use client";

import clsx from "clsx";
import { type ComponentProps, useId } from "react";

/** One of a few, by the browser's own list: it works on every phone and with every reader. */
export function Select({
  label, options, className, ...rest
}: ComponentProps<"select"> & { label: string; options: readonly (readonly [value: string, name: string])[] }) {
  const id = useId();
  return (
    <div className={clsx("grid gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium text-soft">
        {label}
      </label>
      <select id={id} className="h-11 w-full rounded-md bg-ink-950/60 px-3 text-base text-text ring-1 ring-line-strong ring-inset hover:ring-ink-600" {...rest}>
        {options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
