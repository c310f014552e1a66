"""The simulator over real HTTP: it passes the checks, and the wallet survives its faults."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
import uvicorn

from serve import seamless as command
from serve.cli import main
from serve.compose import _operator
from serve.deployments import WalletDeployment
from serve.settings import SettingWrong, read_settings
from tests.seamless import CURRENCY, LIMITS, RICH, TOKEN
from wallet.ledger import Ledger
from wallet.seamless.client import OperatorClient, open_http
from wallet.seamless.errors import OutcomeUnknown
from wallet.seamless.faults import Fault, Faults
from wallet.seamless.limits import BODY_BYTES_MAX, SeamlessLimits
from wallet.seamless.open import OperatorConfig, Seamless
from wallet.seamless.operator_book import Customer, OperatorBook
from wallet.seamless.probe import Probe, Subject
from wallet.seamless.protocol import BalanceOf, Code, decode_answer
from wallet.seamless.signing import Signer, Verifier, make_key
from wallet.seamless.simulator import Simulator, simulator_app
from wallet.seamless.states import Person

IMPATIENT = SeamlessLimits(call_timeout_s=0.2, sweep_s=0.01, retry_s_first=0.01, retry_s_max=1.0)


class Served:
    """A simulator at an address."""

    def __init__(self, url: str, book: OperatorBook, signer: Signer, faults: Faults) -> None:
        self.url = url
        self.book = book
        self.signer = signer
        self.faults = faults


class Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@asynccontextmanager
async def served(
    rates: Mapping[Fault, float] | None = None, seed: int = 1, signer: Signer | None = None
) -> AsyncIterator[Served]:
    signer, faults = signer or Signer.in_memory(), Faults(rates or {}, seed)
    book = OperatorBook({"p7": Customer(CURRENCY, RICH, {TOKEN})})
    verifier = Verifier([signer.public], LIMITS.freshness_s_max, time.time)
    config = uvicorn.Config(
        simulator_app(Simulator(book, verifier, faults), slow_s=0.01),
        log_config=None,  # loggers are shared with every other test of this process
        log_level=None,
        ws="none",
        lifespan="off",
    )
    server = Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server._serve([listener]))
    await server.listens.wait()
    try:
        yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", book, signer, faults)
    finally:
        server.should_exit = server.force_exit = True
        await task
        listener.close()


def balance_of() -> BalanceOf:
    return BalanceOf(request_uuid=uuid4(), player="p7", currency=CURRENCY, token=TOKEN)


async def test_the_simulator_passes_every_check_over_http(
    capsys: pytest.CaptureFixture[str],
) -> None:
    subject = Subject(player="p7", currency=CURRENCY, token=TOKEN, expired_token="old")
    async with served() as operator, open_http(LIMITS) as http:
        probe = Probe(operator.url, operator.signer, subject, LIMITS, time.time, http)
        assert await command._report(probe, frozenset()) == 0
    said = capsys.readouterr()
    assert said.out.count("pass  ") == 23
    assert "23 of 23 checks passed" in said.err


@pytest.mark.parametrize(
    "fault",
    [each for each in Fault if each not in (Fault.DUPLICATE, Fault.SLOW, Fault.UNAVAILABLE)],
)
async def test_a_fault_is_an_unknown_outcome(fault: Fault) -> None:
    async with served({fault: 1.0}) as operator, open_http(IMPATIENT) as http:
        client = OperatorClient(operator.url, operator.signer, IMPATIENT, time.time, http)
        with pytest.raises(OutcomeUnknown):
            await client.ask(balance_of())
        operator.faults.stop()
        assert (await client.ask(balance_of())).balance == RICH


async def test_nobody_at_the_address_is_an_unknown_outcome() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with open_http(IMPATIENT) as http:
        client = OperatorClient(url, Signer.in_memory(), IMPATIENT, time.time, http)
        with pytest.raises(OutcomeUnknown):
            await client.ask(balance_of())


@pytest.mark.parametrize("body", [b"x" * (BODY_BYTES_MAX + 1), b'{"code":"ok"}', b"[]", b""])
async def test_answers_that_are_none_are_unknown_outcomes(body: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    async with httpx.AsyncClient(transport=transport) as http:
        client = OperatorClient("http://o.test", Signer.in_memory(), LIMITS, time.time, http)
        with pytest.raises(OutcomeUnknown):
            await client.ask(balance_of())


async def test_an_answer_to_another_call_is_not_believed() -> None:
    def other(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"request_uuid": str(uuid4()), "code": "ok", "balance": 1})

    async with httpx.AsyncClient(transport=httpx.MockTransport(other)) as http:
        client = OperatorClient("http://o.test", Signer.in_memory(), LIMITS, time.time, http)
        with pytest.raises(OutcomeUnknown, match="another call"):
            await client.ask(balance_of())


async def test_a_body_larger_than_any_message_is_refused() -> None:
    async with served() as operator, open_http(LIMITS) as http:
        answer = await http.post(f"{operator.url}/debit", content=b" " * (BODY_BYTES_MAX + 1))
    assert decode_answer(answer.content).code is Code.BAD_REQUEST


async def finish(pool: Any, operator: Served, config: OperatorConfig) -> None:
    """What is left is due by this clock, and its signatures are still fresh enough."""
    later = IMPATIENT.claim_s + IMPATIENT.retry_s_max
    assert later < LIMITS.freshness_s_max
    wallet = Seamless(
        pool, Ledger(pool), config, signer=operator.signer, clock=lambda: time.time() + later
    )
    while await wallet.sweeper.sweep():
        pass
    assert await wallet.store.outstanding() == []
    await wallet.aclose()


async def test_a_hundred_buy_ins_and_cash_outs_through_a_bad_line(pool: Any) -> None:
    """Real time-outs and broken lines; what is left at the end is what was there before."""
    seed = 11
    print(f"seed {seed}")
    rates = dict.fromkeys(Fault, 0.03) | {Fault.SILENT_AFTER: 0.02, Fault.SILENT_BEFORE: 0.02}
    async with served(rates, seed) as operator:
        config = OperatorConfig(url=operator.url, key_file="", site="t", limits=IMPATIENT)
        wallet = Seamless(pool, Ledger(pool), config, signer=operator.signer)
        wallet.start()
        player = uuid4()
        assert await wallet.bank.bind(player, Person("p7", CURRENCY, TOKEN))

        async def sitting(number: int) -> bool:
            session = uuid4()
            bought = await wallet.bank.buy_in(player, "oak", session, 50, f"in:{number}", 1)
            if bought.done:
                assert (await wallet.bank.cash_out(player, "oak", session, f"out:{number}")).done
            return bought.done

        done = await asyncio.gather(*(sitting(number) for number in range(100)))
        operator.faults.stop()
        await wallet.aclose()
        await finish(pool, operator, config)
        assert sum(done) > 50
        assert operator.book.customers["p7"].balance == RICH
        debits = [move for move in operator.book.moves if move[1] == "debit"]
        credits = [move for move in operator.book.moves if move[1] == "credit"]
        assert len(credits) == sum(done) <= len(debits)
    assert (await Ledger(pool).check()).problems == []


def test_the_command_line_makes_a_key_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "us.pem"
    assert main(["seamless", "key", str(key)]) == 0
    assert Signer.load(key).key_id in capsys.readouterr().out
    assert main(["seamless", "key", str(key)]) == 2
    public = ["seamless", "simulate", "--public-key", str(tmp_path / "us.pub")]
    wrong = (
        ["--player", "p7"],
        ["--player", "p7:EUR:much:t"],
        ["--fault", "rain=0.5"],
        ["--fault", "late=often"],
        ["--fault", "late=0.6", "--fault", "cut=0.6"],
        ["--fault", "late=-1"],
    )
    for arguments in wrong:
        assert main([*public, *arguments]) == 2
        assert capsys.readouterr().err.startswith("squaredeal: ")
    assert main(["seamless", "simulate", "--public-key", str(key)]) == 2


def test_the_command_line_checks_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_key(tmp_path / "us.pem")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    check = ["seamless", "check", url, "--key", str(tmp_path / "us.pem"), "--player", "p7"]
    check += ["--currency", "EUR", "--token", "t", "--expired-token", "o"]
    assert main([*check, "--only", "balance_is_told"]) == 1
    assert "FAIL  balance_is_told" in capsys.readouterr().out
    assert main([*check, "--only", "nothing"]) == 2


def test_the_answer_of_the_reference_can_be_read_by_anybody() -> None:
    book = OperatorBook({"p7": Customer(CURRENCY, RICH, {TOKEN})})
    asked = balance_of()
    answer = msgspec.json.decode(msgspec.json.encode(book.decide(asked)))
    assert answer == {"request_uuid": str(asked.request_uuid), "code": "ok", "balance": RICH}


async def test_the_wallet_deployment_has_the_money_at_the_operator(
    tmp_path: Path, app_dsn: str, redis_url: str
) -> None:
    signer = make_key(tmp_path / "us.pem")
    (tmp_path / "dsn").write_text(app_dsn)
    (tmp_path / "redis").write_text(redis_url)
    async with served(signer=signer) as operator:
        config = OperatorConfig(url=operator.url, key_file=str(tmp_path / "us.pem"), site="t")
        runtime: Any = SimpleNamespace(cashier="manual",
            dsn_file=str(tmp_path / "dsn"), redis_file=str(tmp_path / "redis"), operator=config,
            daily_grant=0, bot_grant=0, hand_retention_days=0,
        )  # fmt: skip
        wallet, player, session = WalletDeployment(runtime), uuid4(), uuid4()
        assert (await wallet.grant_today(player, bot=False)).amount == 0
        assert await wallet.bind(player, "p7", CURRENCY, TOKEN)
        assert (await wallet.balance(player)).amount == RICH
        assert (await wallet.buy_in(player, "oak", session, 400, "in", 1)).done
        balance = await wallet.balance(player)
        assert (balance.amount, balance.at_tables) == (RICH - 400, 400)
        assert (await wallet.cash_out(player, "oak", session, "out")).amount == 400
        assert wallet._seamless is not None
        await wallet._seamless.adapter.settled()
        assert operator.book.customers["p7"].balance == RICH
        await wallet._seamless.aclose()
        assert wallet._pool is not None
        await wallet._pool.close()


def test_the_settings_of_an_operator_go_together(tmp_path: Path) -> None:
    key = tmp_path / "us.pem"
    make_key(key)
    whole = ["--operator-url", "http://o.test", "--operator-key-file", str(key)]
    whole += ["--operator-site", "here", "--no-bots", "--daily-grant", "0"]
    settings = read_settings(whole, None, "squaredeal up")
    config = _operator(settings)
    assert config is not None
    assert (config.url, config.site) == ("http://o.test", "here")
    assert config.launch_key_file == ""
    launching = ["--operator-public-key-file", str(key.with_suffix(".pub"))]
    config = _operator(read_settings([*whole, *launching], None, "squaredeal up"))
    assert config is not None
    assert config.launch_key_file == launching[1]
    with pytest.raises(SettingWrong, match="operator_public_key_file needs operator_url"):
        read_settings(launching, None, "squaredeal up")
    with pytest.raises(SettingWrong, match="operator_public_key_file: "):
        _operator(read_settings([*whole, launching[0], str(key)], None, "squaredeal up"))
    assert _operator(read_settings([], None, "squaredeal up")) is None
    for left_out in (slice(2, 4), slice(4, 6), slice(6, 7), slice(7, 9)):
        some = whole[: left_out.start] + whole[left_out.stop :]
        with pytest.raises(SettingWrong, match="operator_url needs"):
            read_settings(some, None, "squaredeal up")
    key.chmod(0o644)
    with pytest.raises(SettingWrong, match="chmod 600"):
        _operator(settings)
