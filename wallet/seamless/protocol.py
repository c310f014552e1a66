"""The messages between us and an operator who keeps the money himself: one file, both directions.

We ask, the operator answers. Each message is a POST of JSON to ``<operator's URL>/<type>``; each
answer that has been decided comes with status 200 and a ``code``. Unknown fields are ignored by
both sides. ``docs/seamless-wallet.md`` is the same for people.
"""

from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID, uuid5

import msgspec
from msgspec import Meta

from wallet.seamless.limits import AMOUNT_MAX, NAME_CHARS_MAX, TOKEN_CHARS_MAX

NAMESPACE: Final = UUID("6f0f4a4c-3a35-5d0c-9a55-7d1d6d0f6a10")

Amount = Annotated[int, Meta(gt=0, le=AMOUNT_MAX)]
Name = Annotated[str, Meta(min_length=1, max_length=NAME_CHARS_MAX)]
Token = Annotated[str, Meta(max_length=TOKEN_CHARS_MAX)]


class Code(StrEnum):
    """What an operator decided. The order of the members is their precedence."""

    OK = "ok"
    """Done, now or by an earlier call with the same transaction_uuid."""
    BAD_SIGNATURE = "bad_signature"
    """Not signed by a known key over this very body."""
    STALE_REQUEST = "stale_request"
    """The timestamp is too far from the operator's clock."""
    BAD_REQUEST = "bad_request"
    """Not a message of this protocol."""
    PAYLOAD_MISMATCH = "payload_mismatch"
    """This transaction_uuid was used for something else."""
    ROLLED_BACK = "rolled_back"
    """A debit whose rollback has been here, before it or after it."""
    UNKNOWN_PLAYER = "unknown_player"
    """The operator has no such player."""
    WRONG_CURRENCY = "wrong_currency"
    """The player's money is in another currency."""
    TOKEN_EXPIRED = "token_expired"  # noqa: S105
    """The player's session has ended, or never was. Debits and balances only."""
    PLAYER_BLOCKED = "player_blocked"
    """Excluded or suspended. Debits only."""
    LIMIT_REACHED = "limit_reached"
    """A limit of the player's forbids it. Debits only."""
    INSUFFICIENT_FUNDS = "insufficient_funds"
    """The player has less than that. Debits only."""
    UNAVAILABLE = "unavailable"
    """Nothing was done and nothing recorded; ask again later."""


UNDECIDED: Final = frozenset(
    (Code.BAD_SIGNATURE, Code.STALE_REQUEST, Code.BAD_REQUEST, Code.UNAVAILABLE)
)
"""Said of a call, not of a transaction: nothing is recorded under its transaction_uuid."""
FINAL_REFUSALS: Final = frozenset(Code) - UNDECIDED - {Code.OK}
"""Said of a transaction: the same transaction_uuid gets the same answer for ever."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """``request_uuid`` names one call; every attempt has its own."""

    request_uuid: UUID
    player: Name
    currency: Name
    token: Token


class BalanceOf(Message, frozen=True, tag="balance"):
    """How much the player could bring to a table."""


class Debit(Message, frozen=True, kw_only=True, tag="debit"):
    """Take ``amount`` from the player: a buy-in or a top-up."""

    transaction_uuid: UUID
    amount: Amount
    table: Name


class Credit(Message, frozen=True, kw_only=True, tag="credit"):
    """Give ``amount`` to the player: his stake goes home. Never refused for his token."""

    transaction_uuid: UUID
    amount: Amount
    table: Name


class Rollback(Message, frozen=True, kw_only=True, tag="rollback"):
    """The debit ``reference_transaction_uuid`` must not be, whether it has arrived or not."""

    transaction_uuid: UUID
    reference_transaction_uuid: UUID
    amount: Amount


Request = BalanceOf | Debit | Credit | Rollback
Movement = Debit | Credit | Rollback


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``balance`` is the player's after it, in minor units; it goes with ``ok``."""

    request_uuid: UUID | None
    code: Code
    balance: int | None = None
    message: str = ""


_REQUEST: Final[msgspec.json.Decoder[Request]] = msgspec.json.Decoder(Request)
_ANSWER: Final = msgspec.json.Decoder(Answer)
_ENCODER: Final = msgspec.json.Encoder()


def encode(body: Request | Answer) -> bytes:
    """The exact bytes that are signed and sent."""
    return _ENCODER.encode(body)


def decode_request(body: bytes) -> Request:
    """Raises msgspec.DecodeError (its ValidationError among them) for anything else."""
    return _REQUEST.decode(body)


def decode_answer(body: bytes) -> Answer:
    """Raises msgspec.DecodeError (its ValidationError among them) for anything else."""
    return _ANSWER.decode(body)


def type_of(message: Request) -> str:
    """``balance``, ``debit``, ``credit`` or ``rollback``: also the last part of the URL."""
    return str(message.__struct_config__.tag)


def transaction_uuid(site: str, action: str, key: str) -> UUID:
    """The name of a business action: the same after a crash, as it comes from the ledger's key.

    ``site`` keeps two servers apart that have one operator.
    """
    return uuid5(NAMESPACE, f"{site}\n{action}\n{key}")
