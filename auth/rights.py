"""Who may do what: the roles, and the one table of their rights. Pure; ``serve.gate`` asks it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account is given on top of being a player, which everybody is."""

    PLAYER = "player"
    HOST = "host"
    """Of private tables of his own; no operator."""
    SUPPORT = "support"
    FLOOR = "floor"
    CASHIER = "cashier"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


class Right(StrEnum):
    """What an address needs. Each of them, but ``play`` and ``host_tables``, is an operator's."""

    PLAY = "play"
    HOST_TABLES = "host_tables"
    """Open, close and rule private tables, one's own only."""
    SEE_TABLES = "see_tables"
    RUN_TABLES = "run_tables"
    VOID_HANDS = "void_hands"
    SEE_HANDS = "see_hands"
    """Every card of every hand that is over."""
    SEE_PLAYERS = "see_players"
    """Names, bans, and where somebody is signed in."""
    BAN_PLAYERS = "ban_players"
    RESCUE_PLAYERS = "rescue_players"
    """Give an account back to whoever has lost every way in: propose, approve, reject."""
    SEE_LIMITS = "see_limits"
    PROTECT_PLAYERS = "protect_players"
    """Limits and exclusions."""
    SEE_MONEY = "see_money"
    PROMOTE = "promote"
    CORRECT_BOOKS = "correct_books"
    """Adjustments and reversals: propose, approve, reject."""
    DECIDE_PAYMENTS = "decide_payments"
    SEE_AUDIT = "see_audit"
    REVIEW_SIGNALS = "review_signals"
    """What the detectors found, and what became of it."""
    GIVE_ROLES = "give_roles"


PERSONAL: Final = frozenset({Right.PLAY, Right.HOST_TABLES})
"""Rights about what is one's own: the machine has nothing of its own."""
GIVEN: Final = tuple(role for role in Role if role is not Role.PLAYER)
"""Roles that somebody gives: a player is one without."""

RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.PLAYER: frozenset({Right.PLAY}),
    Role.HOST: frozenset({Right.PLAY, Right.HOST_TABLES}),
    Role.SUPPORT: frozenset(
        {
            Right.PLAY,
            Right.SEE_TABLES,
            Right.SEE_PLAYERS,
            Right.RESCUE_PLAYERS,
            Right.SEE_LIMITS,
        }
    ),
    Role.FLOOR: frozenset(
        {Right.PLAY, Right.SEE_TABLES, Right.SEE_PLAYERS, Right.RUN_TABLES, Right.VOID_HANDS}
    ),
    Role.CASHIER: frozenset(
        {
            Right.PLAY,
            Right.SEE_PLAYERS,
            Right.SEE_LIMITS,
            Right.SEE_MONEY,
            Right.PROMOTE,
            Right.CORRECT_BOOKS,
            Right.DECIDE_PAYMENTS,
        }
    ),
    Role.COMPLIANCE: frozenset(
        {
            Right.PLAY,
            Right.SEE_TABLES,
            Right.SEE_HANDS,
            Right.SEE_PLAYERS,
            Right.BAN_PLAYERS,
            Right.RESCUE_PLAYERS,
            Right.SEE_LIMITS,
            Right.PROTECT_PLAYERS,
            Right.SEE_MONEY,
            Right.SEE_AUDIT,
            Right.REVIEW_SIGNALS,
        }
    ),
    Role.ADMIN: frozenset(Right),
}


def allowed(roles: Iterable[Role], right: Right) -> bool:
    """Whether somebody who is signed in and has these roles may."""
    return right in RIGHTS[Role.PLAYER] or any(right in RIGHTS[role] for role in roles)
