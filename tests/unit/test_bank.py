"""Errands to the ledger: what is unknown is asked again, what is wrong is said at once."""

import asyncpg
import pytest

from actors import bank
from actors.bank import BankUnreachable, insist

UNKNOWN = (
    BankUnreachable("no answer"),
    asyncpg.ConnectionDoesNotExistError("closed in the middle of operation"),
    asyncpg.AdminShutdownError("terminating connection"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    asyncpg.DeadlockDetectedError("deadlock detected"),
    asyncpg.InterfaceError("connection is closed"),
    # A backend that ends between two messages of one query: CI saw this one.
    asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress"),
    ConnectionResetError("reset by peer"),
    TimeoutError("too late"),
)


@pytest.mark.parametrize("failure", UNKNOWN, ids=lambda failure: type(failure).__name__)
async def test_an_unknown_outcome_is_asked_again(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank, "RETRY_S_FIRST", 0.0)
    asked = 0

    async def ask() -> str:
        nonlocal asked
        asked += 1
        if asked < 3:
            raise failure
        return "done"

    assert await insist(ask, "errand") == "done"
    assert asked == 3


async def test_a_mistake_of_ours_is_not_asked_again() -> None:
    async def ask() -> str:
        raise asyncpg.UndefinedFunctionError("function does not exist")

    with pytest.raises(asyncpg.UndefinedFunctionError):
        await insist(ask, "errand")
