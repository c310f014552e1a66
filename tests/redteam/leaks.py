"""Whether anybody was told what he may not know: ``python -m tests.redteam.leaks --hands 5000``.

A simulated room plays, with crashes, take-overs and spectators. Every byte that was sent to every
client and to the rail, and every line of the logs, is kept. Afterwards the seeds of all hands are
opened and each secret is looked for: the seed, the salts of cards that he did not see (whoever has
a salt finds the card by trying), in the forms in which bytes are written, and cards in any field.
"""

import argparse
import base64
import io
import logging
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from actors.archive import FinishedHand
from actors.table import Table
from games.fair.records import DeckSealed
from games.fair.seal import SealedDeck
from games.holdem import records as r
from games.protocol import NO_SEAT
from tests.simulation.crowd import Line
from tests.simulation.loop import run
from tests.simulation.runs import seals
from tests.simulation.world import World, plan
from wire.codec import CODECS, JSON
from wire.server_frames import ServerFrame, Update

RAIL: Final = "rail"
LOGS: Final = "logs"
CARDS: Final = frozenset({"cards", "board", "shown"})
"""Fields that hold cards …"""
NUMBERS: Final = frozenset({"bets", "shares", "stacks", "seats", "pots"})
"""… and lists of numbers that do not. One that is in neither is a finding."""
BETWEEN: Final = 0


class Heard(msgspec.Struct):
    """What somebody was sent: all of its bytes, and cards by hand."""

    data: io.BytesIO
    cards: defaultdict[tuple[str, int], set[int]]
    hand: dict[int, int]
    """Which one each line is at: an old line may still be open beside the new one."""
    fields: set[str]


def heard() -> Heard:
    return Heard(io.BytesIO(), defaultdict(set), {}, set())


class Wiretap:
    """Listens at every line of a world."""

    def __init__(self) -> None:
        self.by_whom: defaultdict[str, Heard] = defaultdict(heard)

    def tap(self, world: World) -> None:
        saw = world.saw

        def saw_and_kept(line: Line, data: bytes) -> ServerFrame:
            self.note(line.player_id, id(line), line.client.table, line.codec.name, data)
            self._tap_rail(line.room)
            return saw(line, data)

        world.saw = saw_and_kept  # type: ignore[method-assign]

    def _tap_rail(self, table: Table) -> None:
        if table.broadcast.rail is None:

            def told(update: Update) -> None:
                self.note(RAIL, id(table), table.spec.table, JSON, CODECS[JSON].encode(update))

            table.broadcast.rail = told

    def note(self, whom: str, line: int, table: str, codec: str, data: bytes) -> None:
        """One frame."""
        ear = self.by_whom[whom]
        ear.data.write(data)
        plain = (msgspec.json if codec == JSON else msgspec.msgpack).decode(data)
        for event in plain.get("events", ()) if isinstance(plain, dict) else ():
            if event["type"] == "hand_started":
                ear.hand[line] = event["hand"]
            self._cards(ear, (table, ear.hand.get(line, BETWEEN)), event)
        view = plain.get("view") or {}
        if view.get("hand"):
            ear.hand[line] = view["hand"]["hand"]
        self._cards(ear, (table, ear.hand.get(line, BETWEEN)), view)

    def _cards(self, ear: Heard, hand: tuple[str, int], value: Any, name: str = "") -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                self._cards(ear, hand, each, key)
        elif isinstance(value, list):
            if value and all(type(each) is int for each in value):
                ear.fields.add(name)
                if name in CARDS:
                    ear.cards[hand].update(value)
            else:
                for each in value:
                    self._cards(ear, hand, each, name)


def secrets_of(hand: FinishedHand) -> SealedDeck | None:
    """The deck of a hand, with every salt; None if its seed was lost with a damaged journal."""
    for event in hand.events:
        if isinstance(event, DeckSealed) and hand.seed:
            return SealedDeck(hand.seed, hand.table, hand.hand, event.entropies)
    return None


def allowed(hand: FinishedHand, whom: str) -> set[int]:
    """The cards that somebody may have seen: the board, hands that were shown, his own."""
    seat = next((at for at, player in hand.players if player.id == whom), NO_SEAT)
    seen: set[int] = set()
    for event in hand.events:
        match event:
            case r.BoardDealt(cards=cards) | r.HandShown(cards=cards):
                seen.update(cards)
            case r.HoleDealt(seat=at, cards=cards) if at == seat:
                seen.update(cards)
            case _:
                pass
    return seen


def forms(secret: bytes) -> Iterator[bytes]:
    """How bytes may be written."""
    yield secret
    yield secret.hex().encode()
    yield base64.b64encode(secret).rstrip(b"=")[:-1]
    yield base64.urlsafe_b64encode(secret).rstrip(b"=")[:-1]
    yield repr(secret)[2:-1].encode()


def findings(world: World, tap: Wiretap, logs: str) -> Iterator[str]:
    """Every secret that somebody was told."""
    written = {whom: ear.data.getvalue() for whom, ear in tap.by_whom.items()}
    written[LOGS] = logs.encode()
    for (table, number), hand in world.journal.hands.items():
        deck = secrets_of(hand)
        if deck is None:
            continue
        openings = deck.open(range(len(deck.deck)))
        for whom, data in written.items():
            seen = set() if whom == LOGS else allowed(hand, whom)
            unseen = [o.salt for o, card in zip(openings, deck.deck, strict=True)
                      if card not in seen]  # fmt: skip
            for secret in (deck.seed, *unseen):
                if any(form in data for form in forms(secret)):
                    yield f"{whom} was told a secret of {table} hand {number}"
    for whom, ear in tap.by_whom.items():
        for (table, number), cards in ear.cards.items():
            known = world.journal.hands.get((table, number))
            if known is not None and not cards <= (may := allowed(known, whom)):
                yield f"{whom} was shown {cards - may} of {table} hand {number}"
        for field in ear.fields - CARDS - NUMBERS:
            yield f"nobody has said whether the numbers in {field!r} are cards"


async def overhear(seed: int, hands: int) -> tuple[int, list[str], Wiretap]:
    """Play one seed and search; how many hands, and what was found."""
    lines = io.StringIO()
    handler, root = logging.StreamHandler(lines), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        world, tap = World(plan(seed, hands), seals()), Wiretap()
        tap.tap(world)
        await world.run()
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    return len(world.journal.hands), [*findings(world, tap, lines.getvalue())], tap


def main() -> int:
    """The exit status: 1 after a leak."""
    ask = argparse.ArgumentParser(prog="python -m tests.redteam.leaks")
    ask.add_argument("--hands", type=int, default=5_000)
    ask.add_argument("--per-seed", type=int, default=40)
    options = ask.parse_args()
    hands, seed = 0, 0
    while hands < options.hands:
        played, found, _ = run(overhear(seed, options.per_seed))
        hands, seed = hands + played, seed + 1
        if found:
            print(f"seed {seed - 1}:", *found, sep="\n  ")
            return 1
    print(f"{hands} hands: nobody was told what he may not know")
    return 0


if __name__ == "__main__":
    sys.exit(main())
