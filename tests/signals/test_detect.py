"""Colluders planted among honest bots: who is found, and who is not. Precision and recall of this
run are in docs/signals.md."""

from functools import cache

import pytest

from serve.signals.detect import Finding, Login, detect, shared_address
from tests.signals.town import Town

HONEST, PAIRS, SITTINGS = 24, 3, 240
PLOTS = ("chip_dumping", "soft_play", "best_hand_play")


@cache
def played(seed: int) -> tuple[dict[str, set[tuple[str, ...]]], list[Finding]]:
    """Who is in which plot, and what was found."""
    town = Town(seed, HONEST)
    guilty: dict[str, set[tuple[str, ...]]] = {
        plot: {tuple(sorted(town.plant(plot, n))) for n in range(PAIRS)} for plot in PLOTS
    }
    guilty["superhuman"] = {(town.plant_bot(n),) for n in range(PAIRS)}
    town.play(SITTINGS)
    return guilty, detect(town.hands, town.logins)


@pytest.mark.parametrize("kind", [*PLOTS, "superhuman"])
def test_planted_plots_are_found(kind: str) -> None:
    guilty, findings = played(1)
    found = {tuple(sorted(each.players)) for each in findings if each.kind == kind}
    assert len(found & guilty[kind]) >= 2, "recall of two in three at least"


def test_the_honest_are_left_alone() -> None:
    guilty, findings = played(1)
    plotters = {name for pairs in guilty.values() for pair in pairs for name in pair}
    accused = [each for each in findings if not set(each.players) <= plotters]
    assert accused == []


def test_nothing_is_found_where_nobody_plots() -> None:
    town = Town(2, HONEST)
    town.play(SITTINGS // 2)
    assert detect(town.hands, town.logins) == []


def test_a_finding_has_hands_to_look_at_and_a_score() -> None:
    _, findings = played(1)
    assert [each.score for each in findings] == sorted(
        (each.score for each in findings), reverse=True
    )
    for each in findings:
        assert 0 < each.score <= 100
        if each.kind in PLOTS:
            assert each.evidence["look_at"]


def test_two_from_one_address_who_meet_are_found_and_a_school_is_not() -> None:
    town = Town(3, 12)
    town.play(10)
    a, b, *rest = sorted({name for hand in town.hands for name in hand.net})
    home = [Login(a, "192.0.2.1", "Phone/1"), Login(b, "192.0.2.1", "Phone/1")]
    (found,) = shared_address(town.hands, home)
    assert (found.players, found.score) == ((a, b), 70)
    school = [Login(name, "192.0.2.1", "Browser/1") for name in (a, b, *rest)]
    assert list(shared_address(town.hands, school)) == []
    assert list(shared_address([], home)) == [], "they have never met"
