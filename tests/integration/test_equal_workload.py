"""The six-seat workload does what it says on our server and on those it is compared with."""

import shutil
import sys

import pytest

from benchmarks.peers.workload import Server, ours, reference, six_seats

TABLES = 3
SECONDS = 0.5

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None and shutil.which("gcc") is None,
    reason="the generator is C: no compiler here",
)


def websockets() -> Server:
    return Server("websockets", [sys.executable, "-m", "benchmarks.peers.websockets_server"])


@pytest.mark.parametrize(
    "make",
    [reference, websockets, lambda: ours(False, TABLES), lambda: ours(True, TABLES)],
    ids=["reference", "websockets", "ours", "ours with its journal"],
)
def test_every_action_reaches_six_seats_and_a_hand_ends_after_24(make) -> None:  # type: ignore[no-untyped-def]
    done = six_seats(make(), TABLES, SECONDS, warm_s=0.2)
    assert done["refused"] == done["wrong"] == done["broken"] == 0
    assert done["actions_s"] > 0
    # 25 broadcasts to six seats in 24 actions; at most one action a table is cut off at each end.
    actions = done["actions_s"] * SECONDS
    assert done["messages_per_action"] == pytest.approx(6.25, abs=6 * 2 * TABLES / actions + 0.3)
