"""Which actor a table goes to, and how many actors it takes. Pure: nothing is started here."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, Protocol, TypeVar

from actors.load import Load
from actors.spec import TableSpec

OPENINGS_MAX: Final = 32
"""Tables on their way to one actor: it must have time to answer between them."""


class Place(Protocol):
    """An actor, as far as it matters here. ``packs`` is the ``tables_per_actor`` of its tables;
    ``reserved`` counts those that are on their way, to it or from it."""

    packs: int
    reserved: int
    load: Load

    @property
    def held(self) -> int:
        """Open tables."""
        ...

    @property
    def usable(self) -> bool:
        """Whether it may be given tables at all."""
        ...


P = TypeVar("P", bound=Place)


def _is_empty(place: Place) -> bool:
    return not (place.held or place.reserved)


def _room(place: Place, packs: int) -> int:
    """For so many more tables of a kind beside those it has; a busy one has none."""
    if _is_empty(place) or place.packs != packs or place.load.busy or not place.usable:
        return 0
    return max(0, packs - place.held - place.reserved)


def choose(spec: TableSpec, places: Iterable[P], warm: Callable[[P], bool]) -> P | None:
    """The one with room that has the fewest players, else an empty one, rather a warm one. None
    means: later, when one has answered or a new one is up."""
    places = list(places)
    shared = [place for place in places if _room(place, spec.tables_per_actor)]
    if shared:
        at = min(shared, key=lambda place: (place.load.connections, place.held + place.reserved))
        return at if at.reserved < OPENINGS_MAX else None
    empty = [place for place in places if place.usable and _is_empty(place)]
    return max(empty, key=warm, default=None)


def actors_for(unplaced: Iterable[TableSpec], places: Iterable[Place]) -> int:
    """So many empty actors are needed for tables that have none, beside the room there is."""
    places = list(places)
    counts = Counter(spec.tables_per_actor for spec in unplaced)
    beyond = {n: count - sum(_room(place, n) for place in places) for n, count in counts.items()}
    return sum(-(-count // n) for n, count in beyond.items() if count > 0)
