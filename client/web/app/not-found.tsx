import { ButtonLink } from "@/ui/button";
import { Shell } from "@/ui/shell";

export default function NotFound() {
  return (
    <Shell>
      <section className="mx-auto max-w-md py-10 text-center">
        <p className="figures font-display text-7xl text-accent">404</p>
        <h1 className="mt-2 font-display text-3xl">There is no such page</h1>
        <p className="mt-2 mb-6 text-soft">The address may be mistyped, or the page is gone.</p>
        <ButtonLink href="/" tone="accent">
          To the lobby
        </ButtonLink>
      </section>
    </Shell>
  );
}
