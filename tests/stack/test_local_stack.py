"""Production as processes: stores, two Ray nodes, the edge. Players come through it alone, and come
back through it; that it starts means that the synthetic player has played a hand."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import psutil
import pytest

from client import Client, Table
from deploy.local_stack.binaries import NotInstalled, find_binaries
from deploy.local_stack.stack import HEAD, WEB, WORKER
from games.holdem.records import Check, Fold, HandEnded
from serve.process import free_port
from tests.nodes.cluster import hand_of, until_later
from tests.server import command

pytestmark = pytest.mark.timeout(900)
STOP_S_MAX = 120
SETTINGS = "settings.toml"
PARTS = ("auth", "floor", "gateway", "rail", "wallet")
LOBBY = """
[[tables]]
bots = 3
[tables.spec]
table = "oak"
name = "Oak"
buy_in_min = 1_000
buy_in_max = 5_000
pause_ms = 300
showdown_pause_ms = 300
[tables.spec.game]
seats = 6
blinds = { small = 25, big = 50 }
[tables.spec.clock]
turn_ms = 240_000
"""


class Running:
    """A stack, and how to ask it from outside and from inside."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.url = f"https://localhost:{free_port()}"
        self.certificate = self.data / "secrets" / "public" / "certificate.pem"
        tables = folder / "tables.toml"
        tables.write_text(LOBBY, "utf-8")
        self.env = os.environ | {
            "SQUAREDEAL_TABLES_FILE": str(tables),
            "SQUAREDEAL_BOT_THINK_MS_MIN": "50",
            "SQUAREDEAL_BOT_THINK_MS_MAX": "200",
            "SQUAREDEAL_CONFIG": str(self.data / SETTINGS),
            "SSL_CERT_FILE": str(self.certificate),
        }

    def processes(self) -> list[psutil.Process]:
        """All that run with this stack's environment."""
        found = []
        for each in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if each.environ().get("SQUAREDEAL_CONFIG") == self.env["SQUAREDEAL_CONFIG"]:
                    found.append(each)
        return found

    def started(self, *words: str) -> psutil.Process:
        """Whoever was started with these arguments."""
        (found,) = (each for each in self.processes() if {*words} <= {*each.cmdline()})
        return found

    def kill(self, *words: str) -> None:
        """SIGKILL for him and for all that he has started; stopped first, so that nobody can start
        another."""
        root = self.started(*words)
        tree = [root, *root.children(recursive=True)]
        for signal_number in (signal.SIGSTOP, signal.SIGKILL):
            for each in tree:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.send_signal(signal_number)

    def deploy_on_head(self) -> "subprocess.CompletedProcess[str]":
        """``squaredeal deploy`` as somebody signed in to the head types it."""
        head = self.started("ray.scripts.scripts", f"--node-ip-address={HEAD}")
        (port,) = (each for each in head.cmdline() if each.startswith("--port="))
        return subprocess.run(
            [sys.executable, "-m", "serve.cli", "deploy", "--config", str(self.data / SETTINGS)],
            env=head.environ() | {"RAY_ADDRESS": f"{HEAD}:{port.removeprefix('--port=')}"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    async def table(self) -> Any:
        """The table as the gateway itself tells an operator."""
        settings = (self.data / SETTINGS).read_text("utf-8")
        port = settings.partition("\nport = ")[2].partition("\n")[0]
        token = (self.data / "secrets" / "app" / "operator.token").read_text("utf-8").strip()
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(headers=headers, timeout=30) as http:
            answer = await http.get(f"http://127.0.0.1:{port}/v1/operator/tables")
        (table,) = answer.json()["tables"]
        return table

    async def ticket(self, role: str) -> str:
        """A guest's, from outside."""
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as http:
            guest = (await http.post("/v1/guest")).json()
            asked = await http.post(
                "/v1/tables/oak/ticket", json={"role": role},
                headers={"Authorization": f"Bearer {guest['access']}"},
            )  # fmt: skip
        return str(asked.json()["url"])


@pytest.fixture(scope="module")
def stack() -> Iterator[Running]:
    try:
        find_binaries()
    except NotInstalled as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    with tempfile.TemporaryDirectory(prefix="squaredeal-stack-") as folder:
        Path(folder).chmod(0o711)
        running = Running(Path(folder))
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local_stack", "--data-dir", str(running.data),
             "--port", running.url.rpartition(":")[2]],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=running.env,
        )  # fmt: skip
        assert process.stdout is not None
        seen = ""
        try:
            for line in process.stdout:
                seen += line
                if line.startswith("Ready in"):
                    break
            else:
                logs = "".join(f"{log}: {log.read_text()[-2000:]}\n"
                               for log in running.data.glob("*.log"))  # fmt: skip
                raise AssertionError(f"{seen}{logs}")
            yield running
            # Whatever the tests did, not a chip may be missing.
            dsn = str(running.data / "secrets" / "app" / "postgres.dsn")
            checked = command("ledger", "check", "--database-dsn-file", dsn)
            assert checked.returncode == 0, checked.stdout + checked.stderr
            assert "the books balance" in checked.stdout
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=STOP_S_MAX)
        assert process.returncode == 0, rest
        assert "Stopped." in rest
        assert [each.cmdline() for each in running.processes()] == []


@pytest.fixture
def trust(stack: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(stack.certificate))


async def test_players_see_the_edge_and_nothing_of_the_network(stack: Running, trust: None) -> None:
    for role in ("seat", "rail"):
        url = await stack.ticket(role)
        assert url.startswith(f"{stack.url.replace('https', 'wss')}/t/oak?ticket=")
        claims = jwt.decode(url.partition("=")[2], options={"verify_signature": False})
        assert not {"addr", "port"} & claims.keys()
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as http:
        assert (await http.get("/v1/operator/tables")).status_code == 404
        assert (await http.get("/")).status_code == (200 if WEB.is_dir() else 404)
    assert (await stack.table())["address"].rpartition(":")[0] == WORKER


async def test_to_deploy_the_same_again_on_a_node_changes_nothing(
    stack: Running, trust: None
) -> None:
    """Without the dashboard, over which the stack was deployed as docker-compose.yml does it."""
    before = await stack.table()
    again = stack.deploy_on_head()
    assert again.returncode == 0, again.stdout + again.stderr
    status, *parts = again.stdout.splitlines()[-1].split()
    assert status == "RUNNING"
    assert {*parts} == {f"{part}=HEALTHY" for part in PARTS}
    after = await stack.table()
    assert (after["pid"], after["epoch"]) == (before["pid"], before["epoch"])


async def test_a_player_comes_back_to_his_hand_whatever_is_killed_and_so_do_spectators(
    stack: Running, trust: None
) -> None:
    async with await Client.guest(stack.url) as client:
        table = await client.join("oak")
        await table.sit(2_000)
        await until(table, lambda: table.state.my_turn and bool(table.state.options))
        held = hand_of(table)
        assert held.cards
        rail = await client.join("oak", rail=True)
        assert rail.state.hand == held.number

        first = await stack.table()
        os.kill(first["pid"], signal.SIGKILL)
        await until_later(table, first["epoch"])
        assert hand_of(table) == held
        # Who watches stays where he is: his line leads to another process.
        await until_later(rail, first["epoch"])

        stack.kill("serve.cli", "edge")
        await until(table, lambda: not table.connected)
        await until(table, lambda: table.connected)
        assert hand_of(table) == held

        second = await stack.table()
        stack.kill("ray.scripts.scripts", f"--node-ip-address={WORKER}")
        await until_later(table, second["epoch"])
        assert hand_of(table) == held

        third = await stack.table()
        assert len({each["pid"] for each in (first, second, third)}) == 3
        assert first["epoch"] < second["epoch"] < third["epoch"]
        ending = asyncio.create_task(_end_of(table, held.number))
        while table.state.hand == held.number and not ending.done():
            if table.state.my_turn and (options := table.state.options):
                await table.act(Check() if options.can_check else Fold())
            else:
                await table.changed()
        await ending
        await table.stand()
        await _end_of(rail, held.number + 1)
        # Also who comes only now.
        late = await client.join("oak", rail=True)
        await _end_of(late, late.state.hand + 1)


async def until(table: Table, so: Callable[[], bool]) -> None:
    while not so():
        await table.changed()


async def _end_of(table: Table, hand: int) -> None:
    async for event in table.events():
        if isinstance(event, HandEnded) and event.hand == hand:
            return
    raise AssertionError("the line ended for good")
