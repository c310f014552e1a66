"""Rules and dashboards of ``deploy/``: each alert is tested, explained and can fire."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import expressions

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus"
CASES = ROOT / "tests" / "prometheus" / "rules.test.yml"
BOARDS = sorted((ROOT / "deploy" / "grafana").glob("*.json"))


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Skips, and says so, where there is none."""
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("there is no promtool here (apt install prometheus)")
    return subprocess.run([found, *arguments], capture_output=True, text=True, check=False)


def alerts() -> list[dict[str, Any]]:
    return [
        rule
        for file in sorted(RULES.glob("*.yml"))
        for group in yaml.safe_load(file.read_text("utf-8")).get("groups", [])
        for rule in group["rules"]
        if "alert" in rule
    ]


def test_the_rules_do_what_their_cases_say() -> None:
    done = promtool("test", "rules", str(CASES))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_rule_that_is_wrong_fails_its_case(tmp_path: Path) -> None:
    for file in RULES.glob("*.yml"):
        text = file.read_text("utf-8").replace("> 0.0144", "> 0.5")
        (tmp_path / file.name).write_text(text, "utf-8")
    case = CASES.read_text("utf-8").replace("../../deploy/prometheus/", "")
    (tmp_path / "rules.test.yml").write_text(case, "utf-8")
    done = promtool("test", "rules", str(tmp_path / "rules.test.yml"))
    assert done.returncode == 1
    assert "HighErrorRate" in done.stdout + done.stderr


def test_prometheus_takes_its_configuration() -> None:
    done = promtool("check", "config", str(RULES / "prometheus.yml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    fires: set[str] = set()
    silent: set[str] = set()
    for case in yaml.safe_load(CASES.read_text("utf-8"))["tests"]:
        for rule in case.get("alert_rule_test", []):
            (fires if rule["exp_alerts"] else silent).add(rule["alertname"])
    names = {rule["alert"] for rule in alerts()}
    assert fires == names
    assert silent >= names


def test_each_alert_is_in_its_runbook() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "ticket")
        runbook = ROOT / rule["annotations"]["runbook"]
        assert f"`{rule['alert']}`" in runbook.read_text("utf-8"), rule["alert"]


def test_no_runbook_is_for_an_alert_that_is_gone() -> None:
    used = {Path(rule["annotations"]["runbook"]).name for rule in alerts()}
    assert {file.name for file in (ROOT / "docs" / "runbooks").glob("*.md")} == used


@pytest.mark.parametrize("file", BOARDS, ids=lambda file: file.stem)
def test_a_dashboard_is_whole(file: Path) -> None:
    board = json.loads(file.read_text("utf-8"))
    assert board["uid"] == f"squaredeal-{file.stem}"
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for panel in board["panels"]:
        assert panel["title"]
        assert all(target["expr"] for target in panel["targets"])
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24


def test_every_query_is_one_that_prometheus_reads(tmp_path: Path) -> None:
    queries = sorted(set(expressions(ROOT / "deploy")))
    rules = [{"record": f"q{number}", "expr": query} for number, query in enumerate(queries)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}), "utf-8")
    done = promtool("check", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(BOARDS) == 4


def test_every_recorded_series_that_is_named_is_recorded() -> None:
    recorded = {
        rule["record"]
        for group in yaml.safe_load((RULES / "objectives.yml").read_text("utf-8"))["groups"]
        for rule in group["rules"]
    }
    named = {
        word
        for query in expressions(ROOT / "deploy")
        for word in query.replace("(", " ").replace(")", " ").split()
        if word.startswith("squaredeal:")
    }
    assert named <= recorded
    assert named
