"""Requests that go together: none is lost, none waits for another's failure."""

import asyncio
from collections.abc import Sequence

import pytest

from actors.group import Group


class Calls:
    """Answers twice the item; negative ones fail; waits for ``go`` when it is closed."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.go = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        self.seen.append(list(items))
        await self.go.wait()
        if 0 in items:
            raise ConnectionError("nobody is there")
        return [ValueError(str(item)) if item < 0 else 2 * item for item in items]


def tasks(group: Group[int, int], *items: int) -> list[asyncio.Task[int]]:
    return [asyncio.ensure_future(group.ask(item)) for item in items]


async def test_one_goes_at_once_and_the_rest_together() -> None:
    calls = Calls()
    group: Group[int, int] = Group(calls, items_max=10, calls_max=1)
    asked = tasks(group, 1)
    await asyncio.sleep(0.01)
    asked += tasks(group, 2, 3, 4)
    calls.go.set()
    assert await asyncio.gather(*asked) == [2, 4, 6, 8]
    assert calls.seen == [[1], [2, 3, 4]]


async def test_a_call_has_so_many_items_and_so_many_are_under_way() -> None:
    calls = Calls()
    group: Group[int, int] = Group(calls, items_max=2, calls_max=2)
    asked = tasks(group, 1, 2, 3, 4, 5, 6, 7)
    await asyncio.sleep(0.01)
    assert calls.seen == [[1, 2], [3, 4]]
    calls.go.set()
    assert await asyncio.gather(*asked) == [2, 4, 6, 8, 10, 12, 14]
    assert calls.seen == [[1, 2], [3, 4], [5, 6], [7]]


async def test_a_failure_is_the_answer_of_its_own_item() -> None:
    calls = Calls()
    calls.go.set()
    group: Group[int, int] = Group(calls, items_max=10, calls_max=1)
    answers = await asyncio.gather(*tasks(group, 1, -5, 3), return_exceptions=True)
    assert [answers[0], answers[2]] == [2, 6]
    assert isinstance(answers[1], ValueError)


async def test_a_call_that_fails_fails_all_of_its_items_and_the_next_goes_on() -> None:
    calls = Calls()
    group: Group[int, int] = Group(calls, items_max=2, calls_max=1)
    asked = tasks(group, 0, 1, 2)
    calls.go.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError, ConnectionError, int]
    assert await group.ask(7) == 14


async def test_whoever_has_left_is_not_asked_for() -> None:
    calls = Calls()
    group: Group[int, int] = Group(calls, items_max=9, calls_max=1)
    asked = tasks(group, 1)
    await asyncio.sleep(0.01)
    left, stays = tasks(group, 2, 3)
    await asyncio.sleep(0.01)
    left.cancel()
    calls.go.set()
    assert await stays == 6
    assert await asked[0] == 2
    assert calls.seen == [[1], [3]]
    with pytest.raises(asyncio.CancelledError):
        await left


async def test_one_after_the_other_each_is_answered() -> None:
    """Whoever asks as soon as he is answered finds the call before just ended."""
    calls = Calls()
    calls.go.set()
    group: Group[int, int] = Group(calls, items_max=9, calls_max=1)
    async with asyncio.timeout(5):
        assert [await group.ask(n) for n in range(1, 6)] == [2, 4, 6, 8, 10]
    assert calls.seen == [[1], [2], [3], [4], [5]]
