"""The six-seat workload on our server, for any generator: see ``benchmarks.equal.server``.

``python -m benchmarks.equal_server --port 9000 [--journal] [--tables 256]`` prints ``ready`` with
its process id, and ends by itself.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

import uvloop

from auth.seals import Seals
from benchmarks.equal.server import open_host
from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from telemetry import traces
from wallet.settler import calm_collector


async def serve(options: argparse.Namespace, folder: Path) -> None:
    """Until the time is over."""
    host = await open_host(
        folder / "dsn", folder / "journal", options.tables, options.journal, options.port
    )
    if options.trace_url:
        traces.start(options.trace_url, options.trace_ratio, "tables", "bench", "here")
    calm_collector()
    sys.stdout.write(f"ready: port {host.port}, process {os.getpid()}\n")
    sys.stdout.flush()
    await asyncio.sleep(options.seconds)
    await host.abandon()


def main() -> None:
    """Open the stores and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--tables", type=int, default=256)
    parser.add_argument("--journal", action="store_true", help="every action on disk before shown")
    parser.add_argument("--trace-url", default="", help="where traces go; none without")
    parser.add_argument("--trace-ratio", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=120.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        Seals.generate(folder / "journal")
        with EmbeddedStores(folder) as stores:
            (folder / "dsn").write_text(stores.app_dsn)
            asyncio.run(migrate_all(stores.admin_dsn))
            uvloop.run(serve(options, folder))


if __name__ == "__main__":
    main()
