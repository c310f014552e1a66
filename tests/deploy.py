"""What the files of ``deploy/`` name."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

METRIC: Final = re.compile(r"\b(?:squaredeal|process)_[a-z0-9_]+")
SUFFIX: Final = re.compile(r"_(?:bucket|sum|count)$")
BROAD: Final = frozenset(
    {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"}
)
"""Of each process, from the client library."""


def expressions(deploy: Path) -> Iterator[str]:
    """Every query of a rule or a panel."""
    for file in sorted((deploy / "prometheus").glob("*.yml")):
        for group in yaml.safe_load(file.read_text("utf-8")).get("groups", []):
            yield from (str(rule["expr"]) for rule in group["rules"])
    for file in sorted((deploy / "grafana").glob("**/*.json")):
        yield from _queries(json.loads(file.read_text("utf-8")))


def _queries(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("expr"), str):
            yield node["expr"]
        for each in node.values():
            yield from _queries(each)
    elif isinstance(node, list):
        for each in node:
            yield from _queries(each)


def named_in_deploy(deploy: Path) -> set[str]:
    """Every metric that a rule or a panel asks for; a histogram by its own name."""
    return {SUFFIX.sub("", name) for text in expressions(deploy) for name in METRIC.findall(text)}
