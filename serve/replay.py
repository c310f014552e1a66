"""``squaredeal replay``: recorded hands (PHH) through the rules, or through a running server."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from games.phh import Mismatch, Recorded, load, replay
from serve.settings import SettingWrong

SHOWN_MAX = 10


def replay_command(arguments: list[str]) -> int:
    """Replay every hand; 0 if all end with the recorded stacks, 1 if one does not."""
    parser = argparse.ArgumentParser(
        "squaredeal replay",
        description="Replay hands in PHH (no-limit hold'em) and compare the stacks they end with.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".phh or .phhs files")
    parser.add_argument("--live", metavar="URL", help="play them through a running test server")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N hands")
    options = parser.parse_args(arguments)
    if options.limit is not None and options.limit < 1:
        raise SettingWrong("limit: at least 1")
    hands = _read(options.files, options.limit)
    if options.live:
        from client.replay import replay_live

        given = list(hands)
        playable = [each for each in given if not each[1].rake]
        if len(playable) < len(given):
            print(f"{len(given) - len(playable)} hands left out: a live table takes its own rake")
        report = asyncio.run(replay_live(options.live, playable))
        count, wrong = report.hands, report.wrong
    else:
        count, wrong = _replay_here(hands)
    print(f"{count} hands, {len(wrong)} mismatches")
    for line in wrong[:SHOWN_MAX]:
        print(f"  {line}")
    if not count:
        print("squaredeal: no hands in these files", file=sys.stderr)
    return 1 if wrong or not count else 0


def _read(files: list[Path], limit: int | None) -> Iterator[tuple[str, Recorded]]:
    """The hands with where they come from; raises SettingWrong for what can't be read."""
    given = 0
    for path in files:
        try:
            for hand in load(path.read_text("utf-8")):
                if limit is not None and given >= limit:
                    return
                given += 1
                yield f"{path.name} hand {hand.name}", hand
        except (OSError, ValueError) as wrong:
            raise SettingWrong(f"{path}: {wrong}") from None


def _replay_here(hands: Iterator[tuple[str, Recorded]]) -> tuple[int, list[str]]:
    count = 0
    wrong = []
    for name, hand in hands:
        count += 1
        try:
            replay(hand)
        except (Mismatch, ValueError, IndexError) as difference:
            wrong.append(f"{name}: {difference}")
    return count, wrong
