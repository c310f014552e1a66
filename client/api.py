"""The HTTP API: tokens that renew themselves, errors as exceptions, typed answers."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncGenerator
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from client.errors import ApiError
from wire import accounts as a
from wire import http as h
from wire import money as m
from wire import players as p

T = TypeVar("T")
log = logging.getLogger(__name__)
TIMEOUT_S = 15.0
RENEW_BEFORE_S = 30.0
SILENCE_S_MAX = 30.0
"""A stream that says nothing for so long is broken; the server beats every 10 s."""
AGAIN_S_MAX = 20.0
AGAIN_S_FIRST = 0.05
AGAIN_S_LONGEST = 1.0
PASSING = (500, 502, 503, 504)
"""Statuses of a server, or of a proxy before it, that will be better soon."""


class Api:
    """One signed-in player. Raises ApiError; httpx.TransportError when there is no answer."""

    def __init__(self, url: str, tokens: h.TokensResponse | None = None) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.AsyncClient(base_url=self.url, timeout=TIMEOUT_S)
        self._renewing = asyncio.Lock()
        self._tokens: h.TokensResponse | None = None
        self._renew_at = 0.0
        if tokens is not None:
            self._keep(tokens)

    @property
    def player(self) -> h.PlayerInfo:
        """Who is signed in."""
        assert self._tokens is not None, "sign in first"
        return self._tokens.player

    def _keep(self, tokens: h.TokensResponse) -> None:
        self._tokens = tokens
        self._renew_at = time.monotonic() + tokens.expires_in_s - RENEW_BEFORE_S

    # Accounts

    async def register(self, name: str, password: str) -> None:
        """Make an account and sign in."""
        body = h.Credentials(name, password)
        self._keep(await self._send("POST", "/v1/register", h.TokensResponse, body))

    async def login(self, name: str, password: str, code: str = "") -> None:
        """Sign in; with a ``code`` where there is a second factor."""
        body = h.LoginRequest(name, password, code)
        self._keep(await self._send("POST", "/v1/login", h.TokensResponse, body))

    async def guest(self) -> None:
        """Play without an account."""
        self._keep(await self._send("POST", "/v1/guest", h.TokensResponse))

    async def enter(self, launch: str) -> None:
        """Sign in as an operator has sent you."""
        body = h.EnterRequest(launch)
        self._keep(await self._send("POST", "/v1/launch", h.TokensResponse, body))

    async def logout(self) -> None:
        """End the session."""
        await self._ask("POST", "/v1/logout", type(None))

    async def upgrade(self, name: str, password: str) -> None:
        """From guest to player: same chips, same seats."""
        body = h.Credentials(name, password)
        self._keep(await self._ask("POST", "/v1/upgrade", h.TokensResponse, body))

    async def prove(self, password: str, code: str = "") -> None:
        """Show the password again, after ``proof_needed``."""
        await self._ask("POST", "/v1/prove", type(None), a.ProveRequest(password, code))

    async def claim_email(self, email: str, password: str, code: str = "") -> None:
        """Mail a token to what is to be my address."""
        body = a.EmailRequest(email, password, code)
        await self._ask("POST", "/v1/email", type(None), body)

    async def verify_email(self, token: str) -> None:
        """The token of that mail."""
        await self._send("POST", "/v1/email/verify", type(None), a.MailTokenRequest(token))

    async def forgot(self, email: str) -> None:
        """Mail a token for a new password, if somebody has this address."""
        await self._send("POST", "/v1/password/forgot", type(None), a.ForgotRequest(email))

    async def reset_password(self, token: str, password: str) -> None:
        """Set a password by that token; all sessions end."""
        body = a.ResetRequest(token, password)
        await self._send("POST", "/v1/password/reset", type(None), body)

    async def change_password(self, old: str, new: str, code: str = "") -> None:
        """Another password; my other sessions end."""
        await self._ask("POST", "/v1/password", type(None), a.PasswordRequest(old, new, code))

    async def sessions(self) -> p.SessionsResponse:
        """Where I am signed in, newest first."""
        return await self._ask("GET", "/v1/sessions", p.SessionsResponse)

    async def revoke(self, session: str) -> None:
        """Sign out there."""
        await self._ask("POST", f"/v1/sessions/{session}/revoke", type(None))

    async def logout_everywhere(self) -> None:
        """End all my sessions, this one too."""
        await self._ask("POST", "/v1/logout-everywhere", type(None))

    async def enrol(self, password: str) -> a.EnrolResponse:
        """A secret for an authenticator; ``confirm_factor`` puts it in force."""
        return await self._ask(
            "POST", "/v1/second-factor", a.EnrolResponse, a.EnrolRequest(password)
        )

    async def confirm_factor(self, code: str) -> tuple[str, ...]:
        """A code is needed at every sign-in from now on; the recovery codes."""
        told = await self._ask(
            "POST", "/v1/second-factor/confirm", a.RecoveryCodesResponse, a.CodeRequest(code)
        )
        return told.codes

    async def remove_factor(self, password: str, code: str) -> None:
        """No second factor any more."""
        body = a.ProveRequest(password, code)
        await self._ask("POST", "/v1/second-factor/remove", type(None), body)

    # Tables and chips

    async def lobby(self) -> h.LobbyResponse:
        return await self._send("GET", "/v1/tables", h.LobbyResponse)

    async def ticket(self, table: str, rail: bool = False) -> h.TicketResponse:
        """A ticket to the table's socket; ``rail`` only watches. Asked once: a ``Table`` has its
        own patience."""
        body = h.TicketRequest("rail" if rail else "seat")
        return await self._ask_once("POST", f"/v1/tables/{table}/ticket", h.TicketResponse, body)

    async def show_code(self, table: str, code: str) -> None:
        """Of a private table, once: from then on it is open to you like any other."""
        body = h.TicketRequest("rail", code)
        await self._ask_once("POST", f"/v1/tables/{table}/ticket", h.TicketResponse, body)

    async def quick_seat(self, big_blind: int | None = None) -> h.QuickSeatResponse:
        body = h.QuickSeatRequest(big_blind)
        return await self._ask("POST", "/v1/quick-seat", h.QuickSeatResponse, body)

    async def wallet(self, currency: str = "PLAY") -> h.WalletResponse:
        return await self._ask("GET", f"/v1/wallet?currency={currency}", h.WalletResponse)

    async def deposit(self, amount: int, ref: str, currency: str = "PLAY") -> m.PaymentInfo:
        """Bring money in, minor units; again with the same ``ref`` is the same deposit."""
        body = m.PaymentRequest(ref, amount, currency)
        return await self._ask("POST", "/v1/wallet/deposits", m.PaymentInfo, body)

    async def withdraw(self, amount: int, ref: str, currency: str = "PLAY") -> m.PaymentInfo:
        """Take money out, minor units; again with the same ``ref`` is the same withdrawal."""
        body = m.PaymentRequest(ref, amount, currency)
        return await self._ask("POST", "/v1/wallet/withdrawals", m.PaymentInfo, body)

    async def payments(self, limit: int = 50, before: int | None = None) -> m.PaymentsResponse:
        return await self._ask("GET", _page("/v1/wallet/payments", limit, before),
                               m.PaymentsResponse)  # fmt: skip

    async def limits(self, currency: str = "PLAY") -> m.LimitsResponse:
        return await self._ask("GET", f"/v1/wallet/limits?currency={currency}", m.LimitsResponse)

    async def set_limit(
        self, kind: m.Kind, span: m.Span, amount: int | None, currency: str = "PLAY"
    ) -> m.LimitsResponse:
        """Tighter at once, looser after 24 hours; None takes it away."""
        body = m.LimitRequest(kind, span, amount, currency)
        return await self._ask("PUT", "/v1/wallet/limits", m.LimitsResponse, body)

    async def exclude(self, kind: m.Exclusion, days: int | None = None) -> m.LimitsResponse:
        """No deposits and no play; without ``days`` for ever. It can't be taken back."""
        body = m.ExclusionRequest(kind, days)
        return await self._ask("POST", "/v1/wallet/exclusion", m.LimitsResponse, body)

    async def wallet_stream(self) -> AsyncGenerator[h.WalletResponse, None]:
        """What is in the wallet now, and again whenever it changes; never an older version.

        Goes on over broken lines and expired tokens until the caller stops, or a refusal says that
        coming back is no use.
        """
        version, pause = -1, AGAIN_S_FIRST
        while True:
            try:
                async with contextlib.aclosing(self._stream_once()) as stream:
                    async for wallet in stream:
                        pause = AGAIN_S_FIRST
                        if wallet.version >= version:
                            version = wallet.version
                            yield wallet
            except httpx.TransportError as failure:
                log.warning("the wallet's stream is opened again: %s", failure)
            except ApiError as refused:
                if refused.status not in (*PASSING, 429) and refused.code != "token_expired":
                    raise
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(2 * pause, AGAIN_S_LONGEST)

    async def _stream_once(self) -> AsyncGenerator[h.WalletResponse, None]:
        """One line of it, to its end. Raises ApiError if it was refused or ended by the server."""
        await self._renew(time.monotonic() >= self._renew_at)
        used = self._tokens
        assert used is not None, "sign in first"
        headers = {"Authorization": f"Bearer {used.access}"}
        patience = httpx.Timeout(TIMEOUT_S, read=SILENCE_S_MAX)
        event = ""
        try:
            async with self._http.stream(
                "GET", "/v1/wallet/stream", headers=headers, timeout=patience
            ) as response:
                if response.is_error:
                    await response.aread()
                    raise _error(response)
                async for line in response.aiter_lines():
                    name, _, value = line.partition(": ")
                    if name == "event":
                        event = value
                    elif name == "data" and event == "balance":
                        yield msgspec.json.decode(value, type=h.WalletResponse)
                    elif name == "data" and event == "end":
                        over = msgspec.json.decode(value, type=h.ErrorBody)
                        raise ApiError(over.code, over.message, 401)
        except ApiError as refused:
            if refused.code == "token_expired":
                await self._renew(self._tokens is used)
            raise

    async def daily(self) -> h.DailyGrantResponse:
        """Claim today's play chips."""
        return await self._ask("POST", "/v1/wallet/daily", h.DailyGrantResponse)

    async def statement(
        self, limit: int = 50, before: int | None = None, **wanted: str
    ) -> h.StatementResponse:
        """``wanted`` filters: kind, table, since, until (ISO 8601), currency."""
        path = _page("/v1/wallet/statement", limit, before)
        filters = "".join(f"&{name}={quote(value)}" for name, value in wanted.items())
        return await self._ask("GET", path + filters, h.StatementResponse)

    async def hands(self, limit: int = 50, before: int | None = None) -> h.HandsResponse:
        return await self._ask("GET", _page("/v1/hands", limit, before), h.HandsResponse)

    async def hand(self, table: str, hand: int) -> h.HandRecord:
        """One hand of ours, with the proofs of the cards we saw."""
        return await self._ask("GET", f"/v1/hands/{table}/{hand}", h.HandRecord)

    async def hand_text(self, table: str, hand: int, format: str) -> str:
        """One hand of ours as text: ``phh`` or ``pokerstars``."""
        path = f"/v1/hands/{table}/{hand}/{format}"
        return (await self._ask("GET", path, h.HandTextResponse)).text

    async def post(self, path: str, body: Any) -> Any:
        """Any other endpoint, untyped: for the test-only ones."""
        return await self._ask("POST", path, object, body)

    async def close(self) -> None:
        await self._http.aclose()

    # Requests

    async def _ask(self, method: str, path: str, shape: type[T], body: Any = None) -> T:
        """As the signed-in player; asked again while a part of the server is being replaced.

        Every such request may be repeated: none does twice what it did once.
        """
        deadline = time.monotonic() + AGAIN_S_MAX
        pause = AGAIN_S_FIRST
        while True:
            try:
                return await self._ask_once(method, path, shape, body)
            except (ApiError, httpx.TransportError) as failure:
                passing = isinstance(failure, httpx.TransportError) or failure.status in PASSING
                if not passing or time.monotonic() + pause > deadline:
                    raise
                log.warning("%s %s is asked again: %s", method, path, failure)
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(2 * pause, AGAIN_S_LONGEST)

    async def _ask_once(self, method: str, path: str, shape: type[T], body: Any = None) -> T:
        """Tokens are renewed ahead, or when the server says so."""
        await self._renew(time.monotonic() >= self._renew_at)
        used = self._tokens
        try:
            return await self._send(method, path, shape, body, signed_in=True)
        except ApiError as refused:
            if refused.code != "token_expired":
                raise
        await self._renew(self._tokens is used)
        return await self._send(method, path, shape, body, signed_in=True)

    async def _renew(self, needed: bool) -> None:
        """Trade the refresh token once, however many ask: used twice it ends the session."""
        if not needed or self._tokens is None:
            return
        used = self._tokens
        async with self._renewing:
            if self._tokens is used:
                body = h.RefreshRequest(used.refresh)
                self._keep(await self._send("POST", "/v1/refresh", h.TokensResponse, body))

    async def _send(
        self, method: str, path: str, shape: type[T], body: Any = None, signed_in: bool = False
    ) -> T:
        headers = {}
        if signed_in:
            assert self._tokens is not None, "sign in first"
            headers["Authorization"] = f"Bearer {self._tokens.access}"
        content = msgspec.json.encode(body) if body is not None else None
        response = await self._http.request(method, path, content=content, headers=headers)
        if response.is_error:
            raise _error(response)
        return msgspec.json.decode(response.content or b"null", type=shape)


def _page(path: str, limit: int, before: int | None) -> str:
    return f"{path}?limit={limit}" + (f"&before={before}" if before is not None else "")


def _error(response: httpx.Response) -> ApiError:
    try:
        error = msgspec.json.decode(response.content, type=h.ErrorResponse).error
    except msgspec.DecodeError:
        message = f"The server answered with status {response.status_code}."
        return ApiError("unavailable", message, response.status_code)
    return ApiError(
        error.code, error.message, response.status_code, error.retry_after_s, error.limit
    )
