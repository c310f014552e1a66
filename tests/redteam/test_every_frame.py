"""Every frame a client can send, from everybody who can have a line: who acts, who waits, who has
no seat, who watches. What an account may do as an operator gives it nothing at a socket."""

import uuid
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import pytest

from auth.rights import GIVEN
from auth.tickets import TicketClaims
from tests.integration.rail_bench import open_rail
from tests.integration.seated import act, seated
from tests.integration.table_bench import Bench, Player, open_bench, table_spec
from wire.client_frames import ClientFrame
from wire.server_frames import Pong, Refused, Welcome

if TYPE_CHECKING:
    from auth.accounts import Pool

DONE = "done"
# Written out, not made of the table's code: a frame that is new must be thought of here.
FRAMES: dict[str, dict[str, Any]] = {
    "ping": {},
    "entropy": {"value": "dice"},
    "straddle": {"on": False},
    "top_up": {"amount": 100},
    "sit": {"buy_in": 1_000},
    "sit_out": {"on": False},
    "act": {"action": {"type": "fold"}},
    "stand": {},
}
NO_SEAT = dict.fromkeys(FRAMES, "not_seated") | {"ping": DONE, "sit": DONE}
EXPECTED: dict[str, dict[str, str]] = {
    "to act": dict.fromkeys(FRAMES, DONE) | {"sit": "already_seated"},
    "to wait": dict.fromkeys(FRAMES, DONE) | {"sit": "already_seated", "act": "not_your_turn"},
    "without a seat": NO_SEAT,
    **{f"{role} without a seat": NO_SEAT for role in GIVEN},
}


async def outcome(line: Player, kind: str, hand: int) -> str:
    fields = FRAMES[kind] | ({"hand": hand} if kind == "act" else {})
    if kind == "ping":
        await line.send(type="ping", ref="p")
        while not isinstance(await line.read(), Pong):
            pass
        return DONE
    answer = await line.ask(type=kind, **fields)
    return answer.code if isinstance(answer, Refused) else DONE


async def operator(bench: Bench, stack: AsyncExitStack, pool: "Pool", role: str) -> Player:
    """An account with this role, at the socket with a ticket like everybody's."""
    account = await bench.account()
    name = f"p{account.hex[:12]}"
    await pool.execute(
        "INSERT INTO auth.accounts (id, name, kind, password_hash, created_at)"
        " VALUES ($1, $2, 'player', 'x', now())", account, name,
    )  # fmt: skip
    await pool.fetchval("SELECT auth.grant_role($1, $2, 'root')", name, role)
    line = await stack.enter_async_context(bench.line(account))
    assert isinstance(await line.read(), Welcome)
    return line


def test_every_frame_is_walked() -> None:
    kinds = {str(each.__struct_config__.tag) for each in get_args(ClientFrame)}
    assert kinds == set(FRAMES)


def test_a_ticket_says_nothing_of_an_operator() -> None:
    fields = {each.name for each in msgspec.structs.fields(TicketClaims)}
    assert fields.isdisjoint({"roles", "rights", "operator", "admin"})


async def test_every_frame_from_everybody_at_a_table(
    pool: "Pool", app_dsn: str, tmp_path: Path
) -> None:
    seats = table_spec(game=msgspec.structs.replace(table_spec().game, seats=9))
    async with open_bench(pool, app_dsn, tmp_path, seats) as bench, AsyncExitStack() as stack:
        players = await seated(bench, stack)
        watcher = await stack.enter_async_context(bench.player())
        lines = {"without a seat": watcher}
        for role in GIVEN:
            lines[f"{role} without a seat"] = await operator(bench, stack, pool, role)
        turn, hand = bench.room.machine.game.turn, bench.room.machine.hand
        lines |= {"to wait": players[1 - turn], "to act": players[turn]}
        # Who has no seat first: his sitting down, the last but two, changes nothing for the others.
        found = {
            who: {kind: await outcome(line, kind, hand) for kind in FRAMES if kind != "sit"}
            for who, line in lines.items()
            if who not in ("to wait", "to act")
        }
        for who, line in lines.items():
            if who in found:
                found[who]["sit"] = await outcome(line, "sit", hand)
        waits = [kind for kind in FRAMES if kind != "stand"]
        found["to wait"] = {kind: await outcome(lines["to wait"], kind, hand) for kind in waits}
        found["to act"] = {kind: await outcome(lines["to act"], kind, hand) for kind in FRAMES}
        found["to wait"]["stand"] = await outcome(lines["to wait"], "stand", hand)
        assert {who: dict(sorted(each.items())) for who, each in found.items()} == {
            who: dict(sorted(each.items())) for who, each in EXPECTED.items()
        }


async def test_every_frame_from_a_spectator(
    pool: "Pool", app_dsn: str, redis_url: str, tmp_path: Path
) -> None:
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), None, redis_url) as bench,
        AsyncExitStack() as stack,
        open_rail(redis_url) as rail,
        rail.spectator(codec="squaredeal.v1.json") as eye,
    ):
        players = await seated(bench, stack)
        turn, hand = bench.room.machine.game.turn, bench.room.machine.hand
        for kind, fields in FRAMES.items():
            more = {"hand": hand, "turn": bench.room.machine.turn} if kind == "act" else {}
            frame = {"type": kind, "ref": uuid.uuid4().hex} | fields | more
            await eye.socket.send(msgspec.json.encode(frame).decode())
            while not isinstance(answer := await eye.read(), Refused | Pong):
                pass
            code = answer.code if isinstance(answer, Refused) else DONE
            assert code == (DONE if kind == "ping" else "rail_cannot_play"), kind
        assert bench.room.machine.game.turn == turn, "nobody has folded"
        await act(bench, players[turn], type="fold")


@pytest.mark.parametrize("fields", [{"seat": 0}, {"as": "ann"}, {"role": "admin"}, {"by": "root"}])
async def test_no_frame_has_room_for_another_name(
    pool: "Pool", app_dsn: str, tmp_path: Path, fields: dict[str, Any]
) -> None:
    async with open_bench(pool, app_dsn, tmp_path, table_spec()) as bench, bench.player() as line:
        for kind in FRAMES:
            if kind == "sit" and "seat" in fields:
                continue  # there it is the chair that is free
            ref = uuid.uuid4().hex
            await line.send(type=kind, ref=ref, **({"hand": 1} if kind == "act" else {}),
                            **(FRAMES[kind] | fields))  # fmt: skip
            answer = await line.answer(ref)
            assert isinstance(answer, Refused)
            assert answer.code == "frame_invalid", kind
