"""One shape for every line of every process: JSON by structlog, whoever wrote it.

Modules log through the standard library, as Ray, Serve and uvicorn do; fields go into ``extra``.
"""

import contextlib
import logging
import logging.handlers
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from telemetry import traces
from telemetry.carried import REQUEST
from telemetry.config import (
    FILE_BYTES_MAX,
    FILES_ASIDE_MAX,
    FOLDER_BYTES_MAX,
    TelemetryConfig,
)
from telemetry.redact import clean

log = logging.getLogger(__name__)

ROOMS: Final = ("actors", "auth", "client", "games", "serve", "telemetry", "wallet", "wire")
THEIRS: Final = ("ray", "ray.serve", "uvicorn", "uvicorn.error", "uvicorn.access")
"""Loggers that others have given handlers of their own."""
AUDIT: Final = "audit"
"""What operators did (``serve.audited``): a stream of its own, whatever the level is."""
SUFFIX: Final = ".jsonl"
FIRST: Final = ("time", "level", "event", "part", "process", "node", "pid", "logger")
Step = Callable[[WrappedLogger, str, EventDict], EventDict]


def begin(config: TelemetryConfig, part: str, process: str) -> None:
    """From now on this process logs and traces as ``process`` of a ``part`` of the system."""
    node = socket.gethostname()
    _log_to(_handler(config, process), config.log_level, _named(part, process, node))
    traces.stop()
    if config.trace_url:
        traces.start(config.trace_url, config.trace_ratio, part, process, node)
    log.info("begun", extra={"traced": traces.on()})


def log_as_text(level: str) -> None:
    """For a terminal: people read it."""
    _log_to(logging.StreamHandler(), level, None)


def log_as_json(level: str, part: str, process: str) -> None:
    """The same lines as in the files, on standard output."""
    handler = logging.StreamHandler(sys.stdout)
    _log_to(handler, level, _named(part, process, socket.gethostname()))


def _log_to(handler: logging.Handler, level: str, named: Step | None) -> None:
    """``named`` says which process it is; None for lines that people read."""
    handler.setFormatter(_formatter(named))
    root = logging.getLogger()
    before, root.handlers[:] = root.handlers[:], [handler]
    for each in before:
        if isinstance(each, logging.FileHandler):
            each.close()
    root.setLevel(logging.WARNING)
    for name in THEIRS:
        theirs = logging.getLogger(name)
        theirs.handlers.clear()
        theirs.propagate = True
    for name in ROOMS:
        logging.getLogger(name).setLevel(level.upper())
    logging.getLogger(AUDIT).setLevel(logging.INFO)
    logging.captureWarnings(True)


def _formatter(named: Step | None) -> logging.Formatter:
    common: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _context,
        structlog.processors.format_exc_info,
        *([named] if named else []),
    ]
    shown: Any = (
        structlog.processors.JSONRenderer(serializer=_json)
        if named
        else structlog.dev.ConsoleRenderer(timestamp_key="time", colors=sys.stderr.isatty())
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=common, processors=[remove, _redacted, shown]
    )


def _named(part: str, process: str, node: str) -> Step:
    pid = os.getpid()

    def add(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event.update(part=part, process=process, node=node, pid=pid)
        return event

    return add


def _context(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    if request := REQUEST.get():
        event["request"] = request
    if (where := traces.ids()) is not None:
        event["trace"], event["span"] = where
    return event


def _redacted(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    ours = {name: event.pop(name) for name in FIRST if name in event}
    ours["event"] = clean(ours["event"])
    ids = {name: event.pop(name) for name in ("request", "trace", "span") if name in event}
    # Ray adds fields of its own to every record, with an underscore.
    rest = {name: clean(value, name) for name, value in event.items() if name[0] != "_"}
    return {**ours, **ids, **rest}


def _json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def _handler(config: TelemetryConfig, process: str) -> logging.Handler:
    if not config.log_dir:
        # Not sys.stderr: Serve puts a logger there.
        return logging.StreamHandler(sys.__stderr__)
    folder = Path(config.log_dir)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    _prune(folder)
    return _File(
        folder / f"{process.replace('#', '-')}{SUFFIX}",
        maxBytes=FILE_BYTES_MAX,
        backupCount=FILES_ASIDE_MAX,
        encoding="utf-8",
        delay=True,
    )


class _File(logging.handlers.RotatingFileHandler):
    """Begins anew if somebody has deleted it, such as ``_prune`` that of a silent process."""

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None and not Path(self.baseFilename).exists():
            self.close()
        super().emit(record)


def _prune(folder: Path, bytes_max: int = FOLDER_BYTES_MAX) -> None:
    """Delete the oldest files beyond the bound; others may be doing the same."""
    with contextlib.suppress(FileNotFoundError):
        files = [(file.stat(), file) for file in folder.glob(f"*{SUFFIX}*")]
        files.sort(key=lambda each: each[0].st_mtime)
        left = sum(stat.st_size for stat, _ in files)
        for stat, file in files:
            if left <= bytes_max:
                break
            file.unlink()
            left -= stat.st_size
