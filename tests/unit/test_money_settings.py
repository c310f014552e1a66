"""Money in the settings and in the file of the tables; names that two rooms have in common."""

from pathlib import Path

import pytest

from actors import refusals
from serve.lobby import read_lobby
from serve.settings import SettingWrong, read_settings
from wallet import protection
from wallet.currencies import Currency
from wallet.results import LimitName, Reached
from wire import codes, money

TABLE = """
[[tables]]
{bots}
[tables.spec]
table = "oak"
name = "Oak"
buy_in_min = 100
buy_in_max = 200
currency = "{currency}"
[tables.spec.game]
seats = 2
blinds = {{ small = 1, big = 2 }}
"""
EUR = '[[currencies]]\ncode = "EUR"\nexponent = 2\n'


def test_production_takes_no_development_cashier(tmp_path: Path) -> None:
    assert read_settings([], None, "up").cashier == "manual"
    assert read_settings(["--cashier", "development"], None, "up").cashier == "development"
    flags = ["--mode", "production", "--cashier", "development"]
    with pytest.raises(SettingWrong, match="moves no money"):
        read_settings(flags, None, "up")


def lobby(tmp_path: Path, head: str, currency: str = "EUR", bots: str = "") -> Path:
    file = tmp_path / "tables.toml"
    file.write_text(head + TABLE.format(currency=currency, bots=bots), "utf-8")
    return file


def test_a_table_plays_for_a_currency_that_is_named(tmp_path: Path) -> None:
    read = read_lobby(lobby(tmp_path, EUR))
    assert read.currencies == (Currency("EUR", 2),)
    assert read.tables[0].spec.info().currency == "EUR"
    assert {entry.spec.currency for entry in read_lobby(None).tables} == {"PLAY"}
    for head, currency, bots, wrong in (
        ("", "EUR", "", "is not in currencies"),
        (EUR + EUR, "EUR", "", "twice"),
        (EUR.replace("EUR", "PLAY"), "PLAY", "", "is PLAY"),
        (EUR.replace("EUR", "euro"), "EUR", "", "code"),
        (EUR.replace("2", "9"), "EUR", "", "exponent"),
        (EUR, "EUR", "bots = 1", "PLAY only"),
    ):
        with pytest.raises(SettingWrong, match=wrong):
            read_lobby(lobby(tmp_path, head, currency, bots))


def test_the_wire_has_the_ledgers_names() -> None:
    assert [each.value for each in LimitName] == [each.value for each in codes.LimitName]
    for ours, theirs in (
        (protection.Kind, money.Kind),
        (protection.Span, money.Span),
        (protection.Exclusion, money.Exclusion),
    ):
        assert {each.value for each in ours} == set(theirs.__args__)  # type: ignore[attr-defined]
    limited = refusals.limit_reached(Reached(LimitName.LOSS_DAY, 5))
    assert limited.limit is not None
    assert (limited.limit.limit, limited.limit.left) == ("loss_day", 5)
    assert refusals.limit_reached(None).limit is None
