"""What the fair deal costs a table of six: microseconds of CPU a hand, bytes a player."""

import random
import statistics
import time
from collections.abc import Callable

from benchmarks.report import Figure, arguments, publish
from games.cards import deck_from_seed
from games.fair.deal import deal_key, deck_of, entropy_hash
from games.fair.proof import HandProof, Hole, board_positions, hole_positions, verify
from games.fair.seal import SealedDeck
from games.holdem.records import BoardDealt, HoleDealt, Street
from wire.codec import CODECS, JSON, MSGPACK
from wire.server_frames import Update

SEATS = 6
ROUNDS = 15
CALLS = 500


def micros(run: Callable[[], object], rounds: int) -> float:
    """CPU of one call, the median over rounds."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(CALLS):
            run()
        found.append((time.process_time() - began) / CALLS * 1e6)
    return statistics.median(found)


def main() -> None:
    """Measure and publish."""
    options = arguments(__doc__).parse_args()
    rounds = 3 if options.quick else ROUNDS
    seed = random.Random(1).randbytes(32)
    entropies = tuple((seat, entropy_hash(str(seat))) for seat in range(SEATS))
    order = tuple(range(SEATS))
    sealed = SealedDeck(seed, "bench", 1, entropies)
    holes, board = hole_positions(order, 1), board_positions(order, 5)
    held = tuple(sealed.deck[place] for place in holes)
    turned = tuple(sealed.deck[place] for place in board)
    proof = HandProof(
        table="bench",
        hand=1,
        order=order,
        commitment=sealed.sealed.commitment,
        entropies=entropies,
        root=sealed.root,
        holes=(Hole(1, held, sealed.open(holes)),),
        board=turned,
        board_openings=sealed.open(board),
    )
    assert verify(proof).faults == ()

    def told(codec: str, proved: bool) -> int:
        """Bytes of the deal's and the board's own part in what one player is sent."""
        opened = (sealed.open(holes), sealed.open(board)) if proved else ((), ())
        events = (
            *((sealed.sealed,) if proved else ()),
            HoleDealt(1, held, opened[0]),
            BoardDealt(Street.FLOP, turned, opened[1]),
        )
        return len(CODECS[codec].encode(Update(1, 1, events)))

    figures = {
        "deck_and_tree": Figure(
            micros(lambda: SealedDeck(seed, "bench", 1, entropies), rounds), "µs/hand"
        ),
        "deck_alone": Figure(
            micros(lambda: deck_of(deal_key(seed, "bench", 1, entropies)), rounds), "µs/hand"
        ),
        "deck_as_before": Figure(micros(lambda: deck_from_seed(seed), rounds), "µs/hand"),
        "opening": Figure(micros(lambda: sealed.open((7,)), rounds), "µs/card"),
        "verify": Figure(micros(lambda: verify(proof), rounds), "µs/hand"),
        "msgpack_more": Figure(told(MSGPACK, True) - told(MSGPACK, False), "B/hand"),
        "json_more": Figure(told(JSON, True) - told(JSON, False), "B/hand"),
    }
    publish("bench_deal", options, figures, rounds, seats=SEATS, cards_opened=len(proof.board) + 2)


if __name__ == "__main__":
    main()
