"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Field } from "@/ui/field";

/** A password that can be looked at. */
export function Password(props: Omit<ComponentProps<typeof Field>, "type">) {
  const [seen, setSeen] = useState(false);
  const Icon = seen ? EyeOff : Eye;
  return (
    <Field {...props} type={seen ? "text" : "password"} className="[&_input]:pr-12" maxLength={256} required>
      <button
        type="button"
        aria-label={seen ? "Hide the password" : "Show the password"}
        className="absolute inset-y-0 right-0 grid w-11 place-items-center rounded-md text-faint hover:text-text"
        onClick={() => setSeen(!seen)}
      >
        <Icon className="size-5" aria-hidden />
      </button>
    </Field>
  );
}
