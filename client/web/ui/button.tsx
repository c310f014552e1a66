import clsx from "clsx";
import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";

type Look = { tone?: "accent" | "plain" | "quiet" | "danger"; size?: "sm" | "md" | "lg" };

const TONES = {
  accent: "bg-accent text-accent-ink hover:bg-accent-bright",
  plain: "bg-ink-700 text-text hover:bg-ink-600 ring-1 ring-inset ring-line",
  quiet: "text-soft hover:text-text hover:bg-ink-800",
  danger: "bg-transparent text-bad ring-1 ring-inset ring-bad/50 hover:bg-bad/10",
};
const SIZES = { sm: "h-9 px-3 text-sm gap-1.5", md: "h-11 px-4 text-[0.9375rem] gap-2", lg: "h-12 px-6 text-base gap-2" };

export function buttonLook({ tone = "plain", size = "md" }: Look): string {
  return clsx(
    "inline-flex items-center justify-center rounded-md font-medium whitespace-nowrap select-none",
    "transition-colors duration-150 disabled:opacity-50 disabled:pointer-events-none",
    TONES[tone],
    SIZES[size],
  );
}

/** `busy` shows that it was pressed, and takes no second press. */
export function Button({
  tone, size, busy = false, className, children, disabled, type = "button", ...rest
}: ComponentProps<"button"> & Look & { busy?: boolean }) {
  return (
    <button
      type={type}
      className={clsx(buttonLook({ tone, size }), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <LoaderCircle className="size-4 animate-spin" aria-hidden />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  tone, size, className, ...rest
}: ComponentProps<typeof Link> & Look & { children: ReactNode }) {
  return <Link className={clsx(buttonLook({ tone, size }), className)} {...rest} />;
}
