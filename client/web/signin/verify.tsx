"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ask } from "@/session/api";
import { Problem } from "@/session/problem";
import { ButtonLink } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { Expired } from "./expired";
import { Sheet } from "./sheet";
import { useMailToken } from "./token";

/** What the link in a mail leads to: the address is the account's from now on. */
export function Verify() {
  const token = useMailToken();
  const { mutate, isSuccess, error } = useMutation({
    mutationFn: (body: { token: string }) => ask(api.POST("/v1/email/verify", { body })),
  });
  useEffect(() => {
    if (token) mutate({ token });
  }, [token, mutate]);
  if (token === "") return <Expired error={new Problem("mail_token_invalid", "")} again="/account/" />;
  if (error) return <Expired error={error} again="/account/" />;
  return (
    <Sheet title="Your address">
      {isSuccess ? (
        <>
          <Notice kind="good" title="Your address is verified">
            If you ever lose your password, a link for a new one goes there.
          </Notice>
          <ButtonLink href="/" tone="accent">
            To the lobby
          </ButtonLink>
        </>
      ) : (
        <Skeleton className="h-20" />
      )}
    </Sheet>
  );
}
