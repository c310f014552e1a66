"use client";

import { type FormEvent, useState } from "react";

/** A form that is sent once at a time; what was thrown stays until the next try. */
export function useSubmit(act: (form: (name: string) => string) => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      await act((name) => String(data.get(name) ?? ""));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, onSubmit };
}
