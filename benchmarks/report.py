"""What every benchmark says, and how: one JSON object, the same for all of them.

``figures`` holds what is measured, ``target`` and ``met`` only where the project promises
something. Full runs are kept under ``results``; quick ones (``--quick``, under a minute) are not.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

RESULTS = Path(__file__).parent / "results"
PARTS = ("ray", "asyncpg", "msgspec", "websockets", "redis")


class Figure(NamedTuple):
    """One number. ``at_least`` or ``at_most`` is its target; neither if it is only stated."""

    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    def as_json(self) -> dict[str, Any]:
        target, met = None, None
        if self.at_least is not None:
            target, met = f">= {self.at_least:g}", self.value >= self.at_least
        if self.at_most is not None:
            target, met = f"<= {self.at_most:g}", self.value <= self.at_most
        value = float(f"{self.value:.4g}")
        return {"value": value, "unit": self.unit, "target": target, "met": met}


def arguments(doc: str | None) -> argparse.ArgumentParser:
    """A parser with what all benchmarks take."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--quick", action="store_true", help="under a minute, rougher, not kept")
    parser.add_argument("--json", metavar="FILE", help="write the report there; - prints it alone")
    return parser


def machine() -> dict[str, Any]:
    """Where it ran."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpus": os.cpu_count(),
        "memory_gib": round(pages / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2),
    }


def publish(
    name: str,
    options: argparse.Namespace,
    figures: Mapping[str, Figure],
    rounds: int,
    **conditions: Any,
) -> None:
    """Print the figures, or the JSON; keep it if the run was a full one."""
    report = {
        "benchmark": name,
        "figures": {key: figure.as_json() for key, figure in figures.items()},
        "rounds": rounds,
        "quick": options.quick,
        "conditions": conditions,
        "machine": machine(),
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PARTS},
    }
    text = json.dumps(report, indent=1) + "\n"
    if options.json == "-":
        sys.stdout.write(text)
    else:
        for key, figure in figures.items():
            said = figure.as_json()
            verdict = {None: "", True: "met", False: "MISSED"}[said["met"]]
            print(
                f"{key:36} {figure.value:14,.3f} {figure.unit:10} {said['target'] or ''} {verdict}"
            )
    if options.json not in (None, "-"):
        Path(options.json).write_text(text, "utf-8")
    elif options.json is None and not options.quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(text, "utf-8")


def progress(line: str) -> None:
    """Said while it runs: never on standard output, which may be the report."""
    print(line, file=sys.stderr, flush=True)
