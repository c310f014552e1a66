"""Nobody is told what he may not know; and whoever is, is found. The long form plays thousands of
hands: ``python -m tests.redteam.leaks``."""

import logging
from typing import Any

import pytest

from actors.dealer import Dealer
from games.holdem import view
from tests.redteam.leaks import LOGS, RAIL, overhear
from tests.simulation.loop import run

HANDS = 25


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_told_what_he_may_not_know(seed: int) -> None:
    hands, found, tap = run(overhear(seed, HANDS))
    assert found == []
    assert hands >= HANDS
    assert RAIL in tap.by_whom
    assert len(tap.by_whom) >= 3
    assert all(ear.data.tell() > 10_000 for ear in tap.by_whom.values())


def test_a_card_that_everybody_sees_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(event: Any, viewer: int) -> Any:
        return event

    monkeypatch.setattr(view, "redact", blind)
    _, found, _ = run(overhear(1, HANDS))
    assert any(each.startswith(f"{RAIL} was shown") for each in found)
    assert any(each.startswith(f"{RAIL} was told a secret") for each in found), "the salt with it"


def test_a_seed_in_the_logs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    used = Dealer.begin

    def careless(self: Dealer, *args: Any) -> Any:
        logging.getLogger("actors.dealer").debug("dealing from %s", self.used_seed.hex())
        return used(self, *args)

    monkeypatch.setattr(Dealer, "begin", careless)
    _, found, _ = run(overhear(1, HANDS))
    assert any(each.startswith(f"{LOGS} was told") for each in found)


def test_a_field_that_nobody_knows_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.redteam import leaks

    monkeypatch.setattr(leaks, "NUMBERS", leaks.NUMBERS - {"stacks"})
    _, found, _ = run(overhear(1, HANDS))
    assert any("'stacks'" in each for each in found)
