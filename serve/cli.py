"""The command line: what players, operators and auditors run. ``main`` has the list."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from serve.process import StartFailed
from serve.settings import SettingWrong, config_file, read_settings

PLAYERS = ("players", "ban", "unban", "kick")
OPERATOR = ("tables", "move", "drain", "pause", "resume", "close", "open", "void")
MONEY = ("promote", "adjust", "reverse", "approve", "reject", "operations", "payments", "limit",
         "exclude")  # fmt: skip
USAGE = """usage: squaredeal COMMAND [options]

  up              start everything: stores, Ray, the tables and their bots
  secrets FOLDER  make keys, passwords and a certificate for a cluster of one's own
  migrate         bring the database up to date, as its owner
  deploy          hand the application to a Ray cluster that runs already
  edge            run HAProxy before all of it
  bots            seat the house bots at a cluster's tables

  play            take a seat, in the terminal
  probe           play one hand as a synthetic player, and report
  replay FILE…    replay recorded hands (PHH) through the rules
  verify FILE…    prove the cards of a hand from its record: needs no server
  hands           list, show and check the records of hands
  ledger check    prove that every chip is accounted for
  ledger reconcile  compare books, stakes, seats, journal and archive
  ledger verify   prove that no row of the books was altered since it was written
  report NAME     the books: journal, trial-balance, liability, revenue, funds-in-play
  keys init       make the keys that a cluster's processes share
  keys rotate     seal the journal with a new key from the next start on;
                  keys rotate --signing: sign tokens and tickets with a new one, without a restart
  keys revoke KID  a stolen signing key is trusted no longer, at once and without a restart
  upgrade         this release takes over from the one that runs, under its players
  backup DEST     database and keys in one folder, beside a running server
  restore SRC     a backup becomes a room again, in an empty data folder
  seamless        for operators who keep the money: key, simulate, check

  tables          list the tables; tables interrupted: hands and chips left by a fault
  move TABLE      to another actor, at the end of the hand
  drain TARGET    empty an actor or a node, then end it
  pause, resume, close, open TABLE
  void HAND       take back the hand in play (TABLE/NUMBER)

  promote, adjust PLAYER AMOUNT    chips as a gift; a wallet put right, by two operators
  reverse TRANSFER                 take a grant, deposit or adjustment back, by two operators
  approve, reject NUMBER; operations
  payments        deposits and withdrawals that wait for you; payments post | void KEY
  limit PLAYER, exclude PLAYER

  players NAME    whose names begin like this, with the id that PLAYER is; ban | unban PLAYER
  kick TABLE PLAYER    he stands up, and stays away for a while

  rescue          give a lost account back, by two operators: list, propose PLAYER,
                  approve | reject NUMBER

  roles           who may do what as an operator; roles grant | revoke NAME ROLE
  audit           what operators did, and what came of it
  signals         signs of collusion and bots: list, look, confirm | dismiss NUMBER

squaredeal COMMAND --help explains each.
"""


def command_table() -> dict[str, Callable[[list[str]], int]]:
    """Every command by its name."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "up": _up,
        "secrets": _secrets,
        "migrate": _migrate,
        "deploy": _deploy,
        "bots": _bots,
        "edge": _edge,
        "play": _play,
        "probe": _probe,
        "replay": _replay,
        "verify": _verify,
        "hands": _hands,
        "ledger": _ledger,
        "report": _report,
        "keys": _keys,
        "seamless": _seamless,
        "rescue": _rescue,
        "roles": _roles,
        "audit": _audit,
        "upgrade": _upgrade,
        "backup": _backup,
        "restore": _restore,
        "signals": _signals,
    }
    commands |= {name: partial(_operator, name) for name in OPERATOR}
    commands |= {name: partial(_players, name) for name in PLAYERS}
    commands |= {name: partial(_money, name) for name in MONEY}
    return commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status. Wrong input is one line on stderr, not a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    commands = command_table()
    if not given or given[0] in ("-h", "--help"):
        print(USAGE, end="")
        return 0 if given else 2
    if given[0] not in commands:
        print(f"squaredeal: there is no command {given[0]!r}\n\n{USAGE}", end="", file=sys.stderr)
        return 2
    try:
        return commands[given[0]](given[1:])
    except SettingWrong as wrong:
        print(f"squaredeal: {wrong}", file=sys.stderr)
        return 2
    except StartFailed as failure:
        print(f"squaredeal: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _up(arguments: list[str]) -> int:
    settings = read_settings(arguments, config_file(arguments), "squaredeal up")
    from serve.up import up  # Ray takes a second to import: help and errors come without it

    return up(settings)


def _secrets(arguments: list[str]) -> int:
    from serve.secrets_command import secrets_command

    return secrets_command(arguments)


def _migrate(arguments: list[str]) -> int:
    from serve.migrate_command import migrate_command

    return migrate_command(arguments)


def _deploy(arguments: list[str]) -> int:
    from serve.deploy_command import deploy_command

    return deploy_command(arguments)


def _edge(arguments: list[str]) -> int:
    from serve.edge.run import edge_command

    return edge_command(arguments)


def _bots(arguments: list[str]) -> int:
    from serve.bots_command import bots_command

    return bots_command(arguments)


def _play(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("squaredeal play", description="Take a seat.")
    parser.add_argument("--url", default="http://127.0.0.1:8700", help="server (%(default)s)")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--guest", action="store_true", help="play as a guest at once")
    who.add_argument("--name", help="sign in under this name; the password is asked for")
    options = parser.parse_args(arguments)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SettingWrong("play needs a terminal")
    from client.terminal import run

    return run(options.url, name=options.name, guest=options.guest)


def _probe(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "squaredeal probe",
        description="Sign in, play one hand, go home. One line of JSON; status 1 if a step failed.",
    )
    parser.add_argument("--url", default="http://127.0.0.1:8700", help="server (%(default)s)")
    parser.add_argument("--name", default="", help="an account of its own; a guest without")
    parser.add_argument("--password-file", type=Path, help="the account's password")
    parser.add_argument("--table", default="", help="a table with bots; wherever there is a seat")
    parser.add_argument("--seconds", type=float, default=90.0, help="for all of it (%(default)s)")
    parser.add_argument("--metrics", type=Path, help="also write this file for a node exporter")
    options = parser.parse_args(arguments)
    if bool(options.name) != bool(options.password_file):
        raise SettingWrong("probe needs --name and --password-file together")
    try:
        file = options.password_file
        password = file.read_text("utf-8").strip() if file else ""
    except OSError as failure:
        raise SettingWrong(f"password_file: {failure}") from None
    from client.probe import run

    return run(options.url, options.name, password, options.table, options.seconds,
               options.metrics)  # fmt: skip


def _replay(arguments: list[str]) -> int:
    from serve.replay import replay_command

    return replay_command(arguments)


def _verify(arguments: list[str]) -> int:
    from serve.verify import verify_command

    return verify_command(arguments)


def _hands(arguments: list[str]) -> int:
    from serve.hands import hands_command

    return hands_command(arguments)


def _operator(name: str, arguments: list[str]) -> int:
    from serve.operator import operator_command

    return operator_command(name, arguments)


def _money(name: str, arguments: list[str]) -> int:
    from serve.operator_money import money_command

    return money_command(name, arguments)


def _players(name: str, arguments: list[str]) -> int:
    from serve.player_command import player_command

    return player_command(name, arguments)


def _signals(arguments: list[str]) -> int:
    from serve.signal_command import signals_command

    return signals_command(arguments)


def _keys(arguments: list[str]) -> int:
    from serve.keys_command import keys_command

    return keys_command(arguments)


def _report(arguments: list[str]) -> int:
    from serve.report_command import report_command

    return report_command(arguments)


def _ledger(arguments: list[str]) -> int:
    from serve.ledger_check import ledger_command

    return ledger_command(arguments)


def _seamless(arguments: list[str]) -> int:
    from serve.seamless import seamless_command

    return seamless_command(arguments)


def _rescue(arguments: list[str]) -> int:
    from serve.rescue_command import rescue_command

    return rescue_command(arguments)


def _roles(arguments: list[str]) -> int:
    from serve.role_command import roles_command

    return roles_command(arguments)


def _upgrade(arguments: list[str]) -> int:
    about = "This release takes over from the server that runs, under its players."
    settings = read_settings(arguments, config_file(arguments), "squaredeal upgrade", about)
    from serve.upgrade import upgrade

    return upgrade(settings)


def _backup(arguments: list[str]) -> int:
    from serve.backup import backup_command

    return backup_command(arguments)


def _restore(arguments: list[str]) -> int:
    from serve.restore import restore_command

    return restore_command(arguments)


def _audit(arguments: list[str]) -> int:
    from serve.audit_command import audit_command

    return audit_command(arguments)


if __name__ == "__main__":
    sys.exit(main())
