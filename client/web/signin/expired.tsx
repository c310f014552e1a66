import { Problem } from "@/session/problem";
import { ButtonLink } from "@/ui/button";
import { Notice, ProblemNotice } from "@/ui/notice";
import { Sheet } from "./sheet";

/** A link that works no more, or never did. */
export function Expired({ error, again }: { error: unknown; again: "/forgot/" | "/account/" }) {
  const old = error instanceof Problem && error.code === "mail_token_invalid";
  return (
    <Sheet title={old ? "This link works no more" : "That did not work"}>
      {old ? (
        <Notice kind="warn" title="It has expired, or it has been used" code="mail_token_invalid">
          Links in our mails work once and not for long. The newest mail has the one that counts.
        </Notice>
      ) : (
        <ProblemNotice error={error} />
      )}
      <ButtonLink href={again} tone="accent">
        {again === "/forgot/" ? "Ask for a new link" : "To your account"}
      </ButtonLink>
    </Sheet>
  );
}
