"use client";

import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import { answerProof } from "@/session/proof";

// Few ever see it: its script comes when it is needed.
const ProofDialog = dynamic(() => import("./proof-dialog").then((file) => file.ProofDialog), { ssr: false });

/** Has the password shown again, for whatever request of this page needs it. */
export function Proof() {
  const [open, setOpen] = useState(false);
  const answer = useRef<(shown: boolean) => void>(undefined);
  useEffect(() => {
    answerProof(
      () =>
        new Promise((done) => {
          answer.current = done;
          setOpen(true);
        }),
    );
    return () => answerProof(null);
  }, []);
  if (!open) return null;
  return (
    <ProofDialog
      onClose={(shown) => {
        setOpen(false);
        answer.current?.(shown);
      }}
    />
  );
}
