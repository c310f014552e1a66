"""What the stack starts: kept running, and stopped whatever goes wrong. No store is needed."""

from pathlib import Path

import pytest

from deploy.local_stack import stack as local_stack
from deploy.local_stack.__main__ import _first_hand
from deploy.local_stack.binaries import Binaries
from deploy.local_stack.stack import Lost, Stack, StepFailed
from serve.process import free_port

ENDS = ("-c", "print('ended', flush=True)")
SLEEPS = ("-c", "import signal; print('begun', flush=True); signal.pause()")


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path, free_port(), Binaries(tmp_path / "none", tmp_path / "none"))


def test_what_could_not_be_closed_is_said_and_everything_ends(stack: Stack) -> None:
    program = stack._keep(stack._program("sleeper", *SLEEPS))
    assert program.says("begun")
    stack._undo.callback(stack._close_tables)  # there are no settings, and no cluster
    with pytest.raises(StepFailed, match=r"settings\.toml"):
        stack.stop()
    assert program.ended


def test_what_ends_is_started_again_unless_it_never_stays(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = stack._keep(stack._program("brief", *ENDS))
    program._process.wait()
    with pytest.raises(Lost, match=r"brief has ended; see .*brief\.log"):
        stack.revive()
    monkeypatch.setattr(local_stack, "STAYS_S", 0.0)
    assert stack.revive() == ["brief"]
    program._process.wait()
    assert program.log.read_text("utf-8") == "ended\n" * 2
    stack.stop()


def test_nobody_waits_for_a_hand_when_what_it_needs_has_ended(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "")  # put back as it was
    stack._files()
    program = stack._keep(stack._program("edge", *ENDS))
    program._process.wait()
    with pytest.raises(Lost, match="edge has ended"):
        _first_hand(stack)
    stack.stop()


def test_without_its_head_there_is_no_cluster(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_stack, "STAYS_S", 0.0)
    head = stack._keep(stack._program("head", *ENDS))
    head._process.wait()
    with pytest.raises(Lost, match="head has ended"):
        stack.revive()
    stack.stop()
