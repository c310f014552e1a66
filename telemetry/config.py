"""What every process is told about its log and its traces: plain data, as Ray carries it."""

from typing import Final

import msgspec

FILE_BYTES_MAX: Final = 16 * 2**20
"""One process's file; then it is put aside and a new one begun."""
FILES_ASIDE_MAX: Final = 3
FOLDER_BYTES_MAX: Final = 2**30
"""All files of a node. Whoever starts deletes the oldest beyond it: their processes have ended."""


class TelemetryConfig(msgspec.Struct, frozen=True, kw_only=True):
    """``log_dir``: folder of the logs, on each node; "": standard error. ``trace_url``: where spans
    are sent (OTLP over HTTP); "": no traces. ``trace_ratio``: the share of traces that is kept
    whatever comes of them."""

    log_dir: str = ""
    log_level: str = "info"
    trace_url: str = ""
    trace_ratio: float = 0.05
