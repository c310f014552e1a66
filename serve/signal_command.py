"""``squaredeal signals``: what the detectors found; look now, confirm, dismiss."""

import argparse

import msgspec

from serve.operator import Gateway, add_gateway_flags, gateway_of, named, print_table
from serve.settings import SettingWrong
from wire import signals as s


def signals_command(arguments: list[str]) -> int:
    """Run it; the exit status."""
    options = _parser().parse_args(arguments)
    with gateway_of(options) as gateway:
        by = named(options.by)
        if options.what == "list":
            _list(gateway, "" if options.all else "&state=open")
        elif options.what == "look":
            answer = gateway.ask("POST", "findings/look", s.LookRequest(by))
            told = msgspec.json.decode(answer, type=s.LookResponse)
            print(f"{told.hands} hands: {told.found} found")
        elif options.number is None or not options.remark:
            raise SettingWrong(f"signals: write {options.what} NUMBER --remark WHY")
        else:
            asked = s.FindingDecision(by, options.what == "confirm", options.remark)
            gateway.ask("POST", f"findings/{options.number}/decide", asked)
            print("done")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "squaredeal signals", description="Signals of collusion and bots, for people to look at."
    )
    add_gateway_flags(parser)
    parser.add_argument("--all", action="store_true", help="also what has been decided")
    parser.add_argument("--remark", default="", help="why, for the record")
    parser.add_argument(
        "what", nargs="?", choices=("list", "look", "confirm", "dismiss"), default="list"
    )
    parser.add_argument("number", nargs="?", type=int, help="of a finding")
    return parser


def _list(gateway: Gateway, state: str) -> None:
    answer = gateway.ask("GET", f"findings?limit=200{state}")
    found = msgspec.json.decode(answer, type=s.FindingsResponse).findings
    print_table(("number", "kind", "score", "state", "players", "evidence"), [
        (each.id, each.kind, each.score, each.state, " ".join(each.players),
         ", ".join(f"{name}={value}" for name, value in each.evidence.items() if name != "look_at"))
        for each in found
    ])  # fmt: skip
