"""Argon2id, off the event loop, a few at a time.

The cost is the second recommendation of RFC 9106 (memory-constrained): 64 MiB, three passes.
Changing ``COST`` is enough: hashes made at another cost are renewed as their owners sign in.
"""

import asyncio
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import msgspec
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from auth.errors import PasswordCommon, PasswordTooLong, PasswordTooShort, TooManyAttempts

T = TypeVar("T")

PASSWORD_CHARS_MIN: Final = 10
PASSWORD_BYTES_MAX: Final = 256
SCORE_MIN: Final = 2
"""Of zxcvbn's 0 to 4: below it, fewer than a million guesses find the password."""
LOOKED_AT_CHARS: Final = 72
"""What zxcvbn looks at: what comes after can only make it harder to guess."""


class Cost(msgspec.Struct, frozen=True):
    """What one guess costs: passes, KiB of memory, lanes."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


COST: Final = Cost()


def check_password(password: str) -> None:
    """Refuse a password that may not be chosen.

    Raises:
        PasswordTooShort: fewer than ``PASSWORD_CHARS_MIN`` characters.
        PasswordTooLong: more than ``PASSWORD_BYTES_MAX`` bytes of UTF-8.
    """
    if len(password) > PASSWORD_BYTES_MAX or len(_bytes(password)) > PASSWORD_BYTES_MAX:
        raise PasswordTooLong
    if len(password) < PASSWORD_CHARS_MIN:
        raise PasswordTooShort


class Passwords:
    """Hashes and verifies in ``threads`` threads (Argon2 releases the GIL).

    At most ``queue_max`` calls wait or run: a flood is refused at once instead of making every
    later sign-in slow, and memory stays below ``threads`` × the cost.
    """

    def __init__(self, cost: Cost = COST, *, threads: int = 2, queue_max: int = 64) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._queue_max = queue_max
        self._queued = 0
        self._decoy: str | None = None
        self._estimating = threading.Lock()  # zxcvbn keeps what it was given in a global

    async def choose(self, password: str, name: str) -> str:
        """The encoded hash of a password that somebody called ``name`` chooses.

        Raises:
            PasswordCommon: it is among those that leaked most often (lists that zxcvbn ships), or
                made of them, of the name or of a pattern on the keyboard.
            As ``hash``.
        """
        check_password(password)
        await self._run(lambda: self._refuse_common(password, name))
        return await self.hash(password)

    async def hash(self, password: str) -> str:
        """The encoded hash to store.

        Raises:
            PasswordTooShort, PasswordTooLong: see ``check_password``.
            TooManyAttempts: the queue is full.
        """
        check_password(password)
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` belongs to the hash ``stored``.

        Without a hash (no such account, or one without a password) the same work is done against
        a decoy: the time taken does not tell which names exist.

        Raises:
            TooManyAttempts: the queue is full.
        """
        if len(password) > PASSWORD_BYTES_MAX:
            return False
        return await self._run(lambda: self._verify(stored, _bytes(password)))

    def needs_rehash(self, stored: str) -> bool:
        """Whether ``stored`` was made at another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads go; calls under way finish."""
        self._threads.shutdown(wait=False)

    def _refuse_common(self, password: str, name: str) -> None:
        with self._estimating:
            found = zxcvbn(password[:LOOKED_AT_CHARS], [name, "squaredeal"], LOOKED_AT_CHARS)
        if found["score"] < SCORE_MIN:
            raise PasswordCommon

    def _verify(self, stored: str | None, password: bytes) -> bool:
        if self._decoy is None:
            # Made by whichever name is tried first, known or not, so that its cost tells nothing.
            self._decoy = self._hasher.hash(b"nobody's password")
        try:
            return self._hasher.verify(stored or self._decoy, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._queued >= self._queue_max:
            raise TooManyAttempts(retry_after_s=1)
        self._queued += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._queued -= 1


def _bytes(password: str) -> bytes:
    # NFKC: the same keys give other code points on other systems (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
