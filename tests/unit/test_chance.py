"""The source of seeds: what is wrong with it is found before a card is dealt, and mixing helps."""

import random
from pathlib import Path

import pytest

from actors.chance import (
    Chance,
    Health,
    SourceFailed,
    proportion_max,
    repetitions_max,
)


def test_a_good_source_gives_as_many_bytes_as_asked_and_never_the_same() -> None:
    chance = Chance()
    given = [chance(32) for _ in range(200)]
    assert len(set(given)) == 200
    assert [len(chance(count)) for count in (1, 16, 32, 33, 100)] == [1, 16, 32, 33, 100]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("stuck", lambda count: b"\x07" * count),
        ("stuck at the end", lambda count: bytes(range(200)) * 20 + b"x" * (count - 4_000)),
        ("short", lambda count: b"1234"),
        ("few values", lambda count: bytes(random.Random(1).choices(range(8), k=count))),
    ],
)
def test_a_source_that_fails_at_the_start_is_refused(name: str, source: object) -> None:
    with pytest.raises(SourceFailed):
        Chance(source=source)  # type: ignore[arg-type]


def test_a_source_that_fails_later_stops_the_deal() -> None:
    good = random.Random(1)
    stuck = False

    def source(count: int) -> bytes:
        return b"\0" * count if stuck else good.randbytes(count)

    chance = Chance(source=source)
    assert len(chance(32)) == 32
    stuck = True
    with pytest.raises(SourceFailed, match="times running"):
        chance(32)


def test_the_cutoffs_are_the_standards_for_full_entropy_bytes_and_two_to_the_minus_forty() -> None:
    assert repetitions_max() == 5  # the sixth is one too many: C = 1 + 40 / 8
    Health().watch(b"abcccccd")
    with pytest.raises(SourceFailed):
        Health().watch(b"abcccccc")
    cutoff = proportion_max()
    assert 15 < cutoff < 25
    spread = b"".join(b"\0" + bytes([1 + n, 100 + n]) for n in range(cutoff))
    Health().watch(spread)
    with pytest.raises(SourceFailed, match="times among"):
        Health().watch(spread + b"\0")


def test_good_sources_raise_no_alarm_over_millions_of_bytes() -> None:
    health, chance = Health(), random.Random(4)
    for _ in range(2_000):
        health.watch(chance.randbytes(1_024))


def test_what_an_operator_mixes_in_changes_every_seed(tmp_path: Path) -> None:
    def drawn(mixed: Path | None) -> bytes:
        return Chance(mixed, random.Random(9).randbytes)(32)

    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"1" * 64)
    other.write_bytes(b"2" * 64)
    assert len({drawn(None), drawn(one), drawn(other)}) == 3
    assert drawn(one) == drawn(one)
    chance = Chance(one, random.Random(9).randbytes)
    one.write_bytes(b"3" * 64)
    chance.reseed()
    assert chance(32) != drawn(other)


def test_a_mixed_source_that_gives_nothing_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(SourceFailed, match="0 of 64 bytes"):
        Chance(empty)
    with pytest.raises(FileNotFoundError):
        Chance(tmp_path / "none")
