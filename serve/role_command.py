"""``squaredeal roles``: who has which role; give one, take one. The first is given here."""

import argparse

import msgspec

from auth.rights import GIVEN
from serve.operator import add_gateway_flags, gateway_of, named, print_table
from serve.settings import SettingWrong
from wire import http as h


def roles_command(arguments: list[str]) -> int:
    """Run it; the exit status."""
    options = _parser().parse_args(arguments)
    with gateway_of(options) as gateway:
        by = named(options.by)
        if options.what == "list":
            found = msgspec.json.decode(gateway.ask("GET", "roles"), type=h.RolesResponse)
            rows = [msgspec.structs.astuple(each) for each in found.roles]
            print_table(("name", "role", "given by", "at"), rows)
            return 0
        if options.player is None or options.role is None:
            raise SettingWrong(f"roles: write {options.what} NAME ROLE")
        body = h.RoleRequest(by, options.player, options.role, options.reason)
        gateway.ask("POST", f"roles/{options.what}", body)
    print("done")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "squaredeal roles", description="List, grant or revoke what players may do as operators."
    )
    add_gateway_flags(parser)
    parser.add_argument("--reason", default="", help="for the operators' log")
    parser.add_argument("what", nargs="?", choices=("list", "grant", "revoke"), default="list")
    parser.add_argument("player", nargs="?", help="name of a player's account")
    parser.add_argument("role", nargs="?", choices=GIVEN, help=", ".join(GIVEN))
    return parser
