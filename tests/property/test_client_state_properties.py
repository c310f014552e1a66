"""What a client makes of the updates is what the server would tell it afresh, at every step."""

import random

import pytest

from actors import commands as c
from actors.machine import TableMachine
from client.bots import choose
from client.state import TableState
from games.protocol import NO_SEAT, RAIL
from games.refusal import Refusal
from tests.property.test_machine_properties import Crowd, sit_down, spec
from wire.events import SeatTaken
from wire.server_frames import Update, Welcome

STEPS = 600


def snapshot(machine: TableMachine, seat: int, seq: int, now: int) -> TableState:
    view = machine.view(seat if seat != NO_SEAT else RAIL, now)
    state = TableState()
    state.welcome(Welcome("t", 1, seq, seat, 0, view), now / 1_000)
    return state


def picture(state: TableState) -> dict[str, object]:
    """What both must agree on."""
    hand = (state.hand, state.button, state.street, state.board, state.turn, state.options)
    return {
        "playing": state.playing,
        "hand": hand if state.playing else None,
        "pot": state.pot if state.playing else None,
        "pots": state.pots if state.playing else None,
        "cards": state.cards if state.playing else None,
        "clock": (state.clock.seat, state.clock.in_bank) if state.clock else None,
        "seats": {
            number: (
                seat.name,
                seat.stack,
                seat.sitting_out,
                seat.away,
                (seat.playing, seat.folded, seat.bet, seat.cards) if state.playing else None,
            )
            for number, seat in state.seats.items()
        },
    }


@pytest.mark.parametrize("seed", range(12))
def test_a_client_that_follows_knows_what_a_client_that_arrives_is_told(seed: int) -> None:
    chance = random.Random(seed)
    machine = TableMachine(spec(2 + seed % 9))
    crowd = Crowd(machine, chance)
    me = crowd.players[seed % 3].id
    follower = snapshot(machine, NO_SEAT, 0, 0)
    compared = 0
    for number in range(STEPS):
        queue: list[c.Command] = [crowd.command()]
        while queue:
            command = queue.pop()
            mine_before = machine.seat_of(me)
            result = machine.step(command)
            if isinstance(result, Refusal):
                continue
            if isinstance(command, c.Reserve):
                queue.append(sit_down(machine, command, result, number))
            if not result.events:
                continue
            mine = mine_before if mine_before != NO_SEAT else machine.seat_of(me)
            if any(isinstance(e, SeatTaken) and e.seat == mine for e in result.events):
                follower.me = mine
            shown = tuple(machine.game.redact(e, mine_before) for e in result.events)
            follower.update(Update(1, follower.seq + 1, shown), crowd.now / 1_000)
            if isinstance(command, c.TopUp):
                # Chips that wait for the next hand are told to their owner by the answer.
                continue
            fresh = snapshot(machine, machine.seat_of(me), follower.seq, crowd.now)
            assert picture(follower) == picture(fresh), result.events
            compared += 1
    assert compared > 50


@pytest.mark.parametrize("seed", range(6))
def test_a_house_bot_only_does_what_is_legal(seed: int) -> None:
    chance = random.Random(seed)
    machine = TableMachine(spec(6))
    crowd = Crowd(machine, chance)
    acted = 0
    for number in range(900):
        command = crowd.command()
        if isinstance(command, c.Act) and machine.game.playing:
            seat = machine.game.turn
            action = choose(snapshot(machine, seat, 0, crowd.now), chance)
            assert machine.game.verify(seat, action) is None
            player = machine.seats.at(seat).player.id
            command = c.Act(crowd.now, player, machine.hand, action)
            acted += 1
        result = machine.step(command)
        if isinstance(command, c.Reserve) and not isinstance(result, Refusal):
            machine.step(sit_down(machine, command, result, number))
    assert acted > 50
