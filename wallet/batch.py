"""Many hands as one call of the database: netted by account, ordered, nothing decided here.

Pure; ``wallet.settle_batch`` (``migrations/002_batches.sql``) checks every number of it again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

HOUSE = 0
"""The place of the house's account among the tables."""
NOWHERE = -1
"""The place of a stake that two tables claim: the database refuses it."""


def hand_key(table: str, number: int) -> str:
    """The natural key of a hand's transfer."""
    return f"hand:{table}:{number}"


class Hand(NamedTuple):
    """The result of one hand: (session, change) by session, and the rake; they sum to zero."""

    table: str
    number: int
    epoch: int
    moves: tuple[tuple[UUID, int], ...]
    rake: int

    @property
    def key(self) -> str:
        return hand_key(self.table, self.number)

    @property
    def payload(self) -> bytes:
        return digest("hand", self.table, self.number, self.moves, self.rake)

    @property
    def amount(self) -> int:
        """What the winners and the house got."""
        return sum(change for _, change in self.moves if change > 0) + self.rake


def digest(*parts: object) -> bytes:
    """SHA-256 over what was asked: the same key with another digest is a mistake."""
    return hashlib.sha256(msgspec.json.encode(parts)).digest()


class Batch(NamedTuple):
    """The arguments of ``wallet.settle_batch`` after the settler's number, in their order."""

    names: list[str]
    keys: list[str]
    payloads: list[bytes]
    tables: list[int]
    hands: list[int]
    epochs: list[int]
    amounts: list[int]
    accounts: list[int]
    places: list[int]
    nets: list[int]
    counts: list[int]
    of: list[int]
    on: list[int]
    moves: list[int]
    running: list[int]


def netted(hands: Sequence[Hand], accounts: Mapping[UUID, int], house: int) -> Batch:
    """``accounts`` knows every session of the hands, ``house`` is the account for the rake."""
    names = list(dict.fromkeys(hand.table for hand in hands))
    place_of = {name: place for place, name in enumerate(names, start=1)}
    by_account: dict[int, list[tuple[int, int]]] = {}
    place_at: dict[int, int] = {house: HOUSE}
    for number, hand in enumerate(hands, start=1):
        for session, change in hand.moves:
            # Without a change too: the stake must exist.
            account = accounts[session]
            place = place_of[hand.table]
            if place_at.setdefault(account, place) != place:
                place_at[account] = NOWHERE
            moves = by_account.setdefault(account, [])
            if change:
                moves.append((number, change))
        if hand.rake:
            by_account.setdefault(house, []).append((number, hand.rake))
    ordered = sorted(by_account)
    of: list[int] = []
    on: list[int] = []
    amounts: list[int] = []
    running: list[int] = []
    nets = []
    for position, account in enumerate(ordered, start=1):
        net = 0
        for number, change in by_account[account]:
            net += change
            of.append(number)
            on.append(position)
            amounts.append(change)
            running.append(net)
        nets.append(net)
    return Batch(
        names,
        [hand.key for hand in hands],
        [hand.payload for hand in hands],
        [place_of[hand.table] for hand in hands],
        [hand.number for hand in hands],
        [hand.epoch for hand in hands],
        [hand.amount for hand in hands],
        ordered,
        [place_at[account] for account in ordered],
        nets,
        [len(by_account[account]) for account in ordered],
        of,
        on,
        amounts,
        running,
    )
