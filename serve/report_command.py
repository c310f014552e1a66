"""``squaredeal report``: the books of a running server, as a table or as CSV."""

import argparse
from urllib.parse import urlencode

import msgspec

from serve.operator import add_gateway_flags, gateway_of, print_table
from wire.http import Report

NAMES = ("journal", "trial-balance", "liability", "revenue", "funds-in-play")
FILTERS = ("kind", "table", "player", "since", "until")


def report_command(arguments: list[str]) -> int:
    """Print one report; 0."""
    parser = argparse.ArgumentParser(
        "squaredeal report",
        description="What the ledger says, read from the replica if there is one. Chips are minor "
        "units, instants are UTC in ISO 8601: since is included, until is not.",
    )
    parser.add_argument("name", choices=NAMES)
    add_gateway_flags(parser)
    for each in FILTERS:
        parser.add_argument(f"--{each}", default=None)
    parser.add_argument("--limit", type=int, default=50, help="lines of the journal (%(default)s)")
    parser.add_argument("--csv", action="store_true", help="everything, as a file")
    options = parser.parse_args(arguments)
    wanted = {each: getattr(options, each) for each in FILTERS if getattr(options, each)}
    wanted["limit"] = options.limit
    if options.csv:
        wanted["format"] = "csv"
    with gateway_of(options) as gateway:
        answer = gateway.ask("GET", f"reports/{options.name}?{urlencode(wanted)}")
    if options.csv:
        print(answer.decode("utf-8").replace("\r\n", "\n"), end="")
        return 0
    found = msgspec.json.decode(answer, type=Report)
    print_table(found.columns, list(found.rows))
    replica = " on the replica" if found.replica else ""
    print(f"as of {found.as_of.isoformat(timespec='seconds')}{replica}")
    if found.next is not None:
        print("there is more: --limit, --since and --until, or --csv")
    return 0
