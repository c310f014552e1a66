"""House bots: always legal, roughly sensible, and gone when they are told to go."""

import random
import signal
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.bots import BotSeat, Order, choose
from client.state import TableState
from games.cards import DECK_SIZE, parse_cards
from games.holdem.hand import Legal
from games.holdem.records import Action, Call, Check, Fold, Raise
from tests.unit.test_client_state import INFO
from wire.http import PlayerInfo, TokensResponse

NOBODY = TokensResponse("a", "r", 600, PlayerInfo("1", "Bot-Ada", "bot"))


def faced(cards: str, call: int, pot: int, board: str = "", raise_to: int = 500) -> TableState:
    options = Legal(0, call == 0, call, min(2 * call or 10, raise_to), raise_to)
    return TableState(
        info=INFO, me=0, turn=0, cards=parse_cards(cards), board=parse_cards(board), pot=pot,
        options=options,
    )  # fmt: skip


def often(state: TableState) -> set[type[Action]]:
    """What the bot does over many moods."""
    return {type(choose(state, random.Random(seed))) for seed in range(200)}


@given(
    seed=st.integers(0, 2**32),
    deck=st.permutations(range(DECK_SIZE)),
    board=st.sampled_from((0, 3, 4, 5)),
    call=st.integers(0, 2_000),
    pot=st.integers(1, 5_000),
    raises=st.one_of(st.just((0, 0)), st.tuples(st.integers(1, 900), st.integers(0, 900))),
)
def test_whatever_a_bot_chooses_is_among_its_options(
    seed: int, deck: list[int], board: int, call: int, pot: int, raises: tuple[int, int]
) -> None:
    low, more = raises
    options = Legal(0, call == 0, call, low, low + more)
    state = TableState(
        info=INFO, me=0, turn=0, cards=tuple(deck[:2]), board=tuple(deck[2 : 2 + board]), pot=pot,
        options=options,
    )  # fmt: skip
    match choose(state, random.Random(seed)):
        case Raise(to=to):
            assert options.raise_max
            assert options.raise_min <= to <= options.raise_max
        case Check() | Fold() as quiet:
            assert options.can_check == isinstance(quiet, Check)
        case Call():
            assert call > 0


def test_a_bot_never_folds_what_is_free_nor_aces_before_the_flop() -> None:
    assert Fold not in often(faced("2c7d", call=0, pot=15))
    assert Fold not in often(faced("AcAd", call=100, pot=150))


def test_a_bot_gives_up_bad_cards_to_a_big_bet_and_stays_with_the_nuts() -> None:
    assert often(faced("2c7d", call=300, pot=320)) == {Fold}
    assert Fold not in often(faced("AcKc", call=300, pot=320, board="QcJcTc"))


def test_the_same_seed_chooses_the_same() -> None:
    state = faced("JcTd", call=20, pot=60)
    assert choose(state, random.Random(5)) == choose(state, random.Random(5))


@pytest.mark.parametrize("how", ["end of input", "SIGTERM"])
def test_the_process_ends_quietly_when_told(how: str) -> None:
    order = Order("http://127.0.0.1:9", (BotSeat("t", NOBODY),), (1, 2))
    bots = subprocess.Popen(
        [sys.executable, "-m", "client.bots"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert bots.stdin is not None
    assert bots.stderr is not None
    try:
        bots.stdin.write(msgspec.json.encode(order).decode() + "\n")
        bots.stdin.flush()
        # It plays, that is, it complains that no server answers.
        assert "is asked again" in bots.stderr.readline()
        if how == "SIGTERM":
            bots.send_signal(signal.SIGTERM)
        else:
            bots.stdin.close()
        assert bots.wait(30) == 0
        assert "Traceback" not in bots.stderr.read()
    finally:
        bots.kill()
        bots.wait()
        bots.stdin.close()
        bots.stderr.close()
