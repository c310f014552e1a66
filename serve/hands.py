"""``squaredeal hands list | show | check``: the records of hands, for operators and auditors.

Beside a running server, or without one on the data it left.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime
from typing import TypeVar

import asyncpg
import msgspec
from rich.console import Console
from rich.table import Table

from actors.archive import Archive, ArchivedHand, Search
from games.history import NotWritable
from games.holdem.records import HandEnded
from serve.hand_text import WRITERS, text_of
from serve.ledger_check import database_of
from serve.records import AUDITOR, record_of
from serve.settings import Settings, SettingWrong, config_file, read_settings

T = TypeVar("T")
PROGRAM = "squaredeal hands"
LISTED = 20
LISTED_MAX = 1_000


def hands_command(arguments: list[str]) -> int:
    """Run one; 0, or 1 if a record was altered."""
    options = _parser().parse_args(arguments)
    flags = []
    for name in ("data_dir", "database_dsn_file"):
        if getattr(options, name) is not None:
            flags += [f"--{name.replace('_', '-')}", getattr(options, name)]
    settings = read_settings(flags, config_file(flags), PROGRAM)
    if options.what == "check":
        return _check(settings)
    if options.what == "show":
        return _show(settings, options)
    return _list(settings, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(PROGRAM, description="The records of hands.")
    what = parser.add_subparsers(dest="what", required=True)
    listing = what.add_parser("list", help="hands, newest first")
    listing.add_argument("--table")
    listing.add_argument("--player", help="name or id")
    listing.add_argument("--since", type=instant, help="ISO 8601, such as 2026-01-02T03:04+00:00")
    listing.add_argument("--until", type=instant)
    listing.add_argument("--limit", type=int, default=LISTED, help="at most so many (%(default)s)")
    showing = what.add_parser("show", help="one hand: its record, or its text for other programs")
    showing.add_argument("hand", help="TABLE/NUMBER")
    showing.add_argument("--seat", type=int, default=AUDITOR, help="as this seat saw it")
    showing.add_argument("--format", choices=("json", *WRITERS), default="json")
    checking = what.add_parser("check", help="prove that no record was altered")
    for each in (listing, showing, checking):
        each.add_argument("--data-dir", default=None, help="the server's data folder")
        each.add_argument("--database-dsn-file", default=None, help="file with a Postgres DSN")
    return parser


def instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return found


def _ask(settings: Settings, question: Callable[[Archive], Awaitable[T]]) -> T:
    async def ask(dsn: str) -> T:
        try:
            pool = await asyncpg.create_pool(dsn, min_size=1, max_size=1, timeout=5)
        except (OSError, asyncpg.PostgresError) as failure:
            raise SettingWrong(f"the database does not answer: {failure}") from None
        async with pool:
            return await question(Archive(pool))

    with ExitStack() as stack:
        return asyncio.run(ask(database_of(settings, stack)))


def _check(settings: Settings) -> int:
    count, altered = _ask(settings, lambda archive: archive.check())
    said = f"{len(altered)} altered" if altered else "every one is as it was written"
    print(f"{count} records: {said}")
    for line in altered:
        print(f"  {line}")
    return 1 if altered else 0


def _list(settings: Settings, options: argparse.Namespace) -> int:
    if not 1 <= options.limit <= LISTED_MAX:
        raise SettingWrong(f"limit: from 1 to {LISTED_MAX}")
    wanted = Search(options.table, options.player, options.since, options.until)
    found = _ask(settings, lambda archive: archive.search(wanted, None, options.limit))
    table = Table("hand", "ended", "players", "rake", "result", box=None, pad_edge=False)
    for hand in found:
        over = next((event for event in hand.events if isinstance(event, HandEnded)), None)
        names = ", ".join(name for _, name in hand.names)
        ended = hand.ended.isoformat(" ", "seconds")
        result = f"void: {hand.voided}" if hand.voided is not None else "settled"
        rake = str(over.rake) if over is not None else "-"
        table.add_row(f"{hand.table}/{hand.hand}", ended, names, rake, result)
    Console().print(table)
    return 0


def _show(settings: Settings, options: argparse.Namespace) -> int:
    name, _, number = options.hand.rpartition("/")
    if not (name and number.isascii() and number.isdigit()):
        raise SettingWrong("hand: write TABLE/NUMBER, such as lantern/120")
    hand = _ask(settings, lambda archive: archive.hand(name, int(number)))
    if hand is None:
        raise SettingWrong(f"hand: there is no hand {options.hand}")
    if options.seat != AUDITOR and options.seat not in dict(hand.players):
        raise SettingWrong(f"seat: nobody played there in {options.hand}")
    try:
        sys.stdout.write(_written(hand, options, settings.seed_reveal_seconds))
    except NotWritable as why:
        raise SettingWrong(f"format: {why}") from None
    return 0


def _written(hand: ArchivedHand, options: argparse.Namespace, reveal_s: float) -> str:
    if options.format != "json":
        return text_of(hand, options.seat, options.format)
    record = record_of(hand, options.seat, reveal_s)
    return msgspec.json.format(msgspec.json.encode(record), indent=1).decode() + "\n"
