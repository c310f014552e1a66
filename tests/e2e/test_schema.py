"""The OpenAPI page against the running server: whatever fits it, or does not, gets an answer that
the page names, and never a fault of ours. Schemathesis makes the requests."""

import subprocess
import sys

import httpx
import pytest

from tests.e2e.test_http import guest
from tests.server import Server

EXAMPLES = 2
SECONDS_MAX = 240
DANGEROUS = "drain|close|move|pause|void|kick|test|stream|logout|exclusion|ban|revoke"
"""What would end the room for the tests after this one, or never ends."""


def hammer(server: Server, token: str, chosen: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/v1/openapi.json",
            "--header", f"Authorization: Bearer {token}",
            "--include-path-regex", chosen, "--exclude-path-regex", DANGEROUS,
            "--checks", "not_a_server_error,response_schema_conformance",
            "--max-examples", str(EXAMPLES), "--phases", "examples,fuzzing",
            "--generation-deterministic", "--no-color",
        ],
        capture_output=True, text=True, timeout=SECONDS_MAX, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["player", "operator"])
def test_every_address_answers_as_the_page_says(server: Server, who: str) -> None:
    if who == "operator":
        token = (server.data_dir / "secrets" / "operator.token").read_text("utf-8").strip()
        done = hammer(server, token, "^/v1/operator/")
    else:
        with httpx.Client(base_url=server.url) as http:
            token = guest(http)["access"]
        done = hammer(server, token, "^/v1/(?!operator/)")
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "generated" in done.stdout
