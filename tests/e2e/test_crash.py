"""The whole server is killed in the middle of a hand, and started again on what it left."""

import os
import re
import signal
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from client import Client, Table
from games.holdem import records as r
from games.protocol import NO_SEAT
from serve.process import free_port
from tests.e2e.test_play import eventually
from tests.e2e.test_recovery import come_home
from tests.server import command, read_until, start, stop

LOBBY = """
[[tables]]
[tables.spec]
table = "oak"
name = "Oak"
buy_in_min = 1_000
buy_in_max = 5_000
pause_ms = 200
showdown_pause_ms = 200
[tables.spec.clock]
turn_ms = 120_000
[tables.spec.game]
seats = 2
blinds = { small = 25, big = 50 }
"""


def kill_all(root: int) -> None:
    """Nobody is left to tidy up."""
    server = psutil.Process(root)
    family = [server, *server.children(recursive=True)]
    for process in family:
        process.suspend()
    for process in family:
        os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(family, 60)


def acting(tables: list[Table]) -> list[Table]:
    """Those who know that it is their turn."""
    return [table for table in tables if table.state.my_turn and table.state.options]


async def finish_the_hand(tables: list[Table]) -> None:
    """Check or call until it is over."""
    hand = tables[0].state.hand

    def over() -> bool:
        return not tables[0].state.playing or tables[0].state.hand != hand

    while not over():
        for table in acting(tables):
            assert table.state.options is not None
            await table.act(r.Check() if table.state.options.can_check else r.Call())
        await eventually(lambda: over() or bool(acting(tables)), *(each.changed for each in tables))


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a lobby of one table, where the embedded Postgres can reach it."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as name:
        Path(name).chmod(0o711)
        Path(name, "tables.toml").write_text(LOBBY)
        yield Path(name)


def in_a_turn(table: Table) -> bool:
    return bool(table.state.cards) and table.state.turn != NO_SEAT


@pytest.mark.timeout(600)
async def test_a_server_killed_whole_goes_on_with_the_hand_where_it_was(folder: Path) -> None:
    port, file = free_port(), folder / "tables.toml"
    data_dir, url = str(folder / "data"), f"http://127.0.0.1:{port}"
    flags = ("--data-dir", data_dir, "--port", str(port), "--tables-file", str(file),
             "--no-bots")  # fmt: skip
    first = start(*flags)
    read_until(first, "Take a seat")
    async with await Client.guest(url) as ann, await Client.guest(url) as ben:
        tables = [await ann.join("oak"), await ben.join("oak")]
        for table in tables:
            await table.sit(2_000)
        for table in tables:
            await eventually(partial(in_a_turn, table), table.changed)
        before = [(t.state.hand, t.state.cards, t.state.pot, t.state.epoch) for t in tables]
        kill_all(first.pid)
        first.communicate(timeout=60)
        left = command("tables", "interrupted", "--data-dir", data_dir)
        assert left.returncode == 1, left.stdout + left.stderr
        assert re.search(r"1 hands interrupted, 4,000 chips of 2 stakes", left.stdout)
        second = start(*flags)
        try:
            read_until(second, "Take a seat")
            for table, (hand, cards, pot, epoch) in zip(tables, before, strict=True):
                state = table.state
                await eventually(
                    lambda t=table, e=epoch: t.connected and t.state.epoch > e,  # type: ignore[misc]
                    table.changed,
                )
                assert (state.hand, state.cards, state.pot) == (hand, cards, pot)
            await finish_the_hand(tables)
            found = command("tables", "interrupted", "--data-dir", data_dir)
            assert "0 hands interrupted" in found.stdout
        finally:
            kill_all(second.pid)
            second.communicate(timeout=60)
        # The table is not wanted any more: it is opened once, and every stake goes home.
        file.write_text(LOBBY.replace('"oak"', '"elm"'))
        third = start(*flags)
        try:
            read_until(third, "Take a seat")
            for client in (ann, ben):
                await come_home(client)
            listed = command("tables", "--url", url, "--data-dir", data_dir)
            assert "elm" in listed.stdout
        finally:
            stop(third)
    report = command("ledger", "check", "--data-dir", data_dir)
    assert report.returncode == 0, report.stdout
