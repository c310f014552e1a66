import Link from "next/link";

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl p-8">
      <h1 className="font-display text-4xl">There is nothing here</h1>
      <Link href="/" className="text-accent underline">
        To the lobby
      </Link>
    </main>
  );
}
