"""Journals that earlier versions wrote replay to the same end: rules and formats did not move."""

import json
import random
from pathlib import Path

import pytest

from actors.journal import FORM_READ, FORM_WRITTEN, SNAPSHOT, Pen
from actors.replay import replay
from auth.seals import Seals
from tests.histories.history import FOLDER, ending, read, record
from tests.property.test_machine_properties import spec

FILES = sorted(FOLDER.glob("v*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_recorded_journal_replays_step_by_step(file: Path, tmp_path: Path) -> None:
    replayed, expected = read(file, tmp_path)
    assert replayed.broken == ""
    assert json.loads(json.dumps(ending(replayed.machine))) == expected
    assert replayed.machine.hand > 20


def test_there_are_recordings_and_a_changed_one_is_noticed(tmp_path: Path) -> None:
    forms = {int(file.stem.removeprefix("v").partition("-")[0]) for file in FILES}
    assert forms == set(range(1, FORM_READ + 1))
    document = json.loads(FILES[0].read_text("utf-8"))
    # Two commands of the same kind change places: each is legal to read, the story is not.
    acts = [n for n, row in enumerate(document["rows"]) if row[3] == "Act"]
    first, second = document["rows"][acts[0]], document["rows"][acts[-1]]
    first[4], second[4] = second[4], first[4]
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(document))
    replayed, _ = read(changed, tmp_path / "keys")
    assert "row" in replayed.broken


def test_what_is_written_was_read_by_the_release_before() -> None:
    assert FORM_READ - 1 <= FORM_WRITTEN <= FORM_READ


@pytest.mark.parametrize("seed", range(4))
def test_whatever_bit_flips_the_replay_ends_with_a_reason_and_never_raises(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    rows, _ = record(seed, 6, seals := Seals.generate(tmp_path))
    last = max(n for n, row in enumerate(rows) if row.kind == SNAPSHOT)
    rows = rows[last:]
    whole = ending(replay(spec(6), rows, Pen("t", 2, seals), 0).machine)
    for _ in range(300):
        place = chance.randrange(len(rows))
        body = bytearray(rows[place].body)
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        damaged = [*rows]
        damaged[place] = rows[place]._replace(body=bytes(body))
        state = replay(spec(6), damaged, Pen("t", 2, seals), 0)
        # A reference is no part of the chain, and MessagePack has two forms for one thing.
        assert state.broken or ending(state.machine) == whole
