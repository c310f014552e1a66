"""A hot standby of the tests' Postgres, made by its own binaries: streaming, read-only."""

import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil

from serve.process import free_port, spawn, stop

READY_S_MAX = 60
STOP_S_MAX = 20


async def binaries(admin_dsn: str) -> Path:
    """The folder of the programs that the server runs from."""
    conn = await asyncpg.connect(admin_dsn)
    try:
        return Path(psutil.Process(conn.get_server_pid()).exe()).parent
    finally:
        await conn.close()


@contextmanager
def standby(admin_dsn: str, bin_dir: Path) -> Iterator[int]:
    """Its port; roles, passwords and databases are those of the primary."""
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="squaredeal-standby-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o711)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if account is not None:
            os.chown(data, account.pw_uid, account.pw_gid)
        subprocess.run(
            [bin_dir / "pg_basebackup", "-d", admin_dsn, "-D", data, "-R", "-X", "stream",
             "-c", "fast"],
            check=True, capture_output=True, cwd="/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )  # fmt: skip
        flags = [f"--port={port}", "--listen_addresses=127.0.0.1", "--max_connections=120",
                 "--unix_socket_directories=", "--hot_standby=on"]  # fmt: skip
        with (folder / "log").open("ab") as log:
            process = spawn(
                [bin_dir / "postgres", "-D", data, *flags],
                log=log,
                death_signal=signal.SIGINT,
                account=account,
            )
        try:
            yield port
        finally:
            stop(process, signal.SIGINT, STOP_S_MAX)
