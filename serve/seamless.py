"""``squaredeal seamless key | simulate | check``: for operators who keep the money themselves."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

import httpx
import uvicorn

from serve.settings import SettingWrong
from wallet.seamless.checker import findings
from wallet.seamless.client import open_http
from wallet.seamless.errors import KeyInvalid
from wallet.seamless.faults import Fault, Faults
from wallet.seamless.limits import SeamlessLimits
from wallet.seamless.operator_book import Customer, OperatorBook
from wallet.seamless.probe import Probe, Subject
from wallet.seamless.signing import Signer, Verifier, load_public, make_key
from wallet.seamless.simulator import SLOW_S, Simulator, simulator_app

PROGRAM = "squaredeal seamless"
LIMITS = SeamlessLimits()


def seamless_command(arguments: list[str]) -> int:
    """0 if it went well; of ``check``: if every check passed."""
    options = _parser().parse_args(arguments)
    try:
        match options.what:
            case "key":
                return _key(options)
            case "simulate":
                return _simulate(options)
        return asyncio.run(_check(options))
    except KeyInvalid as wrong:
        raise SettingWrong(str(wrong)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        PROGRAM, description="For operators who keep the players' money: docs/seamless-wallet.md."
    )
    commands = parser.add_subparsers(dest="what", required=True, metavar="key | simulate | check")
    key = commands.add_parser("key", help="make a key pair that signs messages")
    key.add_argument("file", type=Path, help="the private key; FILE.pub is for the operator")

    simulate = commands.add_parser("simulate", help="serve an operator that misbehaves on purpose")
    simulate.add_argument("--public-key", type=Path, action="append", required=True)
    simulate.add_argument("--host", default="127.0.0.1")
    simulate.add_argument("--port", type=int, default=9700)
    simulate.add_argument(
        "--player",
        action="append",
        default=[],
        metavar="NAME:CURRENCY:BALANCE:TOKEN",
        help="a player at the operator; any other token of his has expired",
    )
    simulate.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME=RATE",
        help=f"how often something goes wrong, 0 to 1: {', '.join(Fault)}",
    )
    simulate.add_argument("--seed", type=int, default=1, help="of what goes wrong (%(default)s)")
    simulate.add_argument("--slow-s", type=float, default=SLOW_S, help="seconds of a slow answer")

    check = commands.add_parser("check", help="ask an operator's wallet what it must answer")
    check.add_argument("url", help="where /balance, /debit, /credit and /rollback are")
    check.add_argument("--key", type=Path, required=True, help="private key that signs")
    check.add_argument("--player", required=True, help="a test player with 1,000 minor units")
    check.add_argument("--currency", required=True)
    check.add_argument("--token", required=True, help="a good token of his")
    check.add_argument("--expired-token", required=True, help="one that has expired")
    check.add_argument("--only", action="append", default=[], metavar="CHECK")
    return parser


def _key(options: argparse.Namespace) -> int:
    signer = make_key(options.file)
    print(f"key {signer.key_id}: {options.file}, and for the operator {options.file.stem}.pub")
    return 0


def _simulate(options: argparse.Namespace) -> int:
    keys = [load_public(path) for path in options.public_key]
    simulator = Simulator(
        OperatorBook(dict(map(_customer, options.player))),
        Verifier(keys, LIMITS.freshness_s_max, time.time),
        Faults(_rates(options.fault), options.seed),
    )
    print(f"an operator at http://{options.host}:{options.port}, seed {options.seed}", flush=True)
    uvicorn.run(
        simulator_app(simulator, options.slow_s),
        host=options.host,
        port=options.port,
        log_level="critical",  # a broken line is an error to uvicorn, and the point here
        ws="none",
    )
    return 0


def _customer(text: str) -> tuple[str, Customer]:
    try:
        name, currency, balance, token = text.split(":")
        return name, Customer(currency, int(balance), {token})
    except ValueError:
        raise SettingWrong(f"player: NAME:CURRENCY:BALANCE:TOKEN (given: {text!r})") from None


def _rates(given: list[str]) -> dict[Fault, float]:
    rates: dict[Fault, float] = {}
    for text in given:
        name, _, rate = text.partition("=")
        try:
            rates[Fault(name)] = float(rate)
        except ValueError:
            raise SettingWrong(f"fault: one of {', '.join(Fault)} (given: {text!r})") from None
    if any(rate < 0 for rate in rates.values()) or sum(rates.values()) > 1:
        raise SettingWrong("fault: rates are from 0 to 1, and together at most 1")
    return rates


async def _check(options: argparse.Namespace) -> int:
    subject = Subject(
        player=options.player,
        currency=options.currency,
        token=options.token,
        expired_token=options.expired_token,
    )
    signer = Signer.load(options.key)
    async with open_http(LIMITS) as http:
        probe = Probe(options.url, signer, subject, LIMITS, time.time, http)
        return await _report(probe, frozenset(options.only))


async def _report(probe: Probe, names: frozenset[str]) -> int:
    run = failed = 0
    try:
        async for found in findings(probe, names):
            run += 1
            failed += not found.passed
            print(f"{'pass' if found.passed else 'FAIL'}  {found.name}: {found.says}")
            if not found.passed:
                print(f"      {found.failure}")
    except httpx.InvalidURL as wrong:
        raise SettingWrong(f"url: {wrong}") from None
    if not run:
        raise SettingWrong(f"only: there is no check {', '.join(names)}")
    print(f"{run - failed} of {run} checks passed", file=sys.stderr)
    return 1 if failed else 0
