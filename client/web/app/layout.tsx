import "@fontsource-variable/inter/wght.css";
import "@fontsource/instrument-serif/400.css";
import "@/ui/tokens.css";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { Providers } from "@/session/providers";

export const metadata: Metadata = {
  title: { default: "Squaredeal", template: "%s · Squaredeal" },
  description: "Card tables where every deal can be proved.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, themeColor: "#090d0c" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
