"""People with accounts: made over HTTP, signed in in a browser as the pages themselves keep it."""

import json
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

from tests.browser.conftest import Visit, Visitor
from tests.server import Server

PASSWORD = "correct horse battery"


def account(http: httpx.Client, prefix: str) -> dict[str, Any]:
    """A new player, signed in."""
    asked = {"name": f"{prefix}-{uuid.uuid4().hex[:8]}", "password": PASSWORD}
    answer = http.post("/v1/register", json=asked)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def name_of(who: dict[str, Any]) -> str:
    return str(who["player"]["name"])


def give_roles(http: httpx.Client, server: Server, who: dict[str, Any], *roles: str) -> None:
    """As the machine does: by the token in the data folder."""
    token = (server.data_dir / "secrets" / "operator.token").read_text("utf-8").strip()
    for role in roles:
        answer = http.post(
            "/v1/operator/roles/grant",
            json={"by": {"name": "root"}, "player": name_of(who), "role": role, "reason": "test"},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 204, answer.text


def ask(
    http: httpx.Client, who: dict[str, Any], path: str, method: str = "GET", body: Any = None
) -> Any:
    """What the API answers him, beside his browser; of a refusal its code."""
    headers = {"Authorization": f"Bearer {who['access']}"}
    answer = http.request(method, path, json=body, headers=headers)
    told = answer.json()
    return told["error"]["code"] if answer.is_error else told


def text_of(file: str) -> str:
    """A file that was downloaded."""
    return Path(file).read_text("utf-8")


async def visit_as(visit: Visit, who: dict[str, Any], path: str, **how: Any) -> Visitor:
    """A browser in which he has signed in before."""
    visitor = await visit("/", **how)
    kept = {
        "access": who["access"],
        "refresh": who["refresh"],
        "expiresAt": int((time.time() + who["expires_in_s"]) * 1_000),
        "player": who["player"],
    }
    await visitor.page.evaluate("text => localStorage.setItem('squaredeal.session', text)",
                                json.dumps(kept))  # fmt: skip
    await visitor.page.goto(path)
    return visitor
