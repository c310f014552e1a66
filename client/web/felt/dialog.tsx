// A dialog as all of the table's are.

"use client";

import { Dialog } from "radix-ui";
import type { ReactNode } from "react";

export interface SheetProps {
  title: string;
  open: boolean;
  close: () => void;
  children: ReactNode;
  testid?: string;
}

export function Sheet({ title, open, close, children, testid }: SheetProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(now) => !now && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil" />
        <Dialog.Content className="sheet" aria-describedby={undefined} data-testid={testid}>
          <Dialog.Title className="sheet-title">{title}</Dialog.Title>
          {children}
          <Dialog.Close className="sheet-close" aria-label="Close">
            ✕
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
