"""``squaredeal rescue``: give a lost account back, by two operators."""

import argparse
from urllib.parse import quote

import msgspec

from serve.operator import add_gateway_flags, gateway_of, named, print_table
from serve.settings import SettingWrong
from wire import players as p


def rescue_command(arguments: list[str]) -> int:
    """Run it; the exit status."""
    options = _parser().parse_args(arguments)
    with gateway_of(options) as gateway:
        if options.what == "list":
            answer = gateway.ask("GET", "rescues")
            found = msgspec.json.decode(answer, type=p.RescuesResponse).rescues
            print_table(("number", "player", "name", "email", "by", "note"), [
                (r.id, r.player, r.name, r.email, r.proposer, r.note) for r in found
            ])  # fmt: skip
            return 0
        if options.target is None:
            raise SettingWrong(f"rescue {options.what} needs a player's id, or a number")
        target, by = quote(options.target, safe=""), named(options.by)
        if options.what == "propose":
            asked = p.RescueRequest(by, options.note, options.email)
            answer = gateway.ask("POST", f"players/{target}/rescue", asked)
        else:
            decision = p.RescueDecision(by, options.note)
            answer = gateway.ask("POST", f"rescues/{target}/{options.what}", decision)
    done = msgspec.json.decode(answer, type=p.RescueInfo)
    print(f"{done.id}: {done.state}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "squaredeal rescue",
        description="Give an account back to whoever has lost every way in, by two operators.",
    )
    parser.add_argument("what", choices=("list", "propose", "approve", "reject"))
    parser.add_argument("target", nargs="?", default=None, help="the player's id, or the number")
    parser.add_argument("--note", default="", help="how you know that it is him; a remark")
    parser.add_argument("--email", default="", help="where the token goes (his verified address)")
    add_gateway_flags(parser)
    return parser
