// Pages for who has come without a table, or without having signed in.

import "./controls.css";
import Link from "next/link";

export function Unknown() {
  return (
    <main className="stranger">
      <h1>Which table?</h1>
      <p>This address names no table. The lobby has them all.</p>
      <Link className="act raise" href="/">
        To the lobby
      </Link>
    </main>
  );
}

export function SignedOut() {
  const back = typeof location === "undefined" ? "" : encodeURIComponent(location.pathname + location.search);
  return (
    <main className="stranger">
      <h1>You are not signed in</h1>
      <p>Sign in to go on. A seat that you have is kept for you, and its clock runs.</p>
      <a className="act raise" href={`/signin/?to=${back}`}>
        Sign in
      </a>
    </main>
  );
}
