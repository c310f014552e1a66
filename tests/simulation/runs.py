"""One seed from beginning to end: a world, its evidence, an audit."""

import logging
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from auth.seals import Seals
from tests.simulation.auditor import Evidence, Shown, audit
from tests.simulation.loop import run
from tests.simulation.world import GRANT, World, plan

HANDS = 40


class Report(NamedTuple):
    """What came of a seed. ``digest`` is over every byte that was shown to anybody."""

    seed: int
    hands: int
    digest: str
    counts: Counter[str]
    findings: list[str]


@cache
def seals() -> Seals:
    """Keys for all simulations of this process."""
    with tempfile.TemporaryDirectory() as folder:
        return Seals.generate(Path(folder) / "keys")


def simulate(
    seed: int, hands: int = HANDS, sabotage: Callable[[World], None] | None = None
) -> Report:
    """Play one seed; ``sabotage`` breaks something first, to see whether it is found."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        return run(_simulate(seed, hands, sabotage))
    finally:
        logging.disable(before)


async def _simulate(seed: int, hands: int, sabotage: Callable[[World], None] | None) -> Report:
    world = World(plan(seed, hands), seals())
    if sabotage is not None:
        sabotage(world)
    await world.run()
    findings = [*world.complaints, *audit(await evidence(world))]
    counts = world.faults.counts + Counter(compared=world.compared)
    return Report(seed, len(world.journal.hands), world.digest.hexdigest(), counts, findings)


async def evidence(world: World) -> Evidence:
    """What the auditor may know."""
    players = [client.player for client in world.clients]
    balances = {str(player): await world.ledger.balance(player) for player in players}
    stakes = [await world.ledger.open_stakes(spec.table) for spec in world.plan.specs]
    return Evidence(
        lines=[
            Shown(line.player_id, line.client.table, line.asked, line.frames)
            for line in world.lines
        ],
        sent={str(client.player): client.sent for client in world.clients},
        archive=world.journal.hands,
        settlements=world.settlements,
        balances=balances,
        granted=GRANT,
        problems=(await world.ledger.check()).problems,
        open_stakes=sum(map(len, stakes)),
        voidable=frozenset(world.voidable),
        damaged=frozenset(world.damaged),
        commits=world.journal.history,
    )
