"""Types of the web client, made from the server's own documents: ``python -m serve.webtypes``."""

import json
import subprocess
import sys
from typing import Any

from serve.gateway import endpoints_of
from serve.openapi import openapi_document
from serve.webclient import run_node
from wire.schema import schema


def documents() -> dict[str, Any]:
    """What the types are made from; no gateway of players has the endpoints of tests."""
    return {"api": openapi_document(endpoints_of(fixed_decks=False)), "frames": schema()}


def generate(*flags: str) -> subprocess.CompletedProcess[str]:
    """Run the generator over the documents; ``--check`` writes nothing."""
    return run_node("node", "wire/generate.mjs", *flags, input=json.dumps(documents()))


def main() -> int:
    """Write the types; the exit status."""
    done = generate(*sys.argv[1:])
    print(done.stdout, end="", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
