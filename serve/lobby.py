"""Which tables are wanted: read from TOML into specs."""

from importlib.resources import files
from pathlib import Path

import msgspec

from actors.spec import TableSpec
from serve.settings import SettingWrong
from wallet.currencies import PLAY, Currency


class LobbyTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wanted table and how many house bots sit at it."""

    spec: TableSpec
    bots: int = 0


class Lobby(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as a whole."""

    tables: tuple[LobbyTable, ...] = ()
    currencies: tuple[Currency, ...] = ()
    """Besides PLAY, which is always there."""


def read_lobby(path: Path | None) -> Lobby:
    """The lobby in ``path``, or ours; raises SettingWrong with what is wrong."""
    source = path if path is not None else files("serve") / "lobby.toml"
    try:
        lobby = msgspec.toml.decode(source.read_text("utf-8"), type=Lobby)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise SettingWrong(f"tables_file: {wrong}") from None
    names = [entry.spec.table for entry in lobby.tables]
    if len(set(names)) != len(names):
        raise SettingWrong("tables_file: two tables have the same id")
    codes = [PLAY, *(currency.code for currency in lobby.currencies)]
    if len(set(codes)) != len(codes):
        raise SettingWrong("tables_file: a currency is there twice, or is PLAY")
    for entry in lobby.tables:
        if entry.spec.currency not in codes:
            raise SettingWrong(f"tables_file: {entry.spec.table}: currency is not in currencies")
        if entry.bots and entry.spec.currency != PLAY:
            raise SettingWrong(f"tables_file: {entry.spec.table}: bots play for PLAY only")
        if not 0 <= entry.bots <= entry.spec.game.seats:
            raise SettingWrong(f"tables_file: {entry.spec.table}: bots is 0 to its seats")
        if entry.spec.fixed_decks:
            raise SettingWrong(f"tables_file: {entry.spec.table}: fixed_decks is for tests")
    return lobby
