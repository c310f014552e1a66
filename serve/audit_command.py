"""``squaredeal audit``: what operators did, newest first."""

import argparse
from urllib.parse import urlencode

import msgspec

from serve.operator import add_gateway_flags, gateway_of, print_table
from wire import http as h


def audit_command(arguments: list[str]) -> int:
    """Run it; the exit status."""
    options = _parser().parse_args(arguments)
    filters = {
        name: value
        for name in ("who", "act", "since", "until", "before", "limit")
        if (value := getattr(options, name)) is not None
    }
    with gateway_of(options) as gateway:
        content = gateway.ask("GET", f"audit?{urlencode(filters)}")
    page = msgspec.json.decode(content, type=h.AuditResponse)
    print_table(
        ("number", "at", "who", "from", "act", "outcome", "asked"),
        [
            (each.number, each.at.isoformat(timespec="seconds"), each.who, each.address, each.act,
             each.outcome or "unknown", each.asked)
            for each in page.lines
        ],
    )  # fmt: skip
    if page.next is not None:
        print(f"older ones: --before {page.next}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "squaredeal audit", description="List what operators did, newest first."
    )
    add_gateway_flags(parser)
    parser.add_argument("--who", help="name of an account, or machine:NAME")
    parser.add_argument("--act", help="a part of method and path, such as /void")
    parser.add_argument("--since", help="an instant in ISO 8601")
    parser.add_argument("--until", help="an instant in ISO 8601")
    parser.add_argument("--before", type=int, help="below this number")
    parser.add_argument("--limit", type=int, help="so many at most")
    return parser
