"""Why a move was not accepted: an error value, never an exception."""

from typing import Final

import msgspec


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """A stable code for programs and one sentence for people."""

    code: str
    message: str


NO_HAND: Final = Refusal("no_hand", "No hand is being played.")
NOT_YOUR_TURN: Final = Refusal("not_your_turn", "It is not your turn.")
CANNOT_CHECK: Final = Refusal("cannot_check", "There is a bet to call.")
NOTHING_TO_CALL: Final = Refusal("nothing_to_call", "There is no bet to call.")
BELOW_MINIMUM: Final = Refusal("below_minimum", "The bet is below the minimum.")
ABOVE_STACK: Final = Refusal("above_stack", "The bet is more than your stack.")
BETTING_CLOSED: Final = Refusal(
    "betting_not_reopened", "The betting has not been reopened to you; call or fold."
)
NO_ONE_TO_RAISE: Final = Refusal("no_one_to_raise", "Nobody else could call a raise; call or fold.")
