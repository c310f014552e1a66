// Verifies a hand of Squaredeal offline: docs/fairness.md, scheme 1. No dependencies: any browser,
// or Node from version 20 on. `await verify(proof)` is {cards, faults}; no faults, nothing is wrong.

const utf8 = (text) => new TextEncoder().encode(text);
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

function bigEndian(number, width) {
  const out = new Uint8Array(width);
  for (let at = width - 1, rest = BigInt(number); at >= 0; at--, rest >>= 8n) out[at] = Number(rest & 255n);
  return out;
}

async function hmac(key, message) {
  const usable = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", usable, message));
}

export const commitmentOf = (seed) => sha256(join(utf8("squaredeal/seed/1\0"), seed));
export const entropyHash = (value) => sha256(join(utf8("squaredeal/entropy/1\0"), utf8(value)));

export function dealKey(seed, table, hand, entropies) {
  const name = utf8(table);
  const list = entropies.flatMap(([seat, digest]) => [seat, ...digest]);
  const head = join(utf8("squaredeal/deal/1\0"), bigEndian(name.length, 2), name, bigEndian(hand, 8));
  return hmac(seed, join(head, [entropies.length], list));
}

export async function shuffled(next) {
  const deck = Array.from({ length: 52 }, (_, card) => card);
  for (let last = 51; last > 0; last--) {
    const bound = last + 1;
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = await next();
    while (word >= limit) word = await next(); // no order of the deck is likelier than another
    const pick = word % bound;
    [deck[last], deck[pick]] = [deck[pick], deck[last]];
  }
  return deck;
}

export function deckOf(key) {
  const words = [];
  let blocks = 0;
  return shuffled(async () => {
    if (!words.length) {
      const block = await hmac(key, join(utf8("deck"), bigEndian(blocks++, 4)));
      const view = new DataView(block.buffer);
      for (let at = 0; at < 32; at += 4) words.push(view.getUint32(at));
    }
    return words.shift();
  });
}

export const saltOf = async (key, position) => (await hmac(key, join(utf8("salt"), [position]))).slice(0, 16);
const leafOf = (position, card, salt) => sha256(join([0, position, card], salt));
const nodeOf = (left, right) => sha256(join([1], left, right));

export async function rootOfDeck(key, deck) {
  let level = [];
  for (let at = 0; at < 64; at++) {
    level.push(at < 52 ? await leafOf(at, deck[at], await saltOf(key, at)) : new Uint8Array(32));
  }
  while (level.length > 1) {
    level = await Promise.all(level.filter((_, i) => i % 2 === 0).map((left, i) => nodeOf(left, level[2 * i + 1])));
  }
  return level[0];
}

async function rootOf([position, salt, path], card) {
  const [hidden, beside] = [bytes(salt), bytes(path)];
  if (!(position >= 0 && position < 52) || hidden.length !== 16 || beside.length !== 192) return new Uint8Array();
  let digest = await leafOf(position, card, hidden);
  for (let level = 0; level < 6; level++) {
    const other = beside.slice(32 * level, 32 * level + 32);
    digest = (position >> level) & 1 ? await nodeOf(other, digest) : await nodeOf(digest, other);
  }
  return digest;
}

function wellFormed(p, entropies) {
  const seats = entropies.map(([seat]) => seat);
  const holes = p.holes.map((hole) => hole.seat);
  return p.scheme === 1
    && [bytes(p.commitment), bytes(p.root), ...entropies.map(([, digest]) => digest)].every((d) => d.length === 32)
    && seats.every((seat, i) => seat >= 0 && seat < 256 && (i === 0 || seats[i - 1] < seat))
    && p.order.length <= 23 && new Set(p.order).size === p.order.length && p.order.every((seat) => seats.includes(seat))
    && p.board.length === p.board_openings.length && p.board.length <= 5
    && new Set(holes).size === holes.length && holes.every((seat) => p.order.includes(seat))
    && p.holes.every((hole) => hole.cards.length === 2 && hole.openings.length === 2)
    && [...p.board, ...p.holes.flatMap((hole) => hole.cards)].every((card) => card >= 0 && card < 52)
    && (p.seed == null || bytes(p.seed).length === 32);
}

// [where it should lie, card, opening] of every card that is claimed.
function places(p) {
  const count = p.order.length;
  const holes = p.holes.flatMap(({ seat, cards, openings }) => {
    const at = p.order.indexOf(seat);
    return [[at, cards[0], openings[0]], [at + count, cards[1], openings[1]]];
  });
  return [...holes, ...p.board.map((card, i) => [2 * count + i, card, p.board_openings[i]])];
}

export async function verify(given) {
  const p = { scheme: 1, seat: -1, holes: [], board: [], board_openings: [], ...given };
  const faults = new Set();
  let claimed = [];
  try {
    const entropies = p.entropies.map(([seat, digest]) => [seat, bytes(digest)]);
    if (!wellFormed(p, entropies)) return { cards: 0, faults: ["malformed"] };
    const root = bytes(p.root);
    const commitment = bytes(p.commitment);
    claimed = places(p);
    if (new Set(claimed.map(([, card]) => card)).size < claimed.length) faults.add("card_twice");
    for (const [place, card, opening] of claimed) {
      if (opening[0] !== place) faults.add("position_wrong");
      if (!same(await rootOf(opening, card), root)) faults.add("opening_wrong");
    }
    if (p.entropy != null) {
      const own = await entropyHash(p.entropy);
      if (!entropies.some(([seat, digest]) => seat === p.seat && same(digest, own))) faults.add("entropy_missing");
    }
    if (p.announced != null && !same(bytes(p.announced), commitment)) faults.add("commitment_changed");
    if (p.seed != null) {
      const seed = bytes(p.seed);
      if (!same(await commitmentOf(seed), commitment)) faults.add("seed_wrong");
      const key = await dealKey(seed, p.table, p.hand, entropies);
      const deck = await deckOf(key);
      const dealt = claimed.every(([place, card]) => deck[place] === card);
      if (!dealt || !same(await rootOfDeck(key, deck), root)) faults.add("deck_wrong");
    }
  } catch {
    return { cards: 0, faults: ["malformed"] };
  }
  const order = ["malformed", "card_twice", "position_wrong", "opening_wrong", "entropy_missing",
    "commitment_changed", "seed_wrong", "deck_wrong"];
  return { cards: claimed.length, faults: order.filter((fault) => faults.has(fault)) };
}
