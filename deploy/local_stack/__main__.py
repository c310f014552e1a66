"""``python -m deploy.local_stack``: start, say where it is, wait for Ctrl-C, stop."""

import argparse
import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from client.probe import Report, probe
from deploy.local_stack.binaries import NotInstalled, find_binaries
from deploy.local_stack.node import NodeFailed
from deploy.local_stack.stack import Stack, StepFailed
from serve.process import StartFailed
from serve.settings import SettingWrong

LOOK_S = 0.2
HAND_S_MAX = 180.0


def main() -> int:
    parser = argparse.ArgumentParser("python -m deploy.local_stack", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path(".squaredeal-stack"))
    parser.add_argument("--port", type=int, default=8443, help="of the edge (%(default)s)")
    options = parser.parse_args()
    began = time.monotonic()
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.default_int_handler)
    stack = None
    try:
        stack = Stack(options.data_dir, options.port, find_binaries())
        for name, step in stack.steps():
            _say(f"  {name} …", end="")
            at = time.monotonic()
            step()
            _say(f" {time.monotonic() - at:.1f} s")
        _say("  a hand through the edge …", end="")
        report = _first_hand(stack)
        if not report.ok:
            _say(f" {report.failed}: {report.why}")
            return 1
        _say(f" {report.hand}")
        _say(f"Ready in {time.monotonic() - began:.1f} s at {stack.url}. Ctrl-C stops everything.")
        _say(f"  Trust {stack.certificate}: SSL_CERT_FILE={stack.certificate}")
        _say(f"  Operators: squaredeal tables with SQUAREDEAL_CONFIG={stack.config}")
        return _wait(stack)
    except (NotInstalled, NodeFailed, StepFailed, StartFailed, SettingWrong) as wrong:
        _say(f"\n{wrong}")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        if stack is not None:
            _say("Stopping …")
            stack.stop()
            _say("Stopped.")


def _first_hand(stack: Stack) -> Report:
    """As ``squaredeal probe`` plays it: what is ready is what a player can use."""
    os.environ["SSL_CERT_FILE"] = str(stack.certificate)
    report = Report(failed="sign in")
    deadline = time.monotonic() + HAND_S_MAX
    while not report.ok and time.monotonic() < deadline:
        report = asyncio.run(probe(stack.url, "", "", "", deadline - time.monotonic()))
    return report


def _wait(stack: Stack) -> int:
    while not (lost := stack.lost()):
        time.sleep(LOOK_S)
    _say(f"{lost} has ended; see its log. ")
    return 1


def _say(line: str, end: str = "\n") -> None:
    print(line, end=end, flush=True)


if __name__ == "__main__":
    sys.exit(main())
