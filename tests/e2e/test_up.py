"""Starting and stopping: what is wrong is one line, a second start keeps the data."""

import asyncio
import os
import signal
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import httpx
import pytest

from serve.process import free_port
from tests.server import Server, admin_dsn, command, read_until, start, stop

LAST = 2**63 - 1
"""No hand can have a number after this one."""


def test_help_explains_every_option() -> None:
    shown = command("up", "--help")
    assert shown.returncode == 0
    for option in ("--port", "--data-dir", "--tables-file", "--fixed-decks", "--config"):
        assert option in shown.stdout
    assert "default" in shown.stdout
    assert command().returncode == 2
    assert "there is no command" in command("fly").stderr


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--port", "x"], "port: "),
        (["--port", "70000"], "port: "),
        (["--mode", "production", "--fixed-decks"], "production refuses"),
        (["--mode", "production"], "needs database_dsn_file"),
        (["--bot-think-ms-min", "9999"], "bot_think_ms_min"),
        (["--tables-file", "/nowhere.toml"], "tables_file"),
        (["--config", "/nowhere.toml"], "config"),
        (["--bogus"], "--bogus"),
        (["--port"], "--port"),
        (["--data-dir", "/dev/null/x"], "data_dir"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(flags: list[str], said: str) -> None:
    refused = command("up", *flags)
    assert refused.returncode == 2
    assert refused.stderr.startswith("squaredeal: ")
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.stderr


def test_settings_come_from_a_file_too_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "squaredeal.toml"
    file.write_text("prot = 8701\n")
    refused = command("up", "--config", str(file))
    assert refused.returncode == 2
    assert "prot" in refused.stderr
    file.write_text("port = 1\nmode = 'somewhere'\n")
    refused = command("up", "--config", str(file))
    assert "mode" in refused.stderr


def test_a_table_that_cannot_be_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "tables.toml"
    file.write_text('[[tables]]\n[tables.spec]\ntable = "x"\n')
    refused = command("up", "--tables-file", str(file))
    assert refused.returncode == 2
    assert "tables_file" in refused.stderr


def test_a_ray_that_never_starts_is_one_clear_line_and_leaves_nothing_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setenv("RAY_TMPDIR", f"{folder}/{'too-long-for-a-socket' * 5}")
        failed = command("up", "--data-dir", folder, "--port", str(free_port()), "--no-bots")
        assert failed.returncode == 1
        *warnings, said = failed.stderr.splitlines()
        assert said.startswith("squaredeal: Ray did not start in 3 tries: ")
        assert ["Ray did not start" in each for each in warnings] == [True] * 3
        assert running_in(folder) == []


def test_two_servers_do_not_share_a_port_or_a_folder(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    taken = command("up", "--port", port, "--data-dir", str(server.data_dir))
    assert taken.returncode == 2
    assert "port" in taken.stderr
    same = command("up", "--port", str(free_port()), "--data-dir", str(server.data_dir))
    assert same.returncode == 2
    assert "another server uses" in same.stderr


def test_replay_counts_hands_and_mismatches(tmp_path: Path) -> None:
    good = tmp_path / "good.phh"
    good.write_text(
        'variant = "NT"\nantes = [0, 0]\nblinds_or_straddles = [5, 10]\nmin_bet = 10\n'
        "starting_stacks = [100, 100]\nfinishing_stacks = [105, 95]\n"
        'actions = ["d dh p1 AhAd", "d dh p2 KhKd", "p2 f"]\n'
    )
    shown = command("replay", str(good))
    assert shown.returncode == 0
    assert "1 hands, 0 mismatches" in shown.stdout
    good.write_text(good.read_text().replace("105, 95", "110, 90"))
    wrong = command("replay", str(good))
    assert wrong.returncode == 1
    assert "1 hands, 1 mismatches" in wrong.stdout
    good.write_text("nonsense")
    assert command("replay", str(good)).returncode == 2


def test_a_terminated_start_leaves_nothing_running() -> None:
    """SIGTERM in the middle of the start, as a supervisor would send it."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as folder:
        Path(folder).chmod(0o711)
        process = start("--data-dir", folder, "--port", str(free_port()), "--no-bots")
        assert process.stdout is not None
        read_until_word(process, "Ray")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode != 0
        assert running_in(folder) == []


def test_a_second_start_keeps_accounts_and_chips_and_a_stop_leaves_nothing_running() -> None:
    account = {"name": "keeper", "password": "correct horse battery"}
    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as folder:
        Path(folder).chmod(0o711)
        for method in ("register", "login"):
            url = f"http://127.0.0.1:{(port := free_port())}"
            process = start("--data-dir", folder, "--port", str(port), "--no-bots")
            try:
                read_until(process, "Take a seat")
                tokens = httpx.post(f"{url}/v1/{method}", json=account, timeout=30).json()
                bearer = {"Authorization": f"Bearer {tokens['access']}"}
                wallet = httpx.get(f"{url}/v1/wallet", headers=bearer, timeout=30).json()
                assert wallet["amount"] == 100_000
            finally:
                assert "Stopped." in stop(process)
            assert running_in(folder) == []
        report = command("ledger", "check", "--data-dir", folder)
        assert report.returncode == 0
        assert running_in(folder) == []


TWO_TABLES = "".join(
    f"""
[[tables]]
[tables.spec]
table = "{table}"
name = "{table}"
buy_in_min = 1_000
buy_in_max = 5_000
[tables.spec.game]
seats = 3
blinds = {{ small = 25, big = 50 }}
"""
    for table in ("ash", "oak")
)


def test_a_table_that_can_t_be_opened_does_not_keep_the_server_from_starting() -> None:
    async def spoil(dsn: str) -> None:
        conn = await asyncpg.connect(dsn)
        await conn.execute("UPDATE actors.tables SET last_hand = $1 WHERE table_id = 'oak'", LAST)
        await conn.close()

    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as folder:
        Path(folder).chmod(0o711)
        tables, data = Path(folder, "tables.toml"), Path(folder, "data")
        tables.write_text(TWO_TABLES, "utf-8")
        flags = ("--data-dir", str(data), "--tables-file", str(tables), "--no-bots")
        process = start(*flags, "--port", str(free_port()))
        try:
            read_until(process, "Take a seat")
            asyncio.run(spoil(admin_dsn(data)))
        finally:
            stop(process)
        url = f"http://127.0.0.1:{(port := free_port())}"
        process = start(*flags, "--port", str(port))
        try:
            said = read_until(process, "Take a seat")
            assert "degraded: oak" in said
            lobby = httpx.get(f"{url}/v1/tables", timeout=30).json()["tables"]
            assert [table["info"]["table"] for table in lobby] == ["ash"]
            assert httpx.get(f"{url}/readyz", timeout=30).json()["status"] == "degraded"
            listed = command("tables", "--url", url, "--data-dir", str(data))
            assert "not open" in listed.stdout
        finally:
            stop(process)


def read_until_word(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    seen = ""
    while word not in seen:
        char = process.stdout.read(1)
        assert char, seen
        seen += char


def running_in(folder: str) -> list[str]:
    """Command lines of processes that use the folder."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            line = Path("/proc", entry, "cmdline").read_bytes() if entry.isdigit() else b""
        except OSError:
            continue
        if folder.encode() in line:
            found.append(line.decode(errors="replace"))
    return found


def test_the_lobby_answers_while_all_this_went_on(http: httpx.Client) -> None:
    assert http.get("/readyz").status_code == 200
