"""Broken frames change nothing that they may not; the long form sends a million: ``make fuzz``."""

import pytest

from tests.redteam.fuzz import Fuzzer, fuzz
from tests.simulation.crowd import Line
from tests.simulation.loop import run
from wire.codec import Codec

FRAMES = 30_000


@pytest.mark.parametrize("seed", [5, 6])
def test_broken_frames_stop_no_table_and_move_no_chip(seed: int) -> None:
    counts, wrong = run(fuzz(seed, FRAMES))
    assert wrong == []
    assert counts["frames"] == FRAMES
    assert counts["hands"] >= 30
    assert min(counts["let through"], counts["frame_invalid"], counts["frame_unknown"]) > 500


def test_a_table_that_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    send = Fuzzer.send

    def clumsy(self: Fuzzer, line: Line, codec: Codec, data: bytes) -> None:
        send(self, line, codec, data)
        if self.counts["frames"] == 1_000:
            raise ValueError("a table raised")

    monkeypatch.setattr(Fuzzer, "send", clumsy)
    _, wrong = run(fuzz(5, FRAMES))
    assert any("a table raised" in each for each in wrong)
