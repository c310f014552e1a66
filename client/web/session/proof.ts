/** Whoever needs the password again asks here; the dialog of the page (account/proof) answers. */

type Asker = () => Promise<boolean>;
let asker: Asker | null = null;
let asking: Promise<boolean> | null = null;

export function answerProof(next: Asker | null): void {
  asker = next;
}

/** Whether it was shown; requests that need it at the same time share one question. */
export function askForProof(): Promise<boolean> {
  if (asker === null) return Promise.resolve(false);
  asking ??= asker().finally(() => {
    asking = null;
  });
  return asking;
}
