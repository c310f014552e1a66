"""The HTTP API: every endpoint with its shapes, in one table that also makes the OpenAPI page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast, get_args

import msgspec
from starlette.responses import Response

from actors import commands as c
from actors.archive import ArchivedHand, OwnSearch, Result, Search
from auth.rights import Right
from auth.tokens import Identity
from games.history import NotWritable
from serve.csv_answer import Csv
from serve.errors import ApiError
from serve.hand_text import text_of
from serve.office import Office
from serve.records import AUDITOR, listed, record_of
from serve.testing import FixedDecks, FixedTable, open_fixed_table, put_fixed_decks
from wallet.currencies import PLAY
from wallet.ledger import Wanted
from wallet.results import LedgerResult
from wire import http as h
from wire.limits import CHIPS_MAX

PAGE_DEFAULT = 50
PAGE_MAX = 200
CURSOR_MAX = 2**63 - 1
FILTER_CHARS_MAX = 100


class Call(NamedTuple):
    """One request: who asks (None if nobody signed in is needed), from where, with what."""

    office: Office
    who: Identity | None
    address: str
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    access: str = ""
    """The token that he came with, if he is signed in."""
    device: str = ""
    """What his program says of itself."""

    @property
    def identity(self) -> Identity:
        assert self.who is not None
        return self.who

    def page(self) -> tuple[int, int | None]:
        """``limit`` and ``before`` of a listing; raises ApiError."""
        return self.whole("limit", PAGE_MAX) or PAGE_DEFAULT, self.whole("before", CURSOR_MAX)

    def text(self, name: str) -> str | None:
        """A filter; None if it is left out. Raises ApiError."""
        text = self.query.get(name)
        if text is not None and not (0 < len(text) <= FILTER_CHARS_MAX and text.isprintable()):
            raise ApiError("bad_request", f"{name} has 1 to {FILTER_CHARS_MAX} characters.")
        return text

    def instant(self, name: str) -> datetime | None:
        """An instant in ISO 8601; without a zone it is UTC. Raises ApiError."""
        text = self.text(name)
        if text is None:
            return None
        try:
            found = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError:
            raise ApiError("bad_request", f"{name} is a date or an instant in ISO 8601.") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def wants_csv(self) -> bool:
        """By ``format``: csv, or json as everywhere. Raises ApiError."""
        wanted = self.query.get("format", "json")
        if wanted not in ("csv", "json"):
            raise ApiError("bad_request", "format is json or csv.")
        return wanted == "csv"

    def currency(self) -> str:
        """The currency that is asked for; raises ApiError."""
        code = self.query.get("currency", PLAY)
        if not (code.isascii() and code.isalnum() and code.isupper() and 3 <= len(code) <= 8):
            raise ApiError("bad_request", "currency is a code such as PLAY.")
        return code

    def number(self, name: str) -> int:
        """A number in the path; raises ApiError."""
        text = self.path[name]
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise ApiError("bad_request", f"{name} is a whole number.")
        return int(text)

    def whole(self, name: str, top: int) -> int | None:
        """A number from 1 to ``top`` in the query; None if it is left out. Raises ApiError."""
        text = self.query.get(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= top):
            raise ApiError("bad_request", f"{name} is a whole number from 1 to {top}.")
        return int(text)


class Endpoint(NamedTuple):
    """``body`` and ``answer`` are msgspec types; None means there is none. ``query`` are whole
    numbers, ``words`` are texts."""

    method: str
    path: str
    summary: str
    handle: Callable[[Call], Awaitable[Any]]
    answer: Any
    body: Any = None
    right: Right | None = Right.PLAY
    """What whoever asks needs; None: nothing."""
    query: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    fresh: bool = False
    """Whoever was away for long shows his password first (``auth.freshness``)."""
    two: bool = False
    """Money or a hand is changed at once: a second operator agrees (``serve.gate``)."""
    secret: bool = False
    """What it answers is a secret: the audit log does not keep it."""
    signed: bool = False
    """The body is signed by the operator's key: docs/seamless-wallet.md."""
    events: bool = False
    """The answer is a stream of ``event: balance`` with this shape."""
    state: Callable[[Call], Awaitable[Any]] | None = None
    """What an act of an operator is about, as it is now: the audit log has it before and after."""


def tokens_response(tokens: Any) -> h.TokensResponse:
    """What somebody who has just signed in is given."""
    return h.TokensResponse(
        tokens.access, tokens.refresh, tokens.expires_in_s, _player(tokens.identity)
    )


def _player(identity: Identity) -> h.PlayerInfo:
    return h.PlayerInfo(str(identity.account), identity.name, identity.kind)


async def register(call: Call) -> h.TokensResponse:
    return tokens_response(
        await call.office.tokens(
            "register", call.body.name, call.body.password, call.address, call.device
        )
    )


async def login(call: Call) -> h.TokensResponse:
    asked: h.LoginRequest = call.body
    return tokens_response(
        await call.office.tokens(
            "login", asked.name, asked.password, call.address, call.device, asked.code
        )
    )


async def guest(call: Call) -> h.TokensResponse:
    return tokens_response(await call.office.tokens("guest", call.address, call.device))


async def launch(call: Call) -> h.LaunchResponse:
    return await call.office.launch(call.body)


async def enter(call: Call) -> h.TokensResponse:
    return tokens_response(
        await call.office.tokens("enter", call.body.launch, call.address, call.device)
    )


async def refresh(call: Call) -> h.TokensResponse:
    return tokens_response(await call.office.tokens("refresh", call.body.refresh))


async def logout(call: Call) -> None:
    await call.office.logout(call.identity.sid)


async def me(call: Call) -> h.PlayerInfo:
    return _player(call.identity)


async def lobby(call: Call) -> h.LobbyResponse:
    return await call.office.lobby()


async def ticket(call: Call) -> h.TicketResponse:
    return await call.office.ticket(
        call.identity, call.path["table"], call.body.role, call.body.code
    )


async def quick_seat(call: Call) -> h.QuickSeatResponse:
    """The table with most players among those with a free seat that the wallet can buy into."""
    balance = await call.office.balance(call.identity.account, call.body.currency)
    wanted = call.body.big_blind
    open_to_him = [
        status
        for status in await call.office.statuses()
        if status.free_seats
        and not status.spec.private
        and not status.listing.busy
        and status.listing.info.currency == call.body.currency
        and status.listing.info.buy_in_min <= balance.amount
        and wanted in (None, status.listing.info.big_blind)
    ]
    if not open_to_him:
        raise ApiError("no_seat_free")
    best = max(open_to_him, key=lambda s: (s.listing.players, s.listing.bots)).listing.info
    grant = await call.office.ticket(call.identity, best.table, "seat")
    comfortable = min(best.buy_in_max, max(best.buy_in_min, balance.amount // 4))
    return h.QuickSeatResponse(grant, best, comfortable)


async def _wallet(call: Call, currency: str = PLAY) -> h.WalletResponse:
    balance = await call.office.balance(call.identity.account, currency)
    return h.WalletResponse(balance.amount, balance.at_tables, balance.version, currency)


async def wallet(call: Call) -> h.WalletResponse:
    return await _wallet(call, call.currency())


async def stakes(call: Call) -> h.StakesResponse:
    found = await call.office.stakes_of(call.identity.account)
    return h.StakesResponse(tuple(h.StakeInfo(*msgspec.structs.astuple(each)) for each in found))


async def wallet_stream(call: Call) -> Response:
    return call.office.balances(call.identity.account, call.currency(), call.access)


async def daily(call: Call) -> h.DailyGrantResponse:
    result = await call.office.grant(call.identity)
    granted = result.amount if result.code is LedgerResult.APPLIED else 0
    return h.DailyGrantResponse(granted, await _wallet(call))


async def statement(call: Call) -> h.StatementResponse | Csv:
    """One page; as CSV all of them."""
    limit, before = call.page()
    wanted = Wanted(
        kind=call.text("kind"),
        table=call.text("table"),
        since=call.instant("since"),
        until=call.instant("until"),
        currency=call.currency() if "currency" in call.query else None,
    )
    page = await _statement_page(call, limit, before, wanted)
    if not call.wants_csv():
        return page
    return Csv("statement", h.StatementLine.__struct_fields__, _statement_rows(call, page, wanted))


async def _statement_page(
    call: Call, limit: int, before: int | None, wanted: Wanted
) -> h.StatementResponse:
    lines = await call.office.statement(call.identity.account, limit, before, wanted)
    shown = tuple(h.StatementLine(*msgspec.structs.astuple(line)) for line in lines)
    return h.StatementResponse(shown, shown[-1].id if len(shown) == limit else None)


async def _statement_rows(
    call: Call, page: h.StatementResponse, wanted: Wanted
) -> AsyncIterator[list[tuple[Any, ...]]]:
    yield [msgspec.structs.astuple(line) for line in page.lines]
    while page.next is not None:
        page = await _statement_page(call, PAGE_MAX, page.next, wanted)
        yield [msgspec.structs.astuple(line) for line in page.lines]


async def hands(call: Call) -> h.HandsResponse:
    """His hands as he saw them: the cards of others are removed here, for his seat."""
    limit, before = call.page()
    result = call.text("result")
    if result not in (None, *get_args(Result)):
        raise ApiError("bad_request", f"result is one of {', '.join(get_args(Result))}.")
    wanted = OwnSearch(
        call.text("table"),
        call.instant("since"),
        call.instant("until"),
        cast(Result | None, result),
        call.whole("pot_min", CHIPS_MAX),
    )
    found = await call.office.hands(call.identity.account, limit, before, wanted)
    shown = tuple(listed(hand, hand.seat) for hand in found)
    return h.HandsResponse(shown, found[-1].id if len(found) == limit else None)


async def own_hand(call: Call) -> tuple[ArchivedHand, int]:
    """The hand asked for and the player's seat in it; another's is as unknown as one that never
    was."""
    hand = await call.office.hand(call.path["table"], call.number("hand"))
    seat = hand.seat_of(call.identity.account) if hand is not None else None
    if hand is None or seat is None:
        raise ApiError("hand_unknown")
    return hand, seat


async def hand(call: Call) -> h.HandRecord:
    """One of his hands, with the proofs of the cards he saw."""
    found, seat = await own_hand(call)
    return record_of(found, seat, call.office.runtime.seed_reveal_s)


async def hand_text(call: Call) -> h.HandTextResponse:
    """One of his hands for other programs."""
    found, seat = await own_hand(call)
    return _written(found, seat, call.path["format"])


def _written(found: ArchivedHand, viewer: int, wanted: str) -> h.HandTextResponse:
    try:
        return h.HandTextResponse(wanted, text_of(found, viewer, wanted))
    except NotWritable as why:
        raise ApiError("format_unfit", f"{why}.") from None


async def operator_hands(call: Call) -> h.HandsResponse:
    """Any hands, with every card."""
    limit, before = call.page()
    wanted = Search(
        call.text("table"),
        call.text("player"),
        call.instant("since"),
        call.instant("until"),
    )
    found = await call.office.search(wanted, before, limit)
    shown = tuple(listed(hand, AUDITOR) for hand in found)
    return h.HandsResponse(shown, found[-1].id if len(found) == limit else None)


async def _any(call: Call) -> ArchivedHand:
    found = await call.office.hand(call.path["table"], call.number("hand"))
    if found is None:
        raise ApiError("hand_unknown")
    return found


async def operator_hand(call: Call) -> h.HandRecord:
    return record_of(await _any(call), AUDITOR, call.office.runtime.seed_reveal_s)


async def operator_hand_text(call: Call) -> h.HandTextResponse:
    return _written(await _any(call), AUDITOR, call.path["format"])


async def operator_tables(call: Call) -> h.OperatorTables:
    return await call.office.operator_tables()


async def table_state(call: Call) -> Any:
    """How a table is, for the audit log: of a drain every table that is there."""
    tables = (await call.office.operator_tables()).tables
    name = call.path.get("table")
    if name is not None:
        return next((each for each in tables if each.table == name), None)
    return [t for t in tables if call.body.target in (t.actor, t.node)]


async def move(call: Call) -> None:
    await call.office.operate(
        call.body.by, "move", call.path["table"], call.body.grace_s, reason=call.body.reason
    )


async def pause(call: Call) -> None:
    by = call.body.by
    command = c.Pause(0, by.name)
    await call.office.operate(by, "operate", call.path["table"], command, reason=call.body.reason)


async def resume(call: Call) -> None:
    by = call.body.by
    command = c.Resume(0, by.name)
    await call.office.operate(by, "operate", call.path["table"], command, reason=call.body.reason)


async def close(call: Call) -> None:
    await call.office.operate(
        call.body.by, "close_table", call.path["table"], call.body.grace_s, reason=call.body.reason
    )


async def reopen(call: Call) -> None:
    await call.office.operate(call.body.by, "reopen", call.path["table"], reason=call.body.reason)


async def void(call: Call) -> None:
    by, reason = call.body.by, call.body.reason
    command = c.VoidHand(0, call.body.hand, reason, by.name)
    await call.office.operate(by, "operate", call.path["table"], command, reason=reason)


async def drain(call: Call) -> None:
    await call.office.operate(
        call.body.by, "drain", call.body.target, call.body.grace_s, reason=call.body.reason
    )


ENDPOINTS = (
    Endpoint("POST", "/v1/register", "Make an account", register, h.TokensResponse,
             h.Credentials, right=None),
    Endpoint("POST", "/v1/login", "Sign in", login, h.TokensResponse, h.LoginRequest,
             right=None),
    Endpoint("POST", "/v1/guest", "Play without an account", guest, h.TokensResponse,
             right=None),
    Endpoint("POST", "/v1/operator/launch", "Send a player: signed by the operator's key", launch,
             h.LaunchResponse, h.LaunchRequest, right=None, signed=True),
    Endpoint("POST", "/v1/launch", "Sign in as an operator has sent you", enter,
             h.TokensResponse, h.EnterRequest, right=None),
    Endpoint("POST", "/v1/refresh", "Trade a refresh token for a new pair", refresh,
             h.TokensResponse, h.RefreshRequest, right=None),
    Endpoint("POST", "/v1/logout", "End the session", logout, None),
    Endpoint("GET", "/v1/me", "Who am I", me, h.PlayerInfo),
    Endpoint("GET", "/v1/tables", "The lobby", lobby, h.LobbyResponse, right=None),
    Endpoint("POST", "/v1/tables/{table}/ticket", "A ticket to a table's socket", ticket,
             h.TicketResponse, h.TicketRequest),
    Endpoint("POST", "/v1/quick-seat", "A ticket to the liveliest table within reach",
             quick_seat, h.QuickSeatResponse, h.QuickSeatRequest),
    Endpoint("GET", "/v1/wallet", "Chips in the wallet and at tables", wallet,
             h.WalletResponse, words=("currency",)),
    Endpoint("GET", "/v1/wallet/stakes", "Where I have chips in play", stakes, h.StakesResponse),
    Endpoint("GET", "/v1/wallet/stream", "The same as server-sent events, as it changes",
             wallet_stream, h.WalletResponse, words=("currency",), events=True),
    Endpoint("POST", "/v1/wallet/daily", "Today's play chips", daily, h.DailyGrantResponse),
    Endpoint("GET", "/v1/wallet/statement", "Every change of my chips, newest first",
             statement, h.StatementResponse, query=("limit", "before"),
             words=("kind", "table", "since", "until", "currency", "format")),
    Endpoint("GET", "/v1/hands", "My hands, newest first", hands, h.HandsResponse,
             query=("limit", "before", "pot_min"), words=("table", "since", "until", "result")),
    Endpoint("GET", "/v1/hands/{table}/{hand}", "One of my hands, with its proofs", hand,
             h.HandRecord),
    Endpoint("GET", "/v1/hands/{table}/{hand}/{format}",
             "One of my hands for other programs: phh or pokerstars", hand_text,
             h.HandTextResponse),
)  # fmt: skip

_TABLE = "/v1/operator/tables/{table}"
OPERATOR_ENDPOINTS = (
    Endpoint("GET", "/v1/operator/tables", "Every table, and where it is", operator_tables,
             h.OperatorTables, right=Right.SEE_TABLES),
    Endpoint("POST", f"{_TABLE}/move", "To another actor, at the end of the hand", move, None,
             h.OperatorRequest, right=Right.RUN_TABLES, state=table_state),
    Endpoint("POST", f"{_TABLE}/pause", "Stop the clocks", pause, None, h.OperatorRequest,
             right=Right.RUN_TABLES, state=table_state),
    Endpoint("POST", f"{_TABLE}/resume", "Go on", resume, None, h.OperatorRequest,
             right=Right.RUN_TABLES, state=table_state),
    Endpoint("POST", f"{_TABLE}/close", "Close for good; stakes go home", close, None,
             h.OperatorRequest, right=Right.RUN_TABLES, state=table_state),
    Endpoint("POST", f"{_TABLE}/open", "Open a closed table again", reopen, None,
             h.OperatorRequest, right=Right.RUN_TABLES, state=table_state),
    Endpoint("POST", f"{_TABLE}/void", "Take back the hand in play", void, None,
             h.VoidRequest, right=Right.VOID_HANDS, state=table_state, two=True),
    Endpoint("GET", "/v1/operator/hands", "Hands at a table, of a player, in a time",
             operator_hands, h.HandsResponse, right=Right.SEE_HANDS, query=("limit", "before"),
             words=("table", "player", "since", "until")),
    Endpoint("GET", "/v1/operator/hands/{table}/{hand}", "A hand with every card",
             operator_hand, h.HandRecord, right=Right.SEE_HANDS),
    Endpoint("GET", "/v1/operator/hands/{table}/{hand}/{format}",
             "A hand with every card for other programs", operator_hand_text,
             h.HandTextResponse, right=Right.SEE_HANDS),
    Endpoint("POST", "/v1/operator/drain", "Empty an actor or a node", drain, None,
             h.DrainRequest, right=Right.RUN_TABLES, state=table_state),
)  # fmt: skip

TEST_ENDPOINTS = (
    Endpoint("POST", "/v1/test/tables", "Open a table that deals given decks",
             lambda call: open_fixed_table(call.office, call.body), h.TableListing, FixedTable),
    Endpoint("POST", "/v1/test/tables/{table}/decks", "Deal these decks next",
             lambda call: put_fixed_decks(call.office, call.path["table"], call.body), None,
             FixedDecks),
)  # fmt: skip
