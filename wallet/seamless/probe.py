"""An operator's wallet as the conformance checks see it."""

from collections.abc import Callable
from typing import Final
from uuid import uuid4

import httpx
import msgspec

from wallet.errors import WalletError
from wallet.seamless.client import OperatorClient
from wallet.seamless.errors import OutcomeUnknown
from wallet.seamless.limits import SeamlessLimits
from wallet.seamless.protocol import (
    Answer,
    BalanceOf,
    Code,
    Credit,
    Debit,
    Request,
    Rollback,
    decode_answer,
    encode,
    type_of,
)
from wallet.seamless.signing import Signer

AMOUNT: Final = 10
BALANCE_MIN: Final = 1_000
"""Minor units that the player of a check must have."""
TABLE: Final = "conformance"


class CheckFailed(WalletError):
    """The operator's wallet does not do what the protocol asks for."""

    code = "check_failed"


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A test player at the operator: one token that is good, one that has expired."""

    player: str
    currency: str
    token: str
    expired_token: str


class Probe:
    """Asks what a check wants to ask. Answers are as strict as in earnest."""

    def __init__(
        self,
        url: str,
        signer: Signer,
        subject: Subject,
        limits: SeamlessLimits,
        clock: Callable[[], float],
        http: httpx.AsyncClient,
    ) -> None:
        self.subject = subject
        self.signer = signer
        self.clock = clock
        self.limits = limits
        self._url = url.rstrip("/")
        self._http = http
        self._client = OperatorClient(url, signer, limits, clock, http)

    def balance_of(self, token: str | None = None) -> BalanceOf:
        return BalanceOf(
            request_uuid=uuid4(),
            player=self.subject.player,
            currency=self.subject.currency,
            token=self.subject.token if token is None else token,
        )

    def debit(self, amount: int = AMOUNT, token: str | None = None) -> Debit:
        return Debit(
            request_uuid=uuid4(),
            transaction_uuid=uuid4(),
            player=self.subject.player,
            currency=self.subject.currency,
            token=self.subject.token if token is None else token,
            amount=amount,
            table=TABLE,
        )

    def credit(self, amount: int = AMOUNT, token: str | None = None) -> Credit:
        return Credit(
            request_uuid=uuid4(),
            transaction_uuid=uuid4(),
            player=self.subject.player,
            currency=self.subject.currency,
            token=self.subject.token if token is None else token,
            amount=amount,
            table=TABLE,
        )

    def rollback(self, debit: Debit, token: str | None = None) -> Rollback:
        return Rollback(
            request_uuid=uuid4(),
            transaction_uuid=uuid4(),
            reference_transaction_uuid=debit.transaction_uuid,
            player=debit.player,
            currency=debit.currency,
            token=self.subject.token if token is None else token,
            amount=debit.amount,
        )

    async def ask(self, message: Request) -> Answer:
        """Raises CheckFailed if there is no answer that can be believed."""
        try:
            return await self._client.ask(message)
        except OutcomeUnknown as unknown:
            raise CheckFailed(f"{type_of(message)}: {unknown}") from unknown

    async def expect(self, message: Request, *codes: Code) -> Answer:
        """An answer with one of these codes."""
        answer = await self.ask(message)
        if answer.code not in codes:
            wanted = " or ".join(codes)
            raise CheckFailed(f"{type_of(message)}: answered {answer.code}, not {wanted}")
        return answer

    async def repeat(self, message: Request, *codes: Code) -> Answer:
        """The same again, as another call."""
        return await self.expect(again(message), *codes)

    async def balance(self) -> int:
        """The player's balance now."""
        answer = await self.expect(self.balance_of(), Code.OK)
        if answer.balance is None:
            raise CheckFailed("balance: ok without a balance")
        return answer.balance

    async def raw(self, path: str, headers: dict[str, str], body: bytes) -> Code:
        """The code that these very bytes are answered with."""
        try:
            response = await self._http.post(f"{self._url}/{path}", headers=headers, content=body)
            answer = decode_answer(response.content)
        except (httpx.HTTPError, msgspec.DecodeError) as wrong:
            raise CheckFailed(f"{path}: no readable answer: {wrong}") from wrong
        if response.status_code != httpx.codes.OK:
            raise CheckFailed(f"{path}: status {response.status_code}, not 200")
        return answer.code

    async def raw_expect(self, path: str, headers: dict[str, str], body: bytes, code: Code) -> None:
        """As ``raw``; raises CheckFailed for another code."""
        answered = await self.raw(path, headers, body)
        if answered is not code:
            raise CheckFailed(f"{path}: answered {answered}, not {code}")

    async def signed_expect(self, path: str, body: bytes, code: Code) -> None:
        """As ``raw_expect``, properly signed."""
        await self.raw_expect(path, self.signer.headers(body, self.clock()), body, code)


def again(message: Request) -> Request:
    """Another call for the same business action."""
    return msgspec.structs.replace(message, request_uuid=uuid4())


def fields(message: Request, **changes: object) -> bytes:
    """The message with some fields changed to what our own types would not allow."""
    plain = msgspec.json.decode(encode(message))
    return msgspec.json.encode(plain | changes)
