"""Limits on how often somebody may ask, over a real Redis and without it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from serve.embedded_valkey import EmbeddedValkey
from serve.errors import ApiError
from serve.rates import RateLimits, Rates

# So slow that nothing comes back while the test runs.
TIGHT = RateLimits(address_per_s=1, address_burst=5, account_per_s=1, account_burst=3)


@pytest.fixture
async def rates(valkey: EmbeddedValkey) -> AsyncIterator[Rates]:
    opened = Rates(valkey.url, TIGHT)
    yield opened
    await opened.close()


async def asked(rates: Rates, address: str, times: int) -> int:
    """How many of them were let through."""
    errors = []
    for _ in range(times):
        try:
            await rates.address(address)
        except ApiError as refused:
            errors.append(refused)
    assert all(
        (each.status, each.body.code, each.body.retry_after_s >= 1)
        == (429, "too_many_requests", True)
        for each in errors
    )
    return times - len(errors)


async def test_an_address_is_counted_by_all_replicas_together(
    rates: Rates, valkey: EmbeddedValkey
) -> None:
    one, other = rates, Rates(valkey.url, TIGHT)
    both = await asyncio.gather(asked(one, "10.0.0.1", 20), asked(other, "10.0.0.1", 20))
    assert 5 <= sum(both) <= 12, "the burst, and a few that the seconds brought back"
    assert await asked(one, "10.0.0.2", 5) == 5
    # One subscriber's /64 is one address.
    assert await asked(one, "2001:db8::1", 5) == 5
    assert await asked(one, "2001:db8::2", 5) <= 2
    await other.close()


async def test_an_account_is_counted_route_by_route(rates: Rates) -> None:
    asked_often = [rates.account("ann", "/v1/me") for _ in range(20)]
    answers = await asyncio.gather(*asked_often, return_exceptions=True)
    passed = answers.count(None)
    assert 3 <= passed <= 6
    assert sum(isinstance(each, ApiError) for each in answers) == 20 - passed
    await rates.account("ann", "/v1/hands")
    await rates.account("bob", "/v1/me")


async def test_without_redis_each_counts_by_itself(rates: Rates, valkey: EmbeddedValkey) -> None:
    assert await asked(rates, "10.0.0.1", 1) == 1
    valkey.stop()
    assert 5 <= await asked(rates, "10.0.0.1", 40) <= 12
