"""Reports, statements and metrics of the running system."""

import csv
import io
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from serve.reconcile import CHECKS
from serve.report_command import NAMES
from serve.reports import REPORTS
from tests.e2e.test_http import bearer, error, guest
from tests.server import Server, command

ALERTS = Path(__file__).parents[2] / "deploy" / "prometheus"
LOOK_S_MAX = 60


@pytest.fixture
def token(server: Server) -> dict[str, str]:
    file = server.data_dir / "secrets" / "operator.token"
    return {"Authorization": f"Bearer {file.read_text('utf-8').strip()}"}


def rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_a_page_and_a_file(
    http: httpx.Client, token: dict[str, str], name: str
) -> None:
    path = f"/v1/operator/reports/{name}"
    page = http.get(path, params={"limit": 5}, headers=token)
    assert page.status_code == 200, page.text
    assert page.json()["columns"] == list(REPORTS[name].columns)
    assert page.json()["replica"] is False
    file = http.get(path, params={"format": "csv", "limit": 200}, headers=token)
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(file.text)))
    assert lines[0] == list(REPORTS[name].columns)
    assert len(lines) > len(page.json()["rows"]) or len(page.json()["rows"]) < 5


def test_the_trial_balance_of_a_playing_room_sums_to_zero(
    http: httpx.Client, token: dict[str, str]
) -> None:
    found = http.get("/v1/operator/reports/trial-balance", headers=token).json()
    assert sum(row["balance"] for row in rows(found)) == 0
    assert {"wallet", "stake", "house"} <= {row["kind"] for row in rows(found)}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothing", 404, "report_unknown"),
        ("journal?since=yesterday", 400, "bad_request"),
        ("journal?player=me", 400, "bad_request"),
        ("journal?format=xml", 400, "bad_request"),
        ("journal?kind=", 400, "bad_request"),
        (f"journal?table={'x' * 101}", 400, "bad_request"),
        ("journal?limit=0", 400, "bad_request"),
    ],
)
def test_a_report_that_can_t_be_is_refused(
    http: httpx.Client, token: dict[str, str], path: str, status: int, code: str
) -> None:
    assert error(http.get(f"/v1/operator/reports/{path}", headers=token), status) == code


def test_players_read_no_reports(http: httpx.Client) -> None:
    asked = http.get("/v1/operator/reports/liability", headers=bearer(guest(http)))
    assert error(asked, 403) == "not_allowed"


def test_a_player_filters_his_statement_and_takes_it_home(http: httpx.Client) -> None:
    signed_in = bearer(guest(http))
    path = "/v1/wallet/statement"
    (line,) = http.get(path, headers=signed_in).json()["lines"]
    for wanted in ({"kind": "hand"}, {"table": "lantern"}, {"since": "2100-01-01"},
                   {"until": "2020-01-01T00:00:00Z"}, {"currency": "EUR"}):  # fmt: skip
        assert http.get(path, params=wanted, headers=signed_in).json()["lines"] == []
    assert http.get(path, params={"kind": "grant"}, headers=signed_in).json()["lines"] == [line]
    file = http.get(path, params={"format": "csv"}, headers=signed_in)
    head, only = list(csv.reader(io.StringIO(file.text)))
    assert dict(zip(head, only, strict=True))["amount"] == str(line["amount"])


def test_books_and_tables_are_compared_and_the_metrics_say_so(http: httpx.Client) -> None:
    until = time.monotonic() + LOOK_S_MAX
    while True:
        families = {
            family.name: family
            for family in text_string_to_metric_families(http.get("/metrics").text)
        }
        (clean,) = families["squaredeal_ledger_clean_timestamp_seconds"].samples
        if clean.value > 0 or time.monotonic() > until:
            break
        time.sleep(0.2)
    assert clean.value > 0, "the floor has not found the books clean"
    drift = {s.labels["check"]: s.value for s in families["squaredeal_ledger_drift"].samples}
    assert drift == dict.fromkeys(CHECKS, 0)


def test_an_operator_reads_and_proves_the_books_from_the_command_line(
    server: Server, tmp_path: Path
) -> None:
    where = ("--data-dir", str(server.data_dir))
    report = command("report", "liability", "--url", server.url, *where)
    assert report.returncode == 0, report.stderr
    assert "wallet" in report.stdout
    assert "as of" in report.stdout
    file = command("report", "journal", "--csv", "--limit", "200", "--url", server.url, *where)
    assert file.stdout.startswith("entry_id,at,")
    agreed = command("ledger", "reconcile", *where)
    assert agreed.returncode == 0, agreed.stdout
    assert "books and tables agree" in agreed.stdout
    anchor = tmp_path / "ends.json"
    for _ in range(2):
        verified = command("ledger", "verify", "--anchor", str(anchor), *where)
        assert verified.returncode == 0, verified.stdout
    anchor.write_text('{"1":{"links":1,"hash":"00"}}')
    cut = command("ledger", "verify", "--anchor", str(anchor), *where)
    assert cut.returncode == 1
    assert "chain 1: link 1 is not the one that was noted" in cut.stdout
