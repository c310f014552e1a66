"""Second factors: codes of an authenticator (TOTP, RFC 6238), and recovery codes for a lost one.

The shared secret is sealed at rest by a key from a file. A code is taken once, in a window of one
step to either side; a recovery code once ever.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec
import pyotp

from auth.accounts import QUERIES
from auth.errors import CodeWrong, FactorKnown, FactorUnknown
from auth.seals import Seals

if TYPE_CHECKING:
    from auth.accounts import Connection, Pool

STEP_S: Final = 30
STEPS_AROUND: Final = 1
"""Clocks that are so many steps apart still agree."""
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10
CODE_CHARS_MAX: Final = 64


class Enrolment(msgspec.Struct, frozen=True):
    """What an authenticator is told: the secret in base32, and the same as an ``otpauth`` URI."""

    secret: str
    uri: str


class FactorState(msgspec.Struct, frozen=True):
    """Whether a second factor is in force, and how many recovery codes are left."""

    on: bool
    recovery_codes: int


class SecondFactors:
    """Enrols, confirms, checks and removes."""

    def __init__(self, pool: "Pool", seals: Seals) -> None:
        self._pool = pool
        self._seals = seals

    async def state(self, account: UUID) -> FactorState:
        async with self._pool.acquire() as conn:
            row = await QUERIES.factor_state(conn, account=account)
        return FactorState(row["on"], row["codes"])

    async def enrol(self, account: UUID, name: str, now: datetime) -> Enrolment:
        """A new secret, not in force before ``confirm``.

        Raises:
            FactorKnown: there is one in force.
        """
        secret = pyotp.random_base32()
        sealed = self._seals.seal(secret.encode(), _place(account))
        async with self._pool.acquire() as conn:
            done = await QUERIES.enrol_factor(conn, account=account, sealed=sealed, now=now)
        if done is None:
            raise FactorKnown
        uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Squaredeal")
        return Enrolment(secret, uri)

    async def confirm(self, account: UUID, code: str, now: datetime) -> list[str]:
        """In force from now on; the recovery codes, which nobody sees again.

        Raises:
            FactorUnknown: nothing waits to be confirmed.
            CodeWrong: not the authenticator's.
        """
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        async with self._pool.acquire() as conn, conn.transaction():
            row = await QUERIES.factor(conn, account=account)
            if row is None or row["confirmed_at"] is not None:
                raise FactorUnknown
            step = self._step(row["sealed"], account, code, now)
            if step is None:
                raise CodeWrong
            await QUERIES.confirm_factor(conn, account=account, now=now, step=step)
            digests = [_digest(each) for each in codes]
            await QUERIES.add_recovery_codes(conn, account=account, digests=digests)
        return codes

    async def is_on(self, conn: "Connection", account: UUID) -> bool:
        """Whether a code is needed."""
        row = await QUERIES.factor(conn, account=account)
        return row is not None and row["confirmed_at"] is not None

    async def check(self, conn: "Connection", account: UUID, code: str, now: datetime) -> None:
        """Take a code, of the authenticator or a recovery code, in the caller's transaction.

        Raises:
            CodeWrong: another one, or one that was taken before.
        """
        row = await QUERIES.factor(conn, account=account)
        if row is None or row["confirmed_at"] is None:
            return
        step = self._step(row["sealed"], account, code, now)
        if step is not None:
            taken = await QUERIES.take_step(conn, account=account, step=step)
        else:
            taken = await QUERIES.take_recovery_code(
                conn, account=account, digest=_digest(code), now=now
            )
        if taken is None:
            raise CodeWrong

    async def remove(self, conn: "Connection", account: UUID) -> None:
        """No second factor any more, in the caller's transaction."""
        await QUERIES.remove_recovery_codes(conn, account=account)
        await QUERIES.remove_factor(conn, account=account)

    def _step(self, sealed: bytes, account: UUID, code: str, now: datetime) -> int | None:
        """Which step the code is of; None for none. Every step around is computed, found or not."""
        totp = pyotp.TOTP(self._seals.open(sealed, _place(account)).decode())
        at = int(now.timestamp()) // STEP_S
        given, found = code.strip().encode()[:CODE_CHARS_MAX], None
        for step in range(at - STEPS_AROUND, at + STEPS_AROUND + 1):
            if hmac.compare_digest(totp.generate_otp(step).encode(), given):
                found = step
        return found


def _place(account: UUID) -> str:
    return f"second-factor:{account}"


def _recovery_code() -> str:
    """Eighty random bits, in groups that can be read aloud."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def _digest(code: str) -> bytes:
    """There is nothing to guess in eighty random bits: no salt, no stretching."""
    plain = "".join(c for c in code[:CODE_CHARS_MAX].lower() if c.isalnum())
    return hashlib.sha256(plain.encode()).digest()
