"""Keys of the journal: what is sealed opens only where it belongs, with a key that is there."""

from pathlib import Path

import pytest

from auth.seals import SealBroken, Seals


def test_what_was_sealed_opens_at_its_place_and_nowhere_else(tmp_path: Path) -> None:
    seals = Seals.generate(tmp_path)
    sealed = seals.seal(b"seed", "oak/1")
    assert b"seed" not in sealed
    assert seals.open(sealed, "oak/1") == b"seed"
    for place, value in (("oak/2", sealed), ("oak/1", sealed[:-1] + b"x"), ("oak/1", b"")):
        with pytest.raises(SealBroken):
            seals.open(value, place)


def test_a_rotated_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    old = Seals.generate(tmp_path)
    before = old.seal(b"seed", "oak/1")
    new = Seals.rotate(tmp_path)
    after = new.seal(b"seed", "oak/1")
    assert before[:2] != after[:2]
    assert new.open(before, "oak/1") == b"seed"
    # A process that began before the rotation finds the new key when it needs it.
    assert old.open(after, "oak/1") == b"seed"
    (tmp_path / "0001.key").unlink()
    with pytest.raises(SealBroken, match="no key number 1"):
        Seals(tmp_path).open(before, "oak/1")


def test_keys_that_others_may_read_or_that_are_no_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SealBroken, match="no key"):
        Seals(tmp_path)
    Seals.generate(tmp_path)
    key = tmp_path / "0001.key"
    key.chmod(0o644)
    with pytest.raises(SealBroken, match="open to other users"):
        Seals(tmp_path)
    key.chmod(0o600)
    key.write_bytes(b"short")
    with pytest.raises(SealBroken, match="32 bytes"):
        Seals(tmp_path)


def test_making_a_first_key_twice_keeps_the_first(tmp_path: Path) -> None:
    sealed = Seals.generate(tmp_path).seal(b"seed", "x")
    assert Seals.generate(tmp_path).open(sealed, "x") == b"seed"
