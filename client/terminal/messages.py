"""Events as lines of a hand log."""

from textual.markup import escape

from client.state import TableState
from client.terminal.canvas import card_text, chips
from games.holdem import records as r
from wire import events as e


def coloured(text: str, bad: bool = False) -> str:
    """A sentence as markup; what servers and systems say may hold brackets."""
    return f"[{'#f87171' if bad else '#86efac'}]{escape(text)}[/]"


def _name(state: TableState, seat: int) -> str:
    at = state.seats.get(seat)
    return at.name if at else f"seat {seat + 1}"


def _cards(cards: tuple[int, ...]) -> str:
    return " ".join(card_text(card)[0] for card in cards)


def describe(event: e.Event, state: TableState) -> str | None:
    """One line, or None for what the felt shows well enough."""
    match event:
        case r.HandStarted(hand=hand):
            return f"[b]── hand {hand} ──[/b]"
        case r.Posted(seat=seat, kind=kind, amount=amount):
            return f"{_name(state, seat)} posts {kind.value.replace('_', ' ')} {chips(amount)}"
        case r.Acted(seat=seat, action=action, paid=paid, bet=bet, all_in=all_in):
            size = f" {chips(paid if action == 'call' else bet)}" if paid else ""
            word = {"raise": "raises to", "bet": "bets", "call": "calls"}.get(action, f"{action}s")
            return f"{_name(state, seat)} {word}{size}{' all-in' if all_in else ''}"
        case r.BoardDealt(street=street, cards=cards):
            return f"[b]{street.value}[/b] {_cards(cards)}"
        case r.HandShown(seat=seat, cards=cards, made=made):
            return f"{_name(state, seat)} shows {_cards(cards)}{f', {made}' if made else ''}"
        case r.HandMucked(seat=seat):
            return f"{_name(state, seat)} mucks"
        case r.BetReturned(seat=seat, amount=amount):
            return f"{chips(amount)} goes back to {_name(state, seat)}"
        case r.PotAwarded(pot=pot, shares=shares):
            which = "the pot" if not pot else f"side pot {pot}"
            who = ", ".join(f"{_name(state, s)} {chips(c)}" for s, c in shares)
            return f"[b]{which}: {who}[/b]"
        case e.SeatTaken(name=name, stack=stack):
            return f"{name} sits down with {chips(stack)}"
        case e.SeatVacated(seat=seat, chips=left):
            return f"{_name(state, seat)} leaves with {chips(left)}"
        case e.TimedOut(seat=seat):
            return f"{_name(state, seat)} runs out of time"
        case e.WentAway(seat=seat):
            return f"{_name(state, seat)} lost the line"
        case e.CameBack(seat=seat):
            return f"{_name(state, seat)} is back"
    return None
