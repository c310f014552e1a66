"""Runs the checks against an operator's wallet: ``squaredeal seamless check``."""

from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec

from wallet.seamless.checks import CHECKS
from wallet.seamless.probe import CheckFailed, Probe


class Finding(msgspec.Struct, frozen=True):
    """``failure`` is empty if the check passed."""

    name: str
    says: str
    failure: str = ""

    @property
    def passed(self) -> bool:
        return not self.failure


async def findings(probe: Probe, names: frozenset[str] = frozenset()) -> AsyncIterator[Finding]:
    """Every check in its order, one at a time, or those named."""
    for each in CHECKS:
        name = each.__name__
        if names and name not in names:
            continue
        says = " ".join((each.__doc__ or "").split())
        before = await _balance(probe)
        try:
            await each(probe)
        except CheckFailed as failed:
            await _restore(probe, before)
            yield Finding(name, says, str(failed))
        else:
            yield Finding(name, says)


async def _balance(probe: Probe) -> int | None:
    try:
        return await probe.balance()
    except CheckFailed:
        return None


async def _restore(probe: Probe, before: int | None) -> None:
    """What a failed check has moved must not make the next one fail too."""
    after = await _balance(probe)
    if before is None or after is None or before == after:
        return
    moved = before - after
    message = probe.credit(moved) if moved > 0 else probe.debit(-moved)
    with suppress(CheckFailed):
        await probe.ask(message)
