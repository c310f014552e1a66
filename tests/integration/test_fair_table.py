"""The fair deal over real sockets and stores: what players are told holds through a take-over."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from client.fair import FairDeal
from games.fair.deal import NO_ENTROPY, entropy_hash
from games.fair.proof import read_proof, verify
from games.fair.records import DeckSealed, SeedCommitted
from games.fair.seal import SealedDeck
from games.holdem.records import Call, Check, HandEnded
from tests.fairness import node
from tests.integration.seated import act, back, begun, saw, seated, view_of
from tests.integration.table_bench import ANSWER_S_MAX, Bench, Player, open_bench, table_spec
from tests.integration.test_client_at_table import seated as with_sdk
from wire.server_frames import Accepted, Refused, ServerFrame

HANDS = 4


@pytest.fixture
async def bench(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> AsyncIterator[Bench]:
    async with open_bench(pool, app_dsn, tmp_path, table_spec()) as opened:
        yield opened


async def mixed(player: Player, value: str) -> None:
    answer = await player.ask(type="entropy", value=value)
    assert isinstance(answer, Accepted), answer


async def test_entropy_counts_from_the_next_hand_on_and_its_form_is_checked(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        first = await saw(players[0], DeckSealed)
        assert dict(first.entropies)[0] == NO_ENTROPY
        await mixed(players[0], "mine alone")
        for value in ("x" * 65, "Grüße", "two\nlines"):
            refused = await players[0].ask(type="entropy", value=value)
            assert isinstance(refused, Refused)
            assert refused.code == "frame_invalid"
        turn = await begun(players[0])
        await act(bench, players[turn.seat], type="fold")
        second = await players[0].until(DeckSealed)
        assert dict(second.entropies) == {0: entropy_hash("mine alone"), 1: NO_ENTROPY}


async def test_a_hand_that_is_taken_over_keeps_its_root_and_its_proofs(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        await mixed(players[0], "kept")
        sealed = await saw(players[0], DeckSealed)
        promised = await saw(players[0], SeedCommitted)
        seed = bench.room.machine.dealer.used_seed
        await bench.crash()
        lines = [await back(bench, stack, player) for player in players]
        for seat, line in enumerate(lines):
            fair = view_of(line).fair
            assert fair is not None
            assert fair.sealed == sealed
            assert fair.commitment == promised.commitment
            follower = FairDeal("oak")
            follower.welcome(fair, seat)
            assert follower.proof is not None
            assert [hole.seat for hole in follower.proof.holes] == [seat]
            assert verify(follower.proof).faults == ()
        remade = SealedDeck(seed, "oak", sealed.hand, sealed.entropies)
        assert remade.root == sealed.root
        # The hand ends; the next one has the promised seed and the value from before.
        turn = view_of(lines[0]).hand
        assert turn is not None
        await act(bench, lines[turn.turn], type="fold")
        following = await lines[0].until(DeckSealed)
        assert following.commitment == promised.commitment
        assert dict(following.entropies)[0] == entropy_hash("kept")


async def test_a_seed_promised_before_a_crash_between_hands_is_the_one_dealt(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        alone = await stack.enter_async_context(bench.player())
        await alone.ask(type="sit", buy_in=1_000, seat=0)
        fair = view_of(await back(bench, stack, alone)).fair
        assert fair is not None
        assert fair.sealed is None
        await bench.crash()
        line = await back(bench, stack, alone)
        again = view_of(line).fair
        assert again == fair
        other = await stack.enter_async_context(bench.player())
        await other.ask(type="sit", buy_in=1_000, seat=1)
        assert (await other.until(DeckSealed)).commitment == fair.commitment


async def test_hands_that_the_real_server_deals_prove_themselves_here_and_in_the_browser(
    bench: Bench, tmp_path: Path
) -> None:
    frames: list[ServerFrame] = []
    records: list[bytes] = []
    async with (
        asyncio.timeout(2 * ANSWER_S_MAX),
        with_sdk(bench, 0, frames) as first,
        with_sdk(bench, 1, frames) as second,
    ):
        listening = first.events()
        while len(records) < HANDS:
            for table in (first, second):
                if table.state.my_turn and table.state.options is not None:
                    free = table.state.options.can_check
                    await table.act(Check() if free else Call())
            if isinstance(await anext(listening), HandEnded):
                records.append(first.fair.record())
        assert first.fair.faults == second.fair.faults == []
        assert min(first.fair.checked, second.fair.checked) >= HANDS - 1
    proofs = [read_proof(record) for record in records]
    assert [verify(proof).faults for proof in proofs] == [()] * HANDS
    # Fresh entropy of each player in each hand, from when he was there in time.
    assert all(verify(proof).entropy_checked for proof in proofs)
    assert len({dict(proof.entropies)[0] for proof in proofs}) >= HANDS - 1
    found = node("verify", [json.loads(record)["proof"] for record in records])
    assert [each["faults"] for each in found] == [[]] * HANDS
    assert all(each["cards"] >= 7 for each in found)
