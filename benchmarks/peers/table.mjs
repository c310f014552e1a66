// The six-seat table for the servers on Node: the rules of the workload, and nothing of any server.
const SEATS = 6;
const ACTIONS = 24;
const STACK = 10_000;

export class Table {
  stacks = new Array(SEATS).fill(STACK);
  taken = 0;
  hand = 1;
  seq = 0;
  pot = 0;
  turn = 1;

  // The next seat, and whether that was the last one.
  sit() {
    const seat = this.taken++;
    return { seat, full: this.taken === SEATS };
  }

  // What everybody is told, `null` if it is refused: [update] or [update, over].
  act(seat, { hand, seq, amount }) {
    const good = this.taken === SEATS && seat === this.turn && hand === this.hand
      && seq === this.seq && amount >= 1 && amount <= this.stacks[seat];
    if (!good) return null;
    this.stacks[seat] -= amount;
    this.pot += amount;
    this.seq += 1;
    const last = this.seq === ACTIONS;
    this.turn = last ? -1 : (seat + 1) % SEATS;
    const update = { hand, seq, actor: seat, amount, pot: this.pot, turn: this.turn };
    return last ? [update, this.#over()] : [update];
  }

  #over() {
    const winner = this.hand % SEATS;
    const next = (this.hand + 1) % SEATS;
    const over = { hand: this.hand, winner, pot: this.pot, turn: next };
    this.stacks[winner] += this.pot;
    this.hand += 1;
    this.seq = this.pot = 0;
    this.turn = next;
    return over;
  }
}

const tables = new Map();

export function tableNumber(number, extra) {
  if (!tables.has(number)) tables.set(number, Object.assign(new Table(), extra()));
  return tables.get(number);
}

export const START = { hand: 1, turn: 1 };
export const REFUSED = { why: "refused" };
export const KINDS = ["upd", "over"];
export const port = Number(process.argv[2] ?? 9000);

export function ready() {
  console.log(`ready: port ${port}, process ${process.pid}`);
}

setTimeout(() => process.exit(0), 600_000).unref();
