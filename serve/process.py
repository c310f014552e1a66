"""Child processes that never outlive us, and free ports for them."""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
POLL_S = 0.005
RETRY_S = 0.1


class StartFailed(Exception):
    """A child process did not come up; the message names its log."""


def spawn(
    command: Sequence[str | Path],
    *,
    log: IO[bytes],
    death_signal: signal.Signals,
    account: pwd.struct_passwd | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (Ctrl-C is ours to handle).

    When the calling *thread* dies the kernel sends it ``death_signal`` (Linux): call this from
    the main thread. ``account`` is who the child runs as.
    """
    return subprocess.Popen(  # noqa: S603
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        cwd="/",
        preexec_fn=_die_with_parent(death_signal),
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    # Loaded here: between fork and exec only async-signal-safe work is allowed.
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def stop(process: subprocess.Popen[bytes], first: signal.Signals, seconds: float) -> None:
    """Ask with ``first``; kill what has not ended ``seconds`` later."""
    if process.poll() is not None:
        return
    process.send_signal(first)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    what: str,
    log: Path,
    seconds: float,
) -> None:
    """Poll until ``ready``; raises StartFailed if the child ends or the time does."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise StartFailed(f"{what} ended with status {process.returncode}; see {log}")
        if time.monotonic() > deadline:
            raise StartFailed(f"{what} was not ready after {seconds:.0f} s; see {log}")
        time.sleep(POLL_S)


def start_again(start: Callable[[float], None], what: str, log: Path, seconds: float) -> None:
    """Call ``start(seconds left)`` until it does not raise; raises StartFailed after ``seconds``.

    What a killed process held is free only a moment later, and how much later is not ours to know.
    """
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        try:
            return start(left)
        except (StartFailed, OSError):  # the latter: no process or no space to be had just now
            time.sleep(RETRY_S)
    raise StartFailed(f"{what} ended and did not start again in {seconds:.0f} s; see {log}")


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_gone(pid: int, seconds: float) -> bool:
    """Whether a process that is not our child has ended within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 0)
            time.sleep(POLL_S)
            continue
        return True
    return False
