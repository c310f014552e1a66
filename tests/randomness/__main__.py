"""The long form: the battery over half a million hands, and dieharder over the raw stream.

``make randomness``; ``ARGS="--hands 100000 --tests 0,1,2"`` for less. Exit status 1 if something
is rejected at 99 %, all tests together; 2 if dieharder is not installed.
"""

import argparse
import contextlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.randomness import decks
from tests.randomness.battery import run
from tests.randomness.stats import Result, rejected

TESTS = "0,1,2,3,4,8,9,10,11,12,13,15,16,17,100,101,102,206,209"
"""Those of ``dieharder -l`` that it calls good and that do not read tens of gigabytes."""
LINE = re.compile(r"^\s*(\w+)\|\s*(\d+)\|\s*\d+\|\s*\d+\|([0-9.]+)\|", re.MULTILINE)


def battery(seed: int, hands: int) -> list[Result]:
    """Ours."""
    began = time.monotonic()
    results = run(decks.ours(seed, hands))
    print(f"battery: {hands:,} hands, seed {seed}, {time.monotonic() - began:.0f} s")
    return results


def dieharder(program: str, source: Iterator[bytes], number: int) -> list[Result]:
    """One test of the suite over a stream without end."""
    said = b""
    command = [program, "-g", "200", "-d", str(number)]
    # It hangs up when it has read enough.
    with (
        contextlib.suppress(BrokenPipeError),
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as suite,
    ):
        assert suite.stdin is not None
        assert suite.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            while suite.poll() is None:
                suite.stdin.write(b"".join(next(source) for _ in range(2_048)))
        said = suite.stdout.read()
    found = [
        Result(f"{name} {tuples}", float(p)) for name, tuples, p in LINE.findall(said.decode())
    ]
    if not found:
        sys.exit(f"dieharder said nothing of test {number}:\n{said.decode()}")
    # Its p-values are two-sided: near 1 is as suspect as near 0.
    return [Result(f"dieharder {name}", 2 * min(p, 1 - p)) for name, p in found]


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.randomness", description=__doc__)
    parser.add_argument("--hands", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", default=TESTS, help="numbers of dieharder's tests; empty: none")
    options = parser.parse_args()
    program = shutil.which("dieharder")
    wanted = [int(number) for number in options.tests.split(",") if number]
    results = battery(options.seed, options.hands)
    if wanted and program is None:
        print("dieharder is not installed (apt install dieharder)", file=sys.stderr)
        return 2
    for number in wanted:
        assert program is not None
        began = time.monotonic()
        more = dieharder(program, decks.raw(options.seed), number)
        print(f"{more[0].name}: {len(more)} p-values, {time.monotonic() - began:.0f} s", flush=True)
        results += more
    wrong = rejected(results)
    for result in sorted(results, key=lambda each: each.p):
        print(f"{result.name:40} p = {result.p:.6f}{'  REJECTED' if result in wrong else ''}")
    print(f"{len(results)} tests together at 99 %: {len(wrong)} rejected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
