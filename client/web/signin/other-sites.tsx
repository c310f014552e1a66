"use client";

import { useSites } from "@/session/sites";
import { setOut } from "@/session/trips";
import { Button } from "@/ui/button";
import { ProblemNotice } from "@/ui/notice";
import { useSubmit } from "./submit";
import type { ProviderInfo } from "@/wire/api";

/** A button for each site to sign in by; nothing where there is none. */
export function OtherSites({ back }: { back: string }) {
  const sites = useSites();
  return sites.data?.map((site) => <OtherSite key={site.id} site={site} back={back} />);
}

function OtherSite({ site, back }: { site: ProviderInfo; back: string }) {
  const go = useSubmit(() => setOut("enter", site.id, back));
  return (
    <form onSubmit={go.onSubmit} className="grid gap-3">
      <Button type="submit" busy={go.busy}>
        Go on with {site.name}
      </Button>
      <ProblemNotice error={go.error} />
    </form>
  );
}
