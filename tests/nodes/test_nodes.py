"""Whole nodes die or hang under a running server: one owner a table, and the hand goes on."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from client import Client, Table
from games.holdem import records as r
from tests.nodes.cluster import Cluster, hand_of, resume, running, until_later
from tests.server import command
from wire import client_frames as f
from wire.codec import CODECS, MSGPACK
from wire.codes import Close
from wire.events import CameBack
from wire.server_frames import Accepted, ServerFrame, Update

pytestmark = pytest.mark.timeout(600)

LOBBY = """
[[tables]]
[tables.spec]
table = "{table}"
name = "{table}"
buy_in_min = 1_000
buy_in_max = 5_000
pause_ms = 300
showdown_pause_ms = 300
[tables.spec.game]
seats = 3
blinds = {{ small = 25, big = 50 }}
[tables.spec.clock]
turn_ms = 240_000
"""
TABLE = "delta"
OTHER = "echo"
FENCED = (Close.MOVED, Close.RESTARTING)
QUIET_S = 5.0
LOOK_S = 0.05
PATIENCE = 2_400


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="squaredeal-nodes-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        lobby = "".join(LOBBY.format(table=table) for table in (TABLE, OTHER))
        with running(folder, lobby, nodes=2) as started:
            started.leave_the_head()
            yield started
        # Whatever the tests did, not a chip may be missing.
        report = command("ledger", "check", "--data-dir", str(folder / "data"))
        assert report.returncode == 0, report.stdout + report.stderr
        assert "the books balance" in report.stdout


@pytest.fixture(autouse=True)
def told(cluster: Cluster) -> Iterator[None]:
    """Shown if the test fails: what the processes complained of meanwhile."""
    before = set(cluster.complaints())
    yield
    print(*(line for line in cluster.complaints() if line not in before), sep="\n")


class Watcher:
    """A socket of our own to one process of a table: everything it says, and how it ends."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[ServerFrame] = []
        self._task = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, client: Client) -> "Watcher":
        url = (await client.api.ticket(TABLE)).url
        # It asks nothing and pings never: only the other side can end it.
        socket = await connect(
            url, subprotocols=[Subprotocol(MSGPACK)], compression=None, ping_interval=None
        )
        return cls(socket)

    async def _read(self) -> None:
        try:
            async for data in self.socket:
                assert isinstance(data, bytes)
                self.frames.append(CODECS[MSGPACK].decode_server(data))
        except ConnectionClosed:
            pass

    async def send(self, frame: f.ClientFrame) -> None:
        await self.socket.send(CODECS[MSGPACK].encode_client(frame))

    def heard(self, event: type) -> bool:
        return any(
            isinstance(each, event)
            for frame in self.frames
            if isinstance(frame, Update)
            for each in frame.events
        )

    async def end(self) -> int | None:
        """Wait until the other side closes; the close code, None if it just broke off."""
        await self._task
        return self.socket.close_code


class Journal:
    """The table's rows, seen from outside."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def rows(self, epoch: int) -> set[int]:
        """The numbers of the rows that an owner has written and nobody has pruned."""
        conn = await asyncpg.connect(self._dsn)
        try:
            found = await conn.fetch(
                "SELECT seq FROM actors.journal WHERE table_id = $1 AND epoch = $2", TABLE, epoch
            )
        finally:
            await conn.close()
        return {row["seq"] for row in found}

    async def until_taken_over(self, epoch: int) -> None:
        """Until the table has an owner of a later epoch."""
        conn = await asyncpg.connect(self._dsn)
        try:
            query = "SELECT epoch FROM actors.tables WHERE table_id = $1"
            for _ in range(PATIENCE):
                if await conn.fetchval(query, TABLE) > epoch:
                    return
                await asyncio.sleep(LOOK_S)
        finally:
            await conn.close()
        raise AssertionError("nobody has taken the table over")


async def soon(so: Callable[[], bool]) -> None:
    """Look until it is so."""
    for _ in range(PATIENCE):
        if so():
            return
        await asyncio.sleep(LOOK_S)
    raise AssertionError("it has not come to be so")


async def play_on(*tables: Table) -> None:
    """Check or call to the end of the hand, and see the next one dealt."""
    hand = tables[0].state.hand
    while any(table.state.hand == hand for table in tables):
        for table in tables:
            state = table.state
            if table.connected and state.hand == hand and state.my_turn and state.options:
                await table.act(r.Check() if state.options.can_check else r.Call())
        changes = [asyncio.ensure_future(table.changed()) for table in tables]
        await asyncio.wait(changes, return_when=asyncio.FIRST_COMPLETED, timeout=0.2)
        for change in changes:
            change.cancel()


async def sit_down(stack: AsyncExitStack, cluster: Cluster) -> tuple[Client, Table]:
    client = await stack.enter_async_context(await Client.guest(cluster.server.url))
    table = await client.join(TABLE)
    await table.sit(2_000, post_now=True)
    return client, table


async def in_a_hand(*tables: Table) -> None:
    """Until all hold cards of one hand."""

    def dealt() -> bool:
        states = [table.state for table in tables]
        ready = all(state.playing and state.cards and state.turn >= 0 for state in states)
        return ready and len({state.hand for state in states}) == 1

    await soon(dealt)


async def go_home(*clients: Client) -> None:
    """Every stake is in the wallet again."""
    for client in clients:
        for _ in range(PATIENCE):
            if not (await client.wallet()).at_tables:
                break
            await asyncio.sleep(LOOK_S)
        else:
            raise AssertionError("chips are still at tables")


def note(what: str, began: float) -> None:
    print(f"{what}: {time.monotonic() - began:.2f} s")


async def ready(cluster: Cluster) -> None:
    """Two nodes for the tables, and an actor that stands by."""
    await asyncio.to_thread(cluster.grow, 2)
    await asyncio.to_thread(cluster.await_spares, 1)


async def test_a_hand_goes_on_when_its_node_is_killed(cluster: Cluster) -> None:
    await ready(cluster)
    async with AsyncExitStack() as stack:
        ann, first = await sit_down(stack, cluster)
        bob, second = await sit_down(stack, cluster)
        await in_a_hand(first, second)
        before, hands = cluster.table(TABLE), [hand_of(first), hand_of(second)]
        node = cluster.node_of(TABLE)
        began = time.monotonic()
        node.kill()
        await until_later(first, before.epoch)
        note("killed node: first frame of the new epoch", began)
        await until_later(second, before.epoch)
        assert [hand_of(first), hand_of(second)] == hands
        after = cluster.table(TABLE)
        assert after.epoch == before.epoch + 1
        assert after.node != before.node
        await play_on(first, second)
        await first.stand()
        await second.stand()
        await go_home(ann, bob)


async def test_a_node_that_hung_may_wake_up_and_is_fenced(cluster: Cluster) -> None:
    """The old copy wakes within its lease, with a player's action waiting in its socket."""
    await ready(cluster)
    journal = Journal(cluster.dsn)
    async with AsyncExitStack() as stack:
        ann, first = await sit_down(stack, cluster)
        bob, second = await sit_down(stack, cluster)
        eve = await stack.enter_async_context(await Client.guest(cluster.server.url))
        await in_a_hand(first, second)
        if not second.state.my_turn:
            (ann, first), (bob, second) = (bob, second), (ann, first)
        assert second.state.my_turn
        before, hands = cluster.table(TABLE), [hand_of(first), hand_of(second)]
        turn = second.state.turn_number
        watcher = await Watcher.open(eve)
        await second.close()
        actor = await Watcher.open(bob)
        # What was said before the node hangs has been heard.
        await soon(lambda: watcher.heard(CameBack) and actor.heard(CameBack))
        node = cluster.node_of(TABLE)
        began = time.monotonic()
        stopped = node.stop()
        await actor.send(f.Act("early", hands[0].number, turn, r.Fold()))
        heard = len(actor.frames), len(watcher.frames)
        await journal.until_taken_over(before.epoch)
        note("hung node: the table is taken over", began)
        written = await journal.rows(before.epoch)
        # The actor alone: its raylet can't end it, so the old copy lives on.
        resume([each for each in stopped if each.pid == before.pid])
        assert await watcher.end() in FENCED
        assert await actor.end() in FENCED
        note("hung node: the old copy has hung up", began)
        await until_later(first, before.epoch)
        note("hung node that wakes up: first frame of the new epoch", began)
        said = actor.frames[heard[0] :] + watcher.frames[heard[1] :]
        assert not [each for each in said if isinstance(each, Accepted | Update)]
        second = await bob.join(TABLE)
        # The fold reached nobody: the hand is where it was.
        assert [hand_of(first), hand_of(second)] == hands
        await asyncio.sleep(QUIET_S)
        resume(stopped)
        await asyncio.sleep(QUIET_S)
        assert await journal.rows(before.epoch) <= written
        after = cluster.table(TABLE)
        assert after.epoch == before.epoch + 1
        assert after.pid != before.pid
        await play_on(first, second)
        await first.stand()
        await second.stand()
        await go_home(ann, bob)


async def test_players_leave_a_node_that_hangs_for_good(cluster: Cluster) -> None:
    """Nobody wakes it up in time: the clients notice the silence by themselves."""
    await ready(cluster)
    journal = Journal(cluster.dsn)
    async with AsyncExitStack() as stack:
        ann, first = await sit_down(stack, cluster)
        bob, second = await sit_down(stack, cluster)
        eve = await stack.enter_async_context(await Client.guest(cluster.server.url))
        await in_a_hand(first, second)
        before, hands = cluster.table(TABLE), [hand_of(first), hand_of(second)]
        watcher = await Watcher.open(eve)
        await soon(lambda: bool(watcher.frames))
        node = cluster.node_of(TABLE)
        heard = len(watcher.frames)
        began = time.monotonic()
        stopped = node.stop()
        await journal.until_taken_over(before.epoch)
        note("hung node: the table is taken over", began)
        await until_later(first, before.epoch)
        note("hung node: first frame of the new epoch", began)
        await until_later(second, before.epoch)
        assert [hand_of(first), hand_of(second)] == hands
        written = await journal.rows(before.epoch)
        resume(stopped)
        code = await watcher.end()
        # Ray ends a node that it has given up: then the line just breaks.
        assert code in (None, 1006, *FENCED)
        print(f"hung node: its copy hung up with {code}")
        assert not watcher.frames[heard:]
        await asyncio.sleep(QUIET_S)
        assert await journal.rows(before.epoch) <= written
        assert cluster.table(TABLE).epoch == before.epoch + 1
        await play_on(first, second)
        await first.stand()
        await second.stand()
        await go_home(ann, bob)
    assert cluster.server.process.poll() is None
