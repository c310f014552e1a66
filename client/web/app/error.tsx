"use client";

import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";

/** A page that broke: most often because newer ones were deployed under it. */
export default function Broken({ error }: { error: Error }) {
  const stale = /chunk|dynamically imported|Loading CSS/i.test(`${error.name} ${error.message}`);
  return (
    <main className="mx-auto grid max-w-md gap-5 p-6 pt-24">
      <h1 className="font-display text-4xl">{stale ? "This page is out of date" : "This page broke"}</h1>
      <Notice kind="warn" title={stale ? "A newer version is here" : "That is our fault"} code={stale ? "page_old" : "page_failed"}>
        {stale ? "Reload to go on with it." : "Reload it; if it breaks again, go back to the lobby."} Your seat and your chips are on the server and safe.
      </Notice>
      <Button tone="accent" onClick={() => location.reload()}>
        Reload
      </Button>
      {/* A plain link: the router may be what broke. */}
      {/* eslint-disable-next-line @next/next/no-html-link-for-pages */}
      <a href="/" className="justify-self-center text-soft underline underline-offset-4">
        To the lobby
      </a>
    </main>
  );
}
