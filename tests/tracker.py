"""A hand-history tracker's view of PokerStars text: strict, and it counts every chip itself."""

import re
from collections import defaultdict

NAME = r"(?P<name>[\w-]+)"
HEAD = re.compile(
    r"PokerStars Hand #\d+:  Hold'em No Limit \(\d+/\d+\) - \d{4}/\d\d/\d\d \d\d:\d\d:\d\d UTC"
)
TABLE = re.compile(r"Table '[^']+' \d+-max Seat #(\d+) is the button")
SEAT = re.compile(rf"Seat (\d+): {NAME} \((\d+) in chips\)")
CARDS = r"\[(?:[2-9TJQKA][cdhs] ?)+\]"
POST = re.compile(
    rf"{NAME}: posts (the ante|small blind|big blind|straddle|dead small blind) (?P<paid>\d+)"
)
PASSIVE = re.compile(rf"{NAME}: (folds|checks)")
PAY = re.compile(rf"{NAME}: (calls|bets) (?P<paid>\d+)( and is all-in)?")
RAISE = re.compile(rf"{NAME}: raises (?P<by>\d+) to (?P<to>\d+)( and is all-in)?")
RETURNED = re.compile(rf"Uncalled bet \((?P<paid>\d+)\) returned to {NAME}")
COLLECTED = re.compile(rf"{NAME} collected (?P<paid>\d+) from (pot|main pot|side pot(-\d+)?)")
STREET = re.compile(rf"\*\*\* (FLOP|TURN|RIVER) \*\*\* {CARDS}( {CARDS})?")
OTHER = re.compile(
    rf"\*\*\* (HOLE CARDS|SHOW DOWN) \*\*\*|Dealt to [\w-]+ {CARDS}|"
    rf"[\w-]+: (shows {CARDS} \([^)]+\)|mucks hand)"
)
TOTAL = re.compile(r"Total pot (?P<pot>\d+) \| Rake (?P<rake>\d+)")
END = re.compile(
    rf"Board {CARDS}|Seat \d+: [\w-]+( \([a-z ]+\))* (folded|mucked|showed|collected).*"
)


class Unreadable(Exception):
    """A line that no tracker would know."""


class Ledger:
    """Chips by name while the text is read."""

    def __init__(self) -> None:
        self.stacks: dict[str, int] = {}
        self.street: defaultdict[str, int] = defaultdict(int)
        self.level = 0
        self.pot = 0
        self.collected = 0

    def pay(self, name: str, chips: int, live: bool = True) -> None:
        self.stacks[name] -= chips
        assert self.stacks[name] >= 0, f"{name} pays more than he has"
        self.pot += chips
        if live:
            self.street[name] += chips
            self.level = max(self.level, self.street[name])


def read(text: str) -> dict[str, int]:
    """Stacks at the end, by name. Raises Unreadable; asserts that the amounts agree."""
    head, table, *lines = text.strip("\n").split("\n")
    if not HEAD.fullmatch(head) or not TABLE.fullmatch(table):
        raise Unreadable(head, table)
    books = Ledger()
    summary = lines.index("*** SUMMARY ***")
    for line in lines[:summary]:
        _line(books, line)
    total = TOTAL.fullmatch(lines[summary + 1])
    if total is None or not all(END.fullmatch(line) for line in lines[summary + 2 :]):
        raise Unreadable("\n".join(lines[summary:]))
    assert int(total["pot"]) == books.pot
    assert books.collected + int(total["rake"]) == books.pot
    return books.stacks


def _line(books: Ledger, line: str) -> None:
    if found := SEAT.fullmatch(line):
        books.stacks[found["name"]] = int(found[3])
    elif found := POST.fullmatch(line):
        books.pay(
            found["name"], int(found["paid"]), found[2] not in ("the ante", "dead small blind")
        )
    elif found := PAY.fullmatch(line):
        books.pay(found["name"], int(found["paid"]))
    elif found := RAISE.fullmatch(line):
        name, to = found["name"], int(found["to"])
        books.pay(name, to - books.street[name])
        books.level = max(books.level, to)
    elif found := RETURNED.fullmatch(line):
        books.stacks[found["name"]] += int(found["paid"])
        books.pot -= int(found["paid"])
    elif found := COLLECTED.fullmatch(line):
        books.stacks[found["name"]] += int(found["paid"])
        books.collected += int(found["paid"])
    elif STREET.fullmatch(line):
        books.street.clear()
    elif not PASSIVE.fullmatch(line) and not OTHER.fullmatch(line):
        raise Unreadable(line)
