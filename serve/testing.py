"""Fixed decks over HTTP: exists only with the setting ``fixed_decks``, which production refuses."""

from typing import Annotated

import msgspec

from actors.spec import TableSpec
from games.cards import DECK_SIZE
from serve.errors import ApiError
from serve.office import Office
from wire.http import TableListing

DECKS_MAX = 1_000


class FixedTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table to open; ``fixed_decks`` of the spec is set for it."""

    spec: TableSpec


class FixedDecks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Decks in the order of the hands; each is a permutation of 0..51, dealt from the front."""

    decks: Annotated[list[tuple[int, ...]], msgspec.Meta(min_length=1, max_length=DECKS_MAX)]


async def open_fixed_table(office: Office, body: FixedTable) -> TableListing:
    """Open the table now."""
    spec = msgspec.structs.replace(body.spec, fixed_decks=True)
    status = await office.open_table(spec)
    if status is None:
        raise ApiError("table_not_open", retry_after_s=1)
    return status.listing


async def put_fixed_decks(office: Office, table: str, body: FixedDecks) -> None:
    """Queue decks at a table that was opened for them."""
    for deck in body.decks:
        if sorted(deck) != list(range(DECK_SIZE)):
            raise ApiError("bad_request", "A deck is a permutation of the cards 0 to 51.")
    if not await office.put_decks(table, body.decks):
        raise ApiError("table_unknown")
