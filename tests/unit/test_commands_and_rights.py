"""Every command with every role: the gate of HTTP is the one of the command line."""

import threading
import time
from collections.abc import Iterator
from typing import cast
from uuid import UUID

import pytest
import uvicorn

from auth.rights import Role
from auth.tokens import Tokens
from serve.cli import command_table, main
from serve.gateway import app_of, endpoints_of
from serve.office import Office
from serve.process import free_port
from tests.unit.test_gate import EXPECTED, OPERATION, PLAYER, TABLE, Register

ANN = str(UUID(int=7))
BY = ["--reason", "why"]
# What is asked of the gateway by each; nothing here is made of the commands' own code.
ASKED: dict[str, tuple[list[str], str]] = {
    "tables": ([], "GET /v1/operator/tables"),
    "move": (["oak"], f"POST {TABLE}/move"),
    "pause": (["oak"], f"POST {TABLE}/pause"),
    "resume": (["oak"], f"POST {TABLE}/resume"),
    "close": (["oak"], f"POST {TABLE}/close"),
    "open": (["oak"], f"POST {TABLE}/open"),
    "drain": (["node"], "POST /v1/operator/drain"),
    "void": (["oak/5", *BY], f"POST {TABLE}/void"),
    "promote": ([ANN, "5", *BY], "POST /v1/operator/promotions"),
    "adjust": ([ANN, "5", *BY], "POST /v1/operator/adjustments"),
    "reverse": (["key", *BY], "POST /v1/operator/reversals"),
    "approve": (["7"], f"POST {OPERATION}/approve"),
    "reject": (["7"], f"POST {OPERATION}/reject"),
    "operations": ([], "GET /v1/operator/operations"),
    "payments": ([], "GET /v1/operator/payments"),
    "limit": ([ANN, "loss", "day", "5", *BY], f"PUT {PLAYER}/limits"),
    "exclude": ([ANN, "cooling_off", *BY], f"POST {PLAYER}/exclusion"),
    "players": ([], "GET /v1/operator/players"),
    "ban": ([ANN, *BY], f"PUT {PLAYER}/ban"),
    "unban": ([ANN, *BY], f"POST {PLAYER}/unban"),
    "kick": (["oak", ANN, *BY], f"POST {TABLE}/kick"),
    "rescue": (["propose", ANN, "--note", "x"], f"POST {PLAYER}/rescue"),
    "roles": ([], "GET /v1/operator/roles"),
    "audit": ([], "GET /v1/operator/audit"),
    "signals": ([], "GET /v1/operator/findings"),
    "report": (["journal"], "GET /v1/operator/reports/{report}"),
}
VARIANTS: dict[str, tuple[list[str], str]] = {
    "rescue list": (["list"], "GET /v1/operator/rescues"),
    "rescue approve": (["approve", "7"], "POST /v1/operator/rescues/{rescue}/approve"),
    "rescue reject": (["reject", "7"], "POST /v1/operator/rescues/{rescue}/reject"),
    "roles grant": (["grant", "ann", "admin"], "POST /v1/operator/roles/grant"),
    "roles revoke": (["revoke", "ann", "admin"], "POST /v1/operator/roles/revoke"),
    "signals look": (["look"], "POST /v1/operator/findings/look"),
    "signals confirm": (
        ["confirm", "7", "--remark", "x"],
        "POST /v1/operator/findings/{finding}/decide",
    ),
    "payments post": (["post", "key", "--why", "x"], "POST /v1/operator/payments"),
}
HERE = {
    "backup",
    "bots",
    "deploy",
    "edge",
    "hands",
    "keys",
    "ledger",
    "migrate",
    "play",
    "probe",
    "replay",
    "restore",
    "seamless",
    "secrets",
    "up",
    "upgrade",
    "verify",
}
"""They ask no gateway for operators: who reads the files and the stores needs no right from us."""


class Desk(Register):
    """A password is the name of a role, and so is the token that it buys."""

    async def tokens(self, method: str, name: str, password: str, *rest: str) -> Tokens:
        assert (method, password) == ("login", name)
        return Tokens(name, "refresh", 300, await self.identify(name))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    port = free_port()
    app = app_of(cast(Office, Desk()), endpoints_of(fixed_decks=False))
    config = uvicorn.Config(app, port=port, log_config=None, log_level=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def test_every_command_is_walked_or_said_to_be_here() -> None:
    assert set(ASKED) | HERE == set(command_table())
    walked = {address for _, address in (*ASKED.values(), *VARIANTS.values())}
    assert walked <= set(EXPECTED)


@pytest.mark.parametrize("name", [*ASKED, *VARIANTS])
def test_a_command_needs_the_right_of_its_address(
    url: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, address = (ASKED | VARIANTS)[name]
    for role in Role:
        prompts: list[str] = []

        def typed(prompt: str, role: Role = role, prompts: list[str] = prompts) -> str:
            prompts.append(prompt)
            return role.value

        monkeypatch.setattr("getpass.getpass", typed)
        flags = ["--url", url, "--as", role.value]
        assert main([name.split()[0], *arguments, *flags]) == 2
        said = capsys.readouterr().err
        assert prompts == [f"password of {role.value}: "]
        let_in = role.value in EXPECTED[address]
        # Past the gate nobody is at home here.
        assert ("unavailable" if let_in else "not_allowed") in said, f"{role}: {said}"
