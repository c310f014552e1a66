"""A hand of the running system in the hands of its player, an operator and an auditor."""

import asyncio
from pathlib import Path

import httpx
import msgspec
import pytest

from client import ApiError, Client
from client.table import Table
from games.fair.proof import verify
from games.holdem.records import Check, Fold, HandEnded
from tests import tracker
from tests.server import Server, command
from wire.http import HandRecord

HANDS = 3
PATIENCE = 100


async def played(table: Table, hands: int) -> list[int]:
    """Check or fold for some hands; those that we were dealt, that are over."""
    over: list[int] = []
    listening = table.events()
    while len(over) < hands:
        state = table.state
        if state.my_turn and state.options is not None:
            await table.act(Check() if state.options.can_check else Fold())
        event = await anext(listening)
        mine = state.my_seat
        if isinstance(event, HandEnded) and mine is not None and mine.playing and state.cards:
            over.append(event.hand)
    return over


async def recorded(client: Client, table: str, hand: int) -> HandRecord:
    """The record: there as soon as the ledger has the hand, a little after its end is seen."""
    for _ in range(PATIENCE):
        try:
            return await client.api.hand(table, hand)
        except ApiError as refused:
            if refused.code != "hand_unknown":
                raise
        await asyncio.sleep(0.1)
    raise AssertionError(f"{table}/{hand} is not recorded")


def operators(server: Server) -> dict[str, str]:
    token = (server.data_dir / "secrets" / "operator.token").read_text("utf-8").strip()
    return {"Authorization": f"Bearer {token}"}


async def test_a_player_recalls_his_hands_and_proves_them_offline(
    server: Server, tmp_path: Path
) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.quick_seat(big_blind=20)
        numbers = await played(table, HANDS)
        assert table.fair.faults == []
        assert table.fair.checked >= HANDS
        name = table.table
        await table.stand()
        files = []
        for number in numbers:
            record = await recorded(client, name, number)
            assert record.proof is not None
            verdict = verify(record.proof)
            assert verdict.faults == ()
            assert verdict.cards == 2 * len(record.proof.holes) + len(record.proof.board)
            assert record.settlement == f"hand:{name}:{number}"
            assert len(record.times) == len(msgspec.json.decode(record.events))
            text = await client.api.hand_text(name, number, "pokerstars")
            stacks = tracker.read(text)
            assert set(stacks) <= {who for _, who in record.players}
            files.append(tmp_path / f"{number}.json")
            files[-1].write_bytes(msgspec.json.encode(record))
        own = tmp_path / "own.json"
        own.write_bytes(table.fair.record())
        checked = command("verify", *map(str, files), str(own))
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert checked.stdout.count("as sealed") == HANDS + 1
        assert "your entropy" in checked.stdout
        forged = msgspec.json.decode(files[0].read_bytes())
        forged["proof"]["holes"][0]["cards"][0] ^= 1
        files[0].write_bytes(msgspec.json.encode(forged))
        caught = command("verify", str(files[0]))
        assert caught.returncode == 1
        assert "opening_wrong" in caught.stdout
        with pytest.raises(ApiError, match="no such hand"):
            await client.api.hand(name, 10**9)
    async with await Client.guest(server.url) as stranger:
        with pytest.raises(ApiError, match="no such hand"):
            await stranger.api.hand(name, numbers[0])
        with pytest.raises(ApiError, match="no such hand"):
            await stranger.api.hand_text(name, numbers[0], "phh")


async def test_an_operator_searches_and_an_auditor_has_the_whole_deck(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.quick_seat(big_blind=20)
        (number,) = await played(table, 1)
        me, name = client.player.name, table.table
        await table.stand()
        await recorded(client, name, number)
    head = operators(server)
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        search = await http.get(
            "/v1/operator/hands", params={"player": me, "table": name}, headers=head
        )
        bad = await http.get("/v1/operator/hands", params={"since": "x"}, headers=head)
        nobody = await http.get("/v1/operator/hands")
        answer = await http.get(f"/v1/operator/hands/{name}/{number}", headers=head)
        wrong = await http.get(f"/v1/operator/hands/{name}/{number}/xml", headers=head)
    assert number in [hand["hand"] for hand in search.json()["hands"]]
    assert bad.status_code == 400
    assert nobody.status_code == 401
    record = msgspec.json.decode(answer.content, type=HandRecord)
    assert record.proof is not None
    verdict = verify(record.proof)
    assert verdict.faults == ()
    assert verdict.seed_checked
    assert len(record.proof.holes) == len(record.proof.order)
    assert wrong.json()["error"]["code"] == "format_unfit"
    data = ("--data-dir", str(server.data_dir))
    listed = command("hands", "list", "--table", name, "--limit", "500", *data)
    assert f"{name}/{number}" in listed.stdout, listed.stderr
    shown = command("hands", "show", f"{name}/{number}", "--format", "pokerstars", *data)
    assert me in tracker.read(shown.stdout), shown.stderr
    checked = command("hands", "check", *data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "every one is as it was written" in checked.stdout
    unknown = command("hands", "show", f"{name}/999999999", *data)
    assert unknown.returncode == 2
    assert "there is no hand" in unknown.stderr
