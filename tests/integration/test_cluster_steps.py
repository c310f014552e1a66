"""The steps before a cluster runs: keys and migrations; what is missing is said."""

import asyncio
import os
import stat
import uuid
from pathlib import Path

import asyncpg
import pytest

from auth.private import is_private
from serve.cli import main
from serve.compose import compose_given
from serve.embedded import EmbeddedStores
from serve.settings import SettingWrong, read_settings
from serve.upgrade import upgrade
from tests.conftest import database


async def _make(admin_dsn: str, name: str) -> None:
    conn = await asyncpg.connect(admin_dsn)
    await conn.execute(f"CREATE DATABASE {name}")
    await conn.close()


@pytest.fixture
async def config(stores: EmbeddedStores, tmp_path: Path) -> Path:
    name = f"steps_{uuid.uuid4().hex}"
    await _make(stores.admin_dsn, name)
    (tmp_path / "owner").write_text(database(stores.admin_dsn, name))
    (tmp_path / "app").write_text(database(stores.app_dsn, name))
    (tmp_path / "redis").write_text(stores.redis_url)
    file = tmp_path / "settings.toml"
    file.write_text(
        f'database_dsn_file = "{tmp_path}/app"\nredis_url_file = "{tmp_path}/redis"\n'
        f'keys_dir = "{tmp_path}/keys"\noperator_token_file = "{tmp_path}/token"\n'
    )
    return file


async def test_the_owner_migrates_and_what_runs_has_the_application_only(
    config: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    migrate = ["migrate", "--config", str(config)]
    # The application itself may not.
    assert await _in_thread(migrate) == 1
    assert "InsufficientPrivilege" in capfd.readouterr().err
    migrate += ["--owner-dsn-file", str(tmp_path / "owner")]
    assert await _in_thread(migrate) == 0
    assert "001_ledger.sql" in capfd.readouterr().out
    assert await _in_thread(migrate) == 0
    assert capfd.readouterr().out == "0 migrations ran\n"


async def _in_thread(arguments: list[str]) -> int:
    return await asyncio.to_thread(main, arguments)


async def test_what_a_cluster_lacks_is_said(config: Path, tmp_path: Path) -> None:
    settings = read_settings([], config, "test")
    with pytest.raises(SettingWrong, match="keys init makes them"):
        compose_given(settings)
    assert main(["keys", "init", "--keys-dir", str(tmp_path / "keys")]) == 0
    with pytest.raises(SettingWrong, match="operator_token_file"):
        compose_given(settings)
    (tmp_path / "token").write_text("a" * 32)
    runtime = compose_given(settings)
    assert runtime.keys_dir == str(tmp_path / "keys")
    assert runtime.edge_url == ""


@pytest.mark.parametrize(
    ("uid", "mode", "private"),
    [(10_001, 0o600, True), (10_001, 0o640, False), (0, 0o640, True), (0, 0o440, True),
     (0, 0o660, False), (0, 0o644, False)],
)  # fmt: skip
def test_a_mounted_secret_is_private_if_it_is_roots(
    monkeypatch: pytest.MonkeyPatch, uid: int, mode: int, private: bool
) -> None:
    found = os.stat_result((stat.S_IFREG | mode, 0, 0, 1, uid, 10_001, 0, 0, 0, 0))
    monkeypatch.setattr(os, "geteuid", lambda: 10_001)
    monkeypatch.setattr(Path, "stat", lambda _: found)
    assert is_private(Path("key")) is private


@pytest.mark.parametrize(
    ("flags", "why"),
    [(["--edge"], "public_url"), (["--table-ports", "9-9000"], "table_ports"),
     (["--table-ports", "9000-8000"], "table_ports"), (["--table-ports", "all"], "table_ports")],
)  # fmt: skip
def test_settings_that_do_not_fit_are_refused(flags: list[str], why: str) -> None:
    with pytest.raises(SettingWrong, match=why):
        read_settings(flags, None, "test")


def test_nothing_is_upgraded_where_nothing_runs(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        settings = read_settings(["--data-dir", str(folder)], None, "upgrade")
        with pytest.raises(SettingWrong, match="no server runs in"):
            upgrade(settings)
