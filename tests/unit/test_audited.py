"""What is written down of an operator's act, and in which order."""

from typing import Any, cast
from uuid import UUID

import pytest

from auth.rights import Right
from auth.tokens import Identity
from serve.audited import handled, is_recorded
from serve.errors import ApiError
from serve.gate import Admitted
from serve.gateway import endpoints_of
from serve.office import Office
from serve.routes import Call, Endpoint
from wire import http as h

ANN = Admitted(Identity(UUID(int=1), "ann", "player", UUID(int=2)))
BODY = h.OperatorRequest(h.Operator("ann"), "why", 1.0)
PATH = "/v1/operator/tables/lantern/pause"


class Book:
    """An office that writes down and does nothing else."""

    def __init__(self, away: str = "") -> None:
        self.lines: list[tuple[Any, ...]] = []
        self._away = away

    async def audit_asked(self, *line: str | None) -> int:
        return self._add("asked", *line)

    async def audit_ended(self, *line: object) -> None:
        self._add("ended", *line)

    def _add(self, kind: str, *line: object) -> int:
        if kind == self._away:
            raise ApiError("unavailable")
        self.lines.append((kind, *line))
        return len(self.lines)


async def run(
    book: Book, failure: Exception | None, admitted: Admitted = ANN, readable: bool = True
) -> Any:
    async def state(call: Call) -> int:
        if not readable:
            raise ApiError("table_unknown")
        return sum(line == ("did",) for line in book.lines)

    async def pause(call: Call) -> h.PlayerInfo:
        book.lines.append(("did",))
        if failure is not None:
            raise failure
        return h.PlayerInfo("1", "ann", "player")

    endpoint = Endpoint("POST", PATH, "", pause, None, right=Right.RUN_TABLES, state=state)
    call = Call(cast(Office, book), admitted.identity, "10.0.0.1", {}, {}, BODY)
    return await handled(endpoint, admitted, call, PATH)


ASKED = '{"by":{"name":"ann","approver":null},"reason":"why","grace_s":1.0}'


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [(ApiError("table_unknown"), "table_unknown"), (ValueError("a fault"), "internal")],
)
async def test_a_refusal_is_written_down_too(failure: Exception, outcome: str) -> None:
    book = Book()
    with pytest.raises(type(failure)):
        await run(book, failure)
    assert book.lines == [
        ("asked", "ann", "10.0.0.1", f"POST {PATH}", ASKED, "0"),
        ("did",),
        ("ended", 1, "ann", outcome, "", None),
    ]


async def test_what_was_before_is_written_before_and_what_is_after_after() -> None:
    book = Book()
    await run(book, None)
    asked, _, ended = book.lines
    assert (asked[-1], ended[-1]) == ("0", "1")


async def test_an_act_whose_state_can_t_be_read_is_written_down_without_it() -> None:
    book = Book()
    await run(book, None, readable=False)
    asked, _, ended = book.lines
    assert (asked[-1], ended[-1]) == (None, None)


async def test_the_machine_can_not_be_taken_for_an_account() -> None:
    book = Book()
    answer = await run(book, None, Admitted(machine=True))
    assert book.lines[0][1] == "machine:ann"
    assert book.lines[-1][2:4] == ("machine:ann", "done")
    assert '"ann"' in book.lines[-1][4]
    assert answer.name == "ann"


async def test_what_can_t_be_written_down_is_not_done() -> None:
    book = Book(away="asked")
    with pytest.raises(ApiError) as refused:
        await run(book, None)
    assert refused.value.body.code == "unavailable"
    assert book.lines == []


async def test_what_is_done_is_answered_even_if_its_outcome_is_not_written() -> None:
    assert (await run(Book(away="ended"), None)).name == "ann"


def test_every_act_of_operators_and_hosts_and_every_look_at_cards_is_recorded() -> None:
    for each in endpoints_of(fixed_decks=True):
        operators = each.path.startswith(("/v1/operator/", "/v1/host/")) and not each.signed
        wanted = operators and (each.method != "GET" or "/hands" in each.path)
        assert is_recorded(each) == wanted, each.path


def test_every_act_but_those_that_only_look_or_only_make_says_what_was_before() -> None:
    without = {
        each.path for each in endpoints_of(fixed_decks=True) if is_recorded(each) and not each.state
    }
    assert {path for path in without if "/hands" not in path} == {
        "/v1/operator/findings/look",
        "/v1/operator/reversals",  # a proposal: nothing has changed yet
    }
