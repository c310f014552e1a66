// The steps of the fair deal as the browser's module makes them, for one vector.
import { commitmentOf, dealKey, deckOf, entropyHash, rootOfDeck, saltOf, shuffled, verify } from "../../client/web/verify.mjs";

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (data) => [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export async function steps(given) {
  const seed = bytes(given.seed);
  const entropies = [];
  for (const [seat, value] of given.values) entropies.push([seat, await entropyHash(value)]);
  const key = await dealKey(seed, given.table, given.hand, entropies);
  const deck = await deckOf(key);
  return {
    commitment: hex(await commitmentOf(seed)),
    entropies: entropies.map(([seat, digest]) => [seat, hex(digest)]),
    key: hex(key),
    deck,
    salts: [hex(await saltOf(key, 0)), hex(await saltOf(key, 51))],
    root: hex(await rootOfDeck(key, deck)),
  };
}

export const shuffle = (words) => shuffled(async () => words.shift());
export const check = (given) => verify(given.proof);
export const hashed = async ([value]) => [value, hex(await entropyHash(value))];
