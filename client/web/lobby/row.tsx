import { Bot, Users } from "lucide-react";
import type { ReactNode } from "react";
import { ButtonLink } from "@/ui/button";
import { isOpen, taken, title } from "./listing";
import { Seats } from "./seats";
import type { TableListing } from "@/wire/api";

/** One table of the lobby. */
export function Row({ listing, mine, amount }: { listing: TableListing; mine: boolean; amount: (minor: number, currency?: string) => string }) {
  const { info } = listing;
  const chips = (minor: number) => amount(minor, info.currency);
  const open = isOpen(listing);
  return (
    <li className="rounded-lg bg-ink-900/80 p-4 ring-1 ring-line transition-colors ring-inset hover:bg-ink-850 sm:px-5">
      <div className="flex items-center gap-3 sm:gap-4">
        <Seats seats={info.seats} players={listing.players} bots={listing.bots} />
        <div className="min-w-0 grow">
          <h3 className="truncate text-lg font-semibold">{title(info.name)}</h3>
          <p className="figures truncate text-[0.9375rem] text-soft">
            {chips(info.small_blind)} / {chips(info.big_blind)}
            {info.ante > 0 && ` · ante ${chips(info.ante)}`}
            {info.currency && info.currency !== "PLAY" ? ` ${info.currency}` : ""}
          </p>
        </div>
        <ButtonLink
          href={{ pathname: "/table/", query: { t: info.table } }} prefetch={false} size="sm" tone={mine ? "accent" : "plain"}
          aria-label={`${mine ? "Go back to" : open ? "Sit down at" : "Watch"} ${title(info.name)}`}
        >
          {mine ? "Go back" : open ? "Sit down" : "Watch"}
        </ButtonLink>
      </div>
      <dl className="figures mt-3 grid grid-cols-2 gap-x-4 gap-y-2 border-t border-line pt-3 text-[0.9375rem] sm:grid-cols-4">
        <Fact name="Seats">
          {taken(listing)} of {info.seats}
          <span className="ml-2 inline-flex items-center gap-1 text-sm text-faint">
            <Users className="size-3.5" aria-label="players" /> {listing.players}
            <Bot className="ml-1 size-3.5" aria-label="bots" /> {listing.bots}
          </span>
        </Fact>
        <Fact name="Average pot">{listing.hands > 0 ? chips(listing.average_pot) : "–"}</Fact>
        <Fact name="Hands an hour">{listing.hands_per_hour > 0 ? listing.hands_per_hour.toLocaleString("en") : "–"}</Fact>
        <Fact name="Buy-in">
          {chips(info.buy_in_min)} – {chips(info.buy_in_max)}
        </Fact>
      </dl>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
