import { expect, test } from "vitest";
import { ours } from "./place";

test("a place of ours is gone to, and nothing else", () => {
  for (const place of ["/", "/account/", "/table/?t=oak", "/hand/?t=a//b"]) expect(ours(place)).toBe(place);
  for (const place of ["", "//evil.example/..%2Faccount/", "/\\evil.example", "/\t/evil.example", "/\n/evil.example",
    "https://evil.example/", "javascript:alert(1)", "evil"]) expect(ours(place)).toBe("/");
});
