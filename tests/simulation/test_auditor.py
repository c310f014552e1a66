"""The auditor is worth something: each way of breaking the server is found within a few seeds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest

from actors import replay
from actors.broadcast import Broadcast
from actors.journal import Pen, Row
from actors.replies import Replies, Reply
from actors.scribe import Scribe
from actors.table import Table
from games.fair.seal import SealedDeck
from games.holdem import view
from games.protocol import RAIL
from tests.simulation.journal_twin import JournalTwin
from tests.simulation.ledger_twin import LedgerTwin
from tests.simulation.runs import simulate
from wallet.results import Result

SEEDS = range(30)


def found(words: str, seeds: range = SEEDS) -> str:
    """The first finding with these words; the findings of all seeds, if there is none."""
    others: list[str] = []
    for seed in seeds:
        findings = simulate(seed, hands=20).findings
        for finding in findings:
            if words in finding:
                return finding
        others += findings[:1]
    raise AssertionError(f"not found; but {others}")


def test_showing_before_the_journal_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(scribe: Scribe, author: Any, row: Row) -> None:
        honest(scribe, author, row)
        author.durable(row.seq)

    honest = Scribe.write
    monkeypatch.setattr(Scribe, "write", write)
    assert found("taken back") or found("is not in the archive")


def test_a_journal_without_a_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_stale(journal: JournalTwin, table: str, epoch: int) -> bool:
        return False

    monkeypatch.setattr(JournalTwin, "is_stale", is_stale)
    assert found("began")


def test_a_settlement_that_counts_each_time_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    honest = LedgerTwin.settle

    async def settle(
        ledger: LedgerTwin,
        table: str,
        hand: int,
        epoch: int,
        moves: Sequence[tuple[UUID, int]],
        rake: int,
    ) -> Result:
        asked.append(hand)
        return await honest(ledger, table, hand + 1_000_000 * len(asked), epoch, moves, rake)

    monkeypatch.setattr(LedgerTwin, "settle", settle)
    assert found("was settled 2 times")


def test_a_deal_that_shows_everybody_the_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    def redact(event: Any, viewer: int) -> Any:
        return event if viewer != RAIL else honest(event, viewer)

    honest = view.redact
    monkeypatch.setattr(view, "redact", redact)
    assert found("was shown the cards of seat")


def test_a_request_that_is_done_each_time_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(replies: Replies, player: str, ref: str) -> tuple[bool, Reply | None]:
        honest(replies, player, ref)
        return True, None

    honest = Replies.begin
    monkeypatch.setattr(Replies, "begin", begin)
    assert found("refused when it was repeated")


def test_answers_that_do_not_outlive_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def restore(replies: Replies, player: str, reply: Reply) -> None:
        """Forget it."""

    monkeypatch.setattr(Replies, "restore", restore)
    assert found("refused when it was repeated")


def test_an_update_that_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    def missed(broadcast: Any, epoch: int, seq: int, player: str) -> Any:
        updates = honest(broadcast, epoch, seq, player)
        return updates[1:] if updates else updates

    honest = Broadcast.missed
    monkeypatch.setattr(Broadcast, "missed", missed)
    assert found("asked from")


def test_a_recovery_that_deals_other_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_snapshot(pen: Pen, row: Row) -> Any:
        saved = honest(pen, row)
        table = msgspec.structs.replace(saved.table, seed=bytes(32))
        return msgspec.structs.replace(saved, table=table)

    honest = Pen.read_snapshot
    monkeypatch.setattr(Pen, "read_snapshot", read_snapshot)
    assert found("broken")
    monkeypatch.setattr(replay, "chained", lambda *_: _Anything())
    assert found("taken back")


class _Anything(bytes):
    """Equal to every digest: a replay that checks nothing."""

    __hash__ = bytes.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def test_a_stake_that_goes_home_before_its_last_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def send_home(table: Table, errand: Any) -> None:
        table._cashier.expect(1)
        table._run_errand(errand)

    monkeypatch.setattr(Table, "send_home", send_home)
    # A rare meeting: a top-up on its way while its player stands up in his last hand.
    assert found("unknown_account", range(300))


def test_a_chip_that_goes_to_the_wrong_player(monkeypatch: pytest.MonkeyPatch) -> None:
    async def settle(
        ledger: LedgerTwin,
        table: str,
        hand: int,
        epoch: int,
        moves: Sequence[tuple[UUID, int]],
        rake: int,
    ) -> Result:
        (one, lost), (other, won), *rest = sorted(moves, key=lambda move: move[1])
        wrong = [(one, lost + 1), (other, won - 1), *rest]
        return await honest(ledger, table, hand, epoch, wrong, rake)

    honest = LedgerTwin.settle
    monkeypatch.setattr(LedgerTwin, "settle", settle)
    assert found("should have")


def test_a_card_that_is_not_the_sealed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(sealed: SealedDeck, positions: Any) -> Any:
        return honest(sealed, [position ^ 1 for position in positions])

    honest = SealedDeck.open
    monkeypatch.setattr(SealedDeck, "open", opened)
    assert found("not what was sealed")
