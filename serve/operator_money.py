"""The operator's commands about money: promote, adjust, reverse, approve, reject, operations,
payments, limit, exclude.

All ask the gateway of a running server, as those of ``serve.operator`` do. PLAYER is the id of an
account; amounts are minor units.
"""

import argparse
import secrets
from typing import Any, Final

import msgspec

from serve.operator import (
    Gateway,
    add_approver_flag,
    add_gateway_flags,
    gateway_of,
    named,
    print_table,
)
from serve.settings import SettingWrong
from wire import money as m

HELP: Final = {
    "promote": "give a player promotional chips",
    "adjust": "propose to put a wallet right, up or (a negative amount) down",
    "reverse": "propose to take a grant, a deposit or an adjustment back",
    "approve": "approve what another operator has proposed",
    "reject": "reject a proposal",
    "operations": "list the proposals that wait, or every act",
    "payments": "list the payments that wait, or post or void one",
    "limit": "limit a player's deposits, losses, buy-ins or time of play",
    "exclude": "exclude a player from deposits and play",
}
COUNTS: Final = {
    "at_once": "counts at once",
    "later": "counts in 24 hours",
    "same": "is so already",
}
PAGE: Final = 200


def money_command(name: str, arguments: list[str]) -> int:
    """Run one; the exit status."""
    options = _parser(name).parse_args(arguments)
    with gateway_of(options) as gateway:
        if name in ("operations", "payments"):
            _list(gateway, name, options)
        else:
            _act(gateway, name, options)
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        f"squaredeal {name}", description=HELP[name].capitalize() + "."
    )
    add_gateway_flags(parser)
    if name in ("promote", "payments"):
        add_approver_flag(parser)
    if name in ("promote", "adjust", "limit", "exclude"):
        parser.add_argument("player", help="id of an account")
    if name in ("promote", "adjust", "limit"):
        parser.add_argument("--currency", default="PLAY", help="(%(default)s)")
    if name in ("promote", "adjust"):
        parser.add_argument("amount", type=int, help="minor units")
    if name in ("promote", "adjust", "reverse", "limit", "exclude"):
        parser.add_argument("--reason", required=True, help="for the books")
    if name in ("promote", "adjust", "reverse"):
        parser.add_argument("--ref", default=None, help="again with the same one is the same")
    if name == "reverse":
        parser.add_argument("transfer", help="key of the transfer")
    if name in ("approve", "reject"):
        parser.add_argument("operation", type=int, help="its number")
        parser.add_argument("--remark", default="", help="for the books")
    if name == "operations":
        parser.add_argument("--all", action="store_true", help="also what has been decided")
    if name == "payments":
        parser.add_argument("what", nargs="?", choices=("list", "post", "void"), default="list")
        parser.add_argument("key", nargs="?", default=None, help="of the payment")
        parser.add_argument("--why", default="", help="for the books")
    if name == "limit":
        parser.add_argument("kind", choices=("deposit", "loss", "buy_in", "session"))
        parser.add_argument("span", choices=("day", "week", "month", "session"))
        parser.add_argument("amount", help="minor units, of session time seconds, or none")
    if name == "exclude":
        parser.add_argument("kind", choices=("self_exclusion", "cooling_off"))
        parser.add_argument("--days", type=int, default=None, help="(for ever)")
    return parser


def _act(gateway: Gateway, name: str, options: argparse.Namespace) -> None:
    by = named(options.by, getattr(options, "approved_by", None))
    ref = getattr(options, "ref", None) or secrets.token_hex(16)
    if name == "promote":
        asked: Any = m.PromotionRequest(
            by, ref, options.player, options.amount, options.reason, options.currency
        )
        _operation(gateway.ask("POST", "promotions", asked))
    elif name == "adjust":
        asked = m.AdjustmentRequest(
            by, ref, options.player, options.amount, options.reason, options.currency
        )
        _operation(gateway.ask("POST", "adjustments", asked))
    elif name == "reverse":
        asked = m.ReversalRequest(by, ref, options.transfer, options.reason)
        _operation(gateway.ask("POST", "reversals", asked))
    elif name in ("approve", "reject"):
        asked = m.DecisionRequest(by, options.remark)
        _operation(gateway.ask("POST", f"operations/{options.operation}/{name}", asked))
    elif name == "limit":
        limit = m.OperatorLimitRequest(
            kind=options.kind,
            span=options.span,
            amount=_amount(options.amount),
            currency=options.currency,
            by=by,
            reason=options.reason,
        )
        answer = gateway.ask("PUT", f"players/{options.player}/limits", limit)
        counts = msgspec.json.decode(answer, type=m.LimitsResponse).counts
        print(COUNTS[counts or "same"])
    else:
        exclusion = m.OperatorExclusionRequest(
            kind=options.kind, days=options.days, by=by, reason=options.reason
        )
        answer = gateway.ask("POST", f"players/{options.player}/exclusion", exclusion)
        until = msgspec.json.decode(answer, type=m.LimitsResponse).excluded_until
        print(f"excluded until {until:%Y-%m-%d %H:%M} UTC" if until else "excluded for ever")


def _operation(answer: bytes) -> None:
    told = msgspec.json.decode(answer, type=m.OperationAnswer)
    print(f"operation {told.id}: {told.code}")


def _amount(text: str) -> int | None:
    if text == "none":
        return None
    if not (text.isascii() and text.isdigit()):
        raise SettingWrong("amount: write a whole number, or none")
    return int(text)


def _list(gateway: Gateway, name: str, options: argparse.Namespace) -> None:
    if name == "operations":
        query = f"operations?limit={PAGE}{'&all=1' if options.all else ''}"
        acts = msgspec.json.decode(gateway.ask("GET", query), type=m.OperationsResponse)
        head = (
            "number",
            "kind",
            "player",
            "amount",
            "currency",
            "state",
            "by",
            "decided",
            "reason",
        )
        print_table(head, [
            (o.id, o.kind, o.player, o.amount, o.currency, o.result or o.state, o.proposer,
             o.decided_by or "", o.reason)
            for o in acts.operations
        ])  # fmt: skip
    elif options.what == "list":
        answer = gateway.ask("GET", f"payments?limit={PAGE}")
        payments = msgspec.json.decode(answer, type=m.PaymentsResponse).payments
        print_table(("key", "amount", "currency", "provider", "expires"), [
            (p.key, p.amount, p.currency, p.provider, f"{p.expires:%Y-%m-%d %H:%M}")
            for p in payments
        ])  # fmt: skip
    else:
        if not (options.key and options.why):
            raise SettingWrong(f"payments {options.what} needs a key and --why")
        asked = m.PaymentDecisionRequest(
            named(options.by, options.approved_by), options.key, options.what == "post", options.why
        )
        decided = msgspec.json.decode(gateway.ask("POST", "payments", asked), type=m.PaymentInfo)
        print(f"{decided.key}: {decided.state}")
