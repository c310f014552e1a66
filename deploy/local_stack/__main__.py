"""``python -m deploy.local_stack``: start, say where it is, wait for Ctrl-C, stop."""

import argparse
import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from client.probe import probe
from deploy.local_stack.binaries import NotInstalled, find_binaries
from deploy.local_stack.node import NodeFailed
from deploy.local_stack.stack import Lost, Stack, StepFailed
from serve.process import StartFailed
from serve.settings import SettingWrong

LOOK_S = 0.2
HAND_S_MAX = 180.0


class NoHand(Exception):
    """The synthetic player could not play; the message says why."""


FAILURES = (NodeFailed, NoHand, Lost, StepFailed, StartFailed, SettingWrong)


def main() -> int:
    parser = argparse.ArgumentParser("python -m deploy.local_stack", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path(".squaredeal-stack"))
    parser.add_argument("--port", type=int, default=8443, help="of the edge (%(default)s)")
    options = parser.parse_args()
    try:
        stack = Stack(options.data_dir, options.port, find_binaries())
    except NotInstalled as missing:
        _say(f"{missing}")
        return 1
    return run(stack)


def run(stack: Stack) -> int:
    """From the start to the stop; the exit status."""
    # SIGINT too: a job in the background is started without.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.default_int_handler)
    status, stopped = 1, False
    try:
        _start(stack)
        _keep(stack)
    except FAILURES as wrong:
        _say(f"\n{wrong}")
    except KeyboardInterrupt:
        status = 0
    finally:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        stopped = _stopped(stack)
    return status if stopped else 1


def _start(stack: Stack) -> None:
    began = time.monotonic()
    for name, step in stack.steps():
        _say(f"  {name} …", end="")
        at = time.monotonic()
        step()
        _say(f" {time.monotonic() - at:.1f} s")
    _say("  a hand through the edge …", end="")
    _say(f" {_first_hand(stack)}")
    _say(f"Ready in {time.monotonic() - began:.1f} s at {stack.url}. Ctrl-C stops everything.")
    _say(f"  Trust {stack.certificate}: SSL_CERT_FILE={stack.certificate}")
    _say(f"  Operators: squaredeal tables with SQUAREDEAL_CONFIG={stack.config}")


def _first_hand(stack: Stack) -> str:
    """As ``squaredeal probe`` plays it: what is ready is what a player can use. Raises NoHand, and
    Lost as soon as something has ended for good."""
    os.environ["SSL_CERT_FILE"] = str(stack.certificate)
    deadline = time.monotonic() + HAND_S_MAX
    while True:
        report = asyncio.run(probe(stack.url, "", "", "", HAND_S_MAX))
        if report.ok:
            return report.hand
        _revive(stack)
        if time.monotonic() > deadline:
            raise NoHand(f"{report.failed}: {report.why}")
        time.sleep(LOOK_S)


def _keep(stack: Stack) -> NoReturn:
    """Until Ctrl-C."""
    while True:
        _revive(stack)
        time.sleep(LOOK_S)


def _revive(stack: Stack) -> None:
    for name in stack.revive():
        _say(f"{name} had ended, and is started again.")


def _stopped(stack: Stack) -> bool:
    """Whether everything ended as it should."""
    _say("Stopping …")
    try:
        stack.stop()
    except StepFailed as wrong:
        _say(f"{wrong}")
        return False
    _say("Stopped.")
    return True


def _say(line: str, end: str = "\n") -> None:
    print(line, end=end, flush=True)


if __name__ == "__main__":
    sys.exit(main())
