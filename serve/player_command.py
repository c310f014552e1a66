"""``squaredeal players | ban | unban | kick``: who is who, and who may not come in."""

import argparse
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

import msgspec

from serve.operator import Gateway, add_gateway_flags, gateway_of, named, print_table
from serve.settings import SettingWrong
from wire import players as p

HELP: Final = {
    "players": "list players whose names begin like this",
    "ban": "let nobody sign in as a player: his lines are closed at once",
    "unban": "let a player sign in again",
    "kick": "send a player away from a table: he stands up, and a hand he is in is folded",
}


def player_command(name: str, arguments: list[str]) -> int:
    """Run one; the exit status."""
    options = _parser(name).parse_args(arguments)
    with gateway_of(options) as gateway:
        if name == "players":
            _list(gateway, options.name)
        elif name == "kick":
            asked = p.KickRequest(
                named(options.by), options.player, options.minutes, options.reason
            )
            gateway.ask("POST", f"tables/{quote(options.table, safe='')}/kick", asked)
            print("done")
        else:
            _ban(gateway, name, options)
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        f"squaredeal {name}", description=HELP[name].capitalize() + "."
    )
    add_gateway_flags(parser)
    if name == "players":
        parser.add_argument("name", nargs="?", default="", help="how the name begins")
        return parser
    parser.add_argument("--reason", required=True, help="for the audit log")
    if name == "kick":
        parser.add_argument("table")
        parser.add_argument("--minutes", type=int, default=60, help="away so long (%(default)s)")
    if name == "ban":
        parser.add_argument("--until", default=None, help="instant in ISO 8601, UTC (for ever)")
    parser.add_argument("player", help="id of an account")
    return parser


def _list(gateway: Gateway, name: str) -> None:
    answer = gateway.ask("GET", f"players?limit=200&name={quote(name)}" if name else "players")
    found = msgspec.json.decode(answer, type=p.PlayersResponse).players
    print_table(("id", "name", "kind", "since", "ban"), [
        (each.id, each.name, each.kind, f"{each.opened:%Y-%m-%d}",
         "closed" if each.closed else _said(each.ban)) for each in found
    ])  # fmt: skip


def _ban(gateway: Gateway, name: str, options: argparse.Namespace) -> None:
    by, path = named(options.by), f"players/{quote(options.player, safe='')}"
    if name == "ban":
        asked = p.BanRequest(by, options.reason, _instant(options.until))
        answer = gateway.ask("PUT", f"{path}/ban", asked)
    else:
        answer = gateway.ask("POST", f"{path}/unban", p.LiftRequest(by, options.reason))
    changed = msgspec.json.decode(answer, type=p.BanResponse)
    print(f"before: {_said(changed.before)}; now: {_said(changed.after)}")


def _said(ban: p.BanInfo | None) -> str:
    if ban is None:
        return "no ban"
    return f"banned {f'until {ban.until:%Y-%m-%d %H:%M} UTC' if ban.until else 'for ever'}"


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise SettingWrong("until: write an instant such as 2027-01-31T12:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
