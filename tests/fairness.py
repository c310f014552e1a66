"""Proofs for tests: hands that a machine dealt, and the browser's module run by Node."""

import base64
import json
import random
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import msgspec
import pytest

from actors import commands as c
from actors.commands import Outcome, Player
from actors.machine import TableMachine
from client.fair import FairDeal
from games.fair.deal import entropy_hash
from games.fair.proof import HandProof
from games.holdem import records as r
from games.protocol import RAIL
from tests.property.test_machine_properties import spec

ROOT = Path(__file__).parent.parent
MODULE = ROOT / "client" / "web" / "verify.mjs"
VECTORS = ROOT / "docs" / "fairness.vectors.json"
SEATS = 4
RUN = """
import { %(function)s } from "%(module)s";
const given = JSON.parse(await new Response(process.stdin).text());
const out = [];
for (const each of given) out.push(await %(function)s(each));
console.log(JSON.stringify(out));
"""


def node(function: str, given: list[Any], module: Path = MODULE) -> list[Any]:
    """What a function of an ES module makes of each value, under Node."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("there is no node here: the browser's module is not tested")
    code = RUN % {"function": function, "module": module.as_uri()}
    done = subprocess.run(
        [program, "--input-type=module", "-e", code],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: list[Any] = json.loads(done.stdout)
    return found


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Session:
    """A table with four players who mix their names in, and what each of them is shown."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.machine = TableMachine(spec(SEATS))
        self.followers = {seat: FairDeal("t") for seat in (*range(SEATS), RAIL)}
        self.updates: list[list[Any]] = []
        self.now = 0
        self.do(c.CommitSeed(0, self.chance.randbytes(32)))
        for seat in range(SEATS):
            player = Player(str(uuid.UUID(int=seat + 1)), f"p{seat}", "player")
            self.do(c.Reserve(0, player, seat, 10_000))
            self.do(c.SitDown(0, player, seat, str(uuid.UUID(int=100 + seat)), 10_000, True))
            self.mix(seat, f"the value of {seat}")

    def mix(self, seat: int, value: str) -> None:
        follower = self.followers[seat]
        follower.sent(value)
        self.do(c.SetEntropy(self.now, str(uuid.UUID(int=seat + 1)), entropy_hash(value)))
        follower.accepted(value)

    def do(self, command: c.Command) -> Outcome:
        result = self.machine.step(command)
        assert isinstance(result, Outcome), result
        for viewer, follower in self.followers.items():
            for event in result.events:
                seen = self.machine.game.redact(event, viewer)
                follower.apply(seen, viewer)
        self.updates.append(result.events)
        return result

    def hand(self, passive: bool = True) -> c.HandOver:
        """Play one to its end; a passive one goes to the showdown."""
        self.now += 10_000
        outcome = self.do(c.Deal(self.now, self.chance.randbytes(32)))
        while self.machine.game.playing:
            options = self.machine.game.options()
            assert options is not None
            action: r.Action = r.Check() if options.can_check else r.Call()
            if not passive and self.chance.randrange(3) == 0:
                action = r.Fold()
            player = self.machine.seats.at(options.seat).player.id
            outcome = self.do(c.Act(self.now, player, self.machine.hand, action))
        return next(each for each in outcome.effects if isinstance(each, c.HandOver))

    def proof(self, viewer: int) -> HandProof:
        found = self.followers[viewer].proof
        assert found is not None
        return found


def complete_proof(seed: int = 7) -> HandProof:
    """Of a hand with a whole board, the viewer's entropy and the seed."""
    session = Session(seed)
    over = session.hand()
    proof = msgspec.structs.replace(session.proof(1), seed=over.seed)
    assert len(proof.board) == 5
    return proof
