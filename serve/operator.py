"""The operator's commands: tables, move, drain, pause, resume, close, open, void.

All but ``tables interrupted`` ask the gateway of a running server: with the token that the server
keeps in its data folder, or signed in as an account (``--as``).
"""

import argparse
import asyncio
import getpass
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import msgspec
from rich.cells import cell_len, set_cell_size

from serve.gate import APPROVER
from serve.ledger_check import database_of, in_use
from serve.register import Interrupted, interrupted
from serve.settings import Settings, SettingWrong, config_file, read_settings
from wire import http as h

ANSWER_S_MAX = 600.0
ON_TABLES = ("move", "pause", "resume", "close", "open")
HELP = {
    "tables": "list the tables, or the hands and chips that an interruption left",
    "move": "carry a table to another actor at the end of its hand",
    "drain": "empty an actor or a node, then end it",
    "pause": "stop a table's clocks",
    "resume": "let a paused table go on",
    "close": "close a table for good: every stake goes home",
    "open": "open a closed table again",
    "void": "take back the hand in play: every stake as before it",
}


def operator_command(name: str, arguments: list[str]) -> int:
    """Run one; the exit status."""
    options = _parser(name).parse_args(arguments)
    if name == "tables" and options.what == "interrupted":
        return _interrupted(operator_settings(options))
    with gateway_of(options) as gateway:
        return _ask(gateway, name, options)


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        f"squaredeal {name}", description=HELP[name].capitalize() + "."
    )
    add_gateway_flags(parser)
    if name == "tables":
        parser.add_argument("what", nargs="?", choices=("list", "interrupted"), default="list")
        parser.add_argument("--database-dsn-file", default=None, help="file with a Postgres DSN")
        return parser
    parser.add_argument("--reason", default="", help="for the operators' log")
    if name == "void":
        parser.add_argument("hand", help="TABLE/NUMBER")
        add_approver_flag(parser)
        return parser
    parser.add_argument(
        "target", help="actor, or node by id or address" if name == "drain" else "table"
    )
    parser.add_argument("--grace", type=float, default=120.0, help="seconds a hand may take to end")
    return parser


def operator_settings(options: argparse.Namespace) -> Settings:
    flags = []
    for name in ("data_dir", "database_dsn_file"):
        if getattr(options, name, None) is not None:
            flags += [f"--{name.replace('_', '-')}", getattr(options, name)]
    return read_settings(flags, config_file(flags), "squaredeal")


def named(name: str, approver: str | None = None) -> h.Operator:
    """Who acts. Raises SettingWrong."""
    try:
        return h.Operator(name, approver)
    except ValueError as wrong:
        raise SettingWrong(f"by: {wrong}") from None


def add_gateway_flags(parser: argparse.ArgumentParser) -> None:
    """Where the server is, and who asks."""
    parser.add_argument("--url", default="http://127.0.0.1:8700", help="server (%(default)s)")
    parser.add_argument("--data-dir", default=None, help="the server's data folder")
    parser.add_argument(
        "--as", dest="account", default="", metavar="NAME",
        help="sign in as this account, not as the machine; the password is asked for",
    )  # fmt: skip
    parser.add_argument("--by", default=None, help="your name (the system's, or that of --as)")


def add_approver_flag(parser: argparse.ArgumentParser) -> None:
    """Who else has agreed."""
    parser.add_argument(
        "--approved-by", default=None, metavar="NAME",
        help="a second operator; with --as his password is asked for too",
    )  # fmt: skip


def gateway_of(options: argparse.Namespace) -> "Gateway":
    """As these flags say; ``options.by`` is who acts. Raises SettingWrong."""
    options.by = options.by or options.account or getpass.getuser()
    if not options.account:
        settings = operator_settings(options)
        token = settings.operator_token_file or settings.data_dir / "secrets" / "operator.token"
        if not Path(token).is_file():
            raise SettingWrong(f"data_dir: there is no operators' token in {settings.data_dir}")
        return Gateway(options.url, Path(token).read_text("utf-8").strip())
    gateway = Gateway(options.url, sign_in(options.url, options.account))
    approver = getattr(options, "approved_by", None)
    if approver is not None:
        gateway.agree(sign_in(options.url, approver))
    return gateway


def sign_in(url: str, name: str) -> str:
    """An access token for somebody at the keyboard. Raises SettingWrong."""
    asked = h.LoginRequest(name, getpass.getpass(f"password of {name}: "))
    with httpx.Client(base_url=url, timeout=ANSWER_S_MAX) as http:
        answer = _send(http, "POST", "/v1/login", asked)
        if _code(answer) == "code_needed":
            code = getpass.getpass(f"code of {name}: ")
            answer = _send(http, "POST", "/v1/login", msgspec.structs.replace(asked, code=code))
    return msgspec.json.decode(_good(answer), type=h.TokensResponse).access


def _send(http: httpx.Client, method: str, path: str, body: Any) -> httpx.Response:
    content = msgspec.json.encode(body) if body is not None else None
    try:
        return http.request(method, path, content=content)
    except httpx.HTTPError as failure:
        raise SettingWrong(f"url: the server does not answer: {failure}") from None


def _code(answer: httpx.Response) -> str:
    if not answer.is_error:
        return ""
    return msgspec.json.decode(answer.content, type=h.ErrorResponse).error.code


def _good(answer: httpx.Response) -> bytes:
    if answer.is_error:
        error = msgspec.json.decode(answer.content, type=h.ErrorResponse).error
        raise SettingWrong(f"{error.code}: {error.message}")
    return answer.content


class Gateway:
    """The operators' endpoints, for whoever has this token: the machine's, or an account's."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=ANSWER_S_MAX)

    def agree(self, token: str) -> None:
        """A second operator agrees to what is asked from now on."""
        self._http.headers[APPROVER] = f"Bearer {token}"

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """The answer's body. Raises SettingWrong with the server's words."""
        return _good(_send(self._http, method, f"/v1/operator/{path}", body))


def _ask(gateway: Gateway, name: str, options: argparse.Namespace) -> int:
    if name == "tables":
        tables = msgspec.json.decode(gateway.ask("GET", "tables"), type=h.OperatorTables).tables
        print_table(
            ("table", "state", "hand", "players", "epoch", "actor", "pid", "node"),
            [
                (t.table, _state(t), t.hand, t.players, t.epoch, t.actor, t.pid, t.node[:8])
                for t in tables
            ],
        )
        return 0
    by = named(options.by, getattr(options, "approved_by", None))
    if name == "void":
        table, _, number = options.hand.rpartition("/")
        if not (table and number.isdigit()):
            raise SettingWrong("hand: write TABLE/NUMBER, such as lantern/120")
        body = h.VoidRequest(by, int(number), options.reason)
        gateway.ask("POST", f"tables/{table}/void", body)
    elif name == "drain":
        gateway.ask(
            "POST", "drain", h.DrainRequest(by, options.target, options.grace, options.reason)
        )
    else:
        request = h.OperatorRequest(by, options.reason, options.grace)
        gateway.ask("POST", f"tables/{options.target}/{name}", request)
    print("done")
    return 0


def _state(table: h.OperatorTable) -> str:
    if not table.open:
        return f"not open: {table.failure}" if table.failure else "opening"
    return "paused" if table.paused else "playing" if table.playing else "waiting"


def _interrupted(settings: Settings) -> int:
    """0 if nothing is interrupted, 1 if something is."""
    ours = settings.database_dsn_file is None
    with ExitStack() as stack:
        nobody = ours and not in_use(settings.data_dir)
        found = asyncio.run(interrupted(database_of(settings, stack), nobody))
    print(_summary(found))
    if found.hands:
        print_table(("table", "hand", "dealt", "epoch"), [tuple(each) for each in found.hands])
    if found.stakes:
        print_table(("table", "player", "session", "chips"), [tuple(each) for each in found.stakes])
    return 1 if found.hands or found.stakes else 0


def _summary(found: Interrupted) -> str:
    chips = sum(stake.chips for stake in found.stakes)
    return (
        f"{len(found.hands)} hands interrupted, {chips:,} chips of {len(found.stakes)} stakes at "
        "tables that nobody serves now"
    )


def print_table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Columns, one line a row; never shortened to the terminal: keys are there to be copied."""
    lines = [head, *(tuple("" if cell is None else str(cell) for cell in row) for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(map(set_cell_size, line, widths)).rstrip())
