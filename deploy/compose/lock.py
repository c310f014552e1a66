"""Parts of ``requirements.lock`` for the image: what the server needs, or the packages named.

The lock file says for each package what brings it in; ``squaredeal (pyproject.toml)`` alone can't
tell development from the rest, so it is walked from the dependencies of ``pyproject.toml``.
"""

import re
import sys
import tomllib
from pathlib import Path

BUILD = ("setuptools", "uv")
"""Beside the server's own: what installs it."""


def blocks(lock: str) -> dict[str, str]:
    """The lines of each package, by its name."""
    found = re.split(r"(?m)^(?=[a-z0-9])", lock)
    return {re.split(r"[=\[ ]", block, maxsplit=1)[0]: block for block in found if "==" in block}


def parents(block: str) -> set[str]:
    """What brings a package in."""
    comment = block.partition("# via")[2]
    return {name.partition("[")[0] for name in re.findall(r"[a-z0-9][a-z0-9._-]*", comment)}


def needed(lock: dict[str, str], wanted: set[str]) -> list[str]:
    """Those, and all that they bring in."""
    found = set(wanted)
    while True:
        more = {name for name, block in lock.items() if parents(block) & found} - found
        if not more:
            return sorted(found)
        found |= more


def main(names: list[str]) -> int:
    lock = blocks(Path("requirements.lock").read_text("utf-8"))
    if not names:
        project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
        direct = {re.split(r"[\[<>=!~; ]", each)[0].lower() for each in project["dependencies"]}
        names = needed(lock, direct | set(BUILD))
    sys.stdout.write("".join(lock[name] for name in names))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
