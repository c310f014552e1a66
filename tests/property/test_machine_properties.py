"""Random players at a table machine: chips are conserved, replays agree, nobody sees too much."""

import random
import uuid

import msgspec
import pytest

from actors import commands as c
from actors.commands import Outcome, Player
from actors.machine import TableMachine
from actors.spec import TableSpec
from games.holdem import records as r
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from games.protocol import RAIL
from games.rake import RakeSpec
from games.refusal import Refusal
from tests.hands import hand_of
from wire.events import TurnBegan

STEPS = 1_500


def spec(seats: int) -> TableSpec:
    blinds = Blinds(small=50, big=100, ante=seats % 3 * 5, straddle=seats % 2 == 0)
    rake = RakeSpec(version="test", rate_bp=500, caps=((2, 300),))
    return TableSpec(
        table="t",
        name="Test",
        game=HoldemSpec(seats=seats, blinds=blinds, rake=rake),
        buy_in_min=1_000,
        buy_in_max=20_000,
        away_ms_max=400_000,
    )


class Crowd:
    """Random commands, as players, the clock and the ledger would send them."""

    def __init__(self, machine: TableMachine, chance: random.Random) -> None:
        self.machine = machine
        self.chance = chance
        self.now = 0
        self.players = [Player(str(uuid.UUID(int=i)), f"p{i}", "player") for i in range(14)]

    def command(self) -> c.Command:
        self.now += self.chance.choice((1, 50, 2_000, 20_000))
        machine, now = self.machine, self.now
        if not machine.dealer.seed:
            return c.CommitSeed(now, self.chance.randbytes(32))
        if machine.can_deal() and self.chance.random() < 0.6:
            return c.Deal(now, self.chance.randbytes(32))
        options = machine.game.options() if machine.game.playing else None
        if options is not None and self.chance.random() < 0.8:
            acting = machine.seats.at(options.seat).player.id
            return c.Act(now, acting, machine.hand, self.action(options.raise_min, options))
        player = self.chance.choice(self.players)
        return self.chance.choice(
            (
                c.Reserve(now, player, self.chance.choice((None, 0, 3, 9)), 5_000),
                c.Reserve(now, player, None, self.chance.choice((1, 1_000, 30_000))),
                c.StandUp(now, player.id, after_hand=self.chance.random() < 0.3),
                c.SetSitOut(now, player.id, self.chance.random() < 0.4),
                c.SetStraddle(now, player.id, self.chance.random() < 0.5),
                c.SetEntropy(now, player.id, self.chance.randbytes(32)),
                c.SetConnected(now, player.id, self.chance.random() < 0.8),
                c.TopUp(now, player.id, self.chance.randint(1, 5_000)),
                c.ClockRanOut(now, machine.turn),
                c.Sweep(now),
                c.Act(now, player.id, machine.hand, r.Fold()),
                c.Act(now, player.id, machine.hand - 1, r.Check()),
            )
        )

    def action(self, low: int, options: object) -> r.Action:
        assert hasattr(options, "raise_max")
        high = options.raise_max
        raises: list[r.Action] = [r.Raise(self.chance.randint(low, high)), r.Raise(high)]
        choices: list[r.Action] = [r.Call(), r.Check(), r.Call(), r.Check(), r.Fold()]
        return self.chance.choice(choices + (raises if high else []))


def sit_down(machine: TableMachine, ask: c.Reserve, outcome: Outcome, number: int) -> c.Command:
    """The ledger agrees or not: both happen."""
    if number % 7 == 0:
        return c.Release(ask.now, outcome.seat)
    session = str(uuid.UUID(int=number))
    post_now = number % 2 == 0
    return c.SitDown(ask.now, ask.player, outcome.seat, session, ask.amount, post_now)


@pytest.mark.parametrize("seed", range(24))
def test_whatever_players_do_chips_are_conserved_and_a_replay_agrees(seed: int) -> None:
    chance = random.Random(seed)
    machine = TableMachine(spec(2 + seed % 9))
    crowd = Crowd(machine, chance)
    journal: list[tuple[c.Command, Outcome | Refusal]] = []
    books = raked = hands = 0
    for number in range(STEPS):
        queue: list[c.Command] = [crowd.command()]
        while queue:
            command = queue.pop()
            result = machine.step(command)
            journal.append((command, msgspec.json.decode(msgspec.json.encode(result))))
            if isinstance(result, Refusal):
                continue
            if isinstance(command, c.Reserve):
                queue.append(sit_down(machine, command, result, number))
            books += brought(command)
            for effect in result.effects:
                match effect:
                    case c.HandOver(changes=changes, rake=rake):
                        assert sum(change for _, change in changes) == -rake
                        raked += rake
                        hands += 1
                    case c.CashOut(chips=chips):
                        assert chips >= 0
                        books -= chips
            assert_one_turn(machine, result)
        assert machine.chips == books - raked
    assert hands > 20
    again = TableMachine(machine.spec)
    for command, expected in journal:
        assert msgspec.json.decode(msgspec.json.encode(again.step(command))) == expected


def brought(command: c.Command) -> int:
    return command.amount if isinstance(command, c.SitDown | c.TopUp) else 0


def assert_one_turn(machine: TableMachine, outcome: Outcome) -> None:
    begun = [event for event in outcome.events if isinstance(event, TurnBegan)]
    assert len(begun) <= 1
    if begun:
        assert machine.game.turn == begun[0].seat
    view = machine.view(RAIL, 0)
    assert view.cards == ()
    if view.hand is not None and machine.game.view() is not None:
        hidden = [s for s in view.hand.seats if not hand_of(machine).shown[s]]
        assert all(view.hand.shown[view.hand.seats.index(s)] == () for s in hidden)
