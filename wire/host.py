"""HTTP bodies of private tables. Chips are minor units of PLAY; there is no rake."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from wire.players import Minutes

BIG_BLIND_MAX: Final = 10_000
BUY_IN_BIG_BLINDS_MAX: Final = 1_000
Title = Annotated[str, msgspec.Meta(
    min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*(?![\s\S])"
)]  # fmt: skip
Blind = Annotated[int, msgspec.Meta(ge=1, le=BIG_BLIND_MAX)]
BigBlinds = Annotated[int, msgspec.Meta(ge=1, le=BUY_IN_BIG_BLINDS_MAX)]
InviteCode = Annotated[str, msgspec.Meta(max_length=64)]


class PrivateTableRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Buy-ins are in big blinds."""

    title: Title
    seats: Annotated[int, msgspec.Meta(ge=2, le=9)]
    small_blind: Blind
    big_blind: Blind
    buy_in_min: BigBlinds = 40
    buy_in_max: BigBlinds = 100


class PrivateTable(msgspec.Struct, frozen=True):
    """``code`` is shown when it is made, and never again: send it to whom you invite."""

    table: str
    title: str
    opened: datetime | None = None
    code: str | None = None


class PrivateTablesResponse(msgspec.Struct, frozen=True):
    """Oldest first."""

    tables: tuple[PrivateTable, ...]


class PutOutRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``player`` (the id of his account) stands up, and stays away for so many minutes; then he
    needs a code again."""

    player: Annotated[str, msgspec.Meta(max_length=64)]
    minutes: Minutes = 60
