"""Journals that earlier versions wrote replay to the same end: rules and formats did not move."""

import json
from pathlib import Path

import pytest

from tests.histories.history import FOLDER, ending, read

FILES = sorted(FOLDER.glob("v*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_recorded_journal_replays_step_by_step(file: Path, tmp_path: Path) -> None:
    replayed, expected = read(file, tmp_path)
    assert replayed.broken == ""
    assert json.loads(json.dumps(ending(replayed.machine))) == expected
    assert replayed.machine.hand > 20


def test_there_are_recordings_and_a_changed_one_is_noticed(tmp_path: Path) -> None:
    assert len(FILES) >= 3
    document = json.loads(FILES[0].read_text("utf-8"))
    # Two commands of the same kind change places: each is legal to read, the story is not.
    acts = [n for n, row in enumerate(document["rows"]) if row[3] == "Act"]
    first, second = document["rows"][acts[0]], document["rows"][acts[-1]]
    first[4], second[4] = second[4], first[4]
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(document))
    replayed, _ = read(changed, tmp_path / "keys")
    assert "row" in replayed.broken
