"""Rules and dashboards of ``deploy/``: each alert is tested, explained and can fire."""

import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import expressions

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus"
CASES = ROOT / "tests" / "prometheus" / "rules.test.yml"
SHAPE = ("time", "level", "event", "part", "process", "node", "pid", "logger")
RAYS = re.compile(r"\bray_[a-z0-9_]+")
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
    assert [v["name"] for v in board["templating"]["list"] if v["type"] == "datasource"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for panel in board["panels"]:
        assert panel["title"]
        assert all(target["expr"] for target in panel["targets"])
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24


def test_no_two_panels_lie_on_each_other() -> None:
    for file in BOARDS:
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(file.read_text("utf-8"))["panels"]:
            at = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            assert not cells & taken, (file.stem, panel["title"])
            taken |= cells


def test_rays_own_metrics_are_those_that_ray_names_itself() -> None:
    ours = {name for query in expressions(ROOT / "deploy") for name in RAYS.findall(query)}
    # Found, not imported: that takes ten seconds.
    ray = find_spec("ray")
    assert ray is not None
    assert ray.origin is not None
    panels = Path(ray.origin).parent / "dashboard" / "modules" / "metrics" / "dashboards"
    theirs = {
        name
        for part in ("default", "serve", "serve_deployment")
        for name in RAYS.findall(panels.joinpath(f"{part}_dashboard_panels.py").read_text("utf-8"))
    }
    assert len(ours) > 10
    assert ours <= theirs


def test_whoever_is_alerted_is_somebody() -> None:
    file = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
    config = yaml.safe_load(file.read_text("utf-8"))
    receivers = {each["name"] for each in config["receivers"]}
    routes = [config["route"], *config["route"]["routes"]]
    assert {route["receiver"] for route in routes} == receivers == {"page", "ticket"}
    hooks = [hook for each in config["receivers"] for hook in each["webhook_configs"]]
    assert all(hook["url_file"].startswith("/run/secrets/") for hook in hooks)
    names = {rule["alert"] for rule in alerts()}
    for rule in config["inhibit_rules"]:
        for text in (*rule["source_matchers"], *rule["target_matchers"]):
            named = re.fullmatch(r'alertname(?:=|!=|=~)"([A-Za-z|]+)"', text)
            assert named, text
            assert set(named[1].split("|")) <= names


def test_grafana_finds_its_sources_and_its_dashboards() -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning"
    sources = yaml.safe_load((folder / "datasources" / "squaredeal.yml").read_text("utf-8"))
    found = {each["uid"]: each for each in sources["datasources"]}
    assert {each["type"] for each in found.values()} == {"prometheus", "loki", "jaeger"}
    assert [each["uid"] for each in found.values() if each.get("isDefault")] == ["prometheus"]
    (derived,) = found["loki"]["jsonData"]["derivedFields"]
    assert derived["datasourceUid"] in found
    line = '{"time":"x","trace":"0af7651916cd43dd8448eb211c80319c","span":"b7"}'
    assert re.search(derived["matcherRegex"], line)
    assert found["jaeger"]["jsonData"]["tracesToLogsV2"]["datasourceUid"] in found
    boards = yaml.safe_load((folder / "dashboards" / "squaredeal.yml").read_text("utf-8"))
    assert boards["providers"][0]["options"]["path"] == "/etc/grafana/dashboards"


def test_alloy_reads_what_is_written() -> None:
    """There is no Alloy here to ask: the fields that it takes are those of our lines, the braces
    close, and nothing that grows is a label."""
    text = (ROOT / "deploy" / "alloy" / "config.alloy").read_text("utf-8")
    code = re.sub(r"//.*", "", re.sub(r'"(?:[^"\\]|\\.)*"', '""', text))
    assert code.count("{") == code.count("}")
    fields = set(re.findall(r'^      \w+ += "(\w+)",$', text, re.MULTILINE))
    assert fields == {"time", "level", "part", "node", "logger"}
    assert fields <= set(SHAPE)
    labels = set(re.findall(r"^      (\w+) += null,$", text, re.MULTILINE))
    assert labels == {"level", "part", "node", "stream"}
    assert set(re.findall(r'sys\.env\("(\w+)"\)', text)) == {
        "LOKI_URL", "RAY_LOGS", "SQUAREDEAL_LOGS",
    }  # fmt: skip


def test_every_query_is_one_that_prometheus_reads(tmp_path: Path) -> None:
    queries = sorted(set(expressions(ROOT / "deploy")))
    rules = [{"record": f"q{number}", "expr": query} for number, query in enumerate(queries)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}), "utf-8")
    done = promtool("check", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(BOARDS) == 6


def test_every_recorded_series_that_is_named_is_recorded() -> None:
    recorded = {
        rule["record"]
        for group in yaml.safe_load((RULES / "objectives.yml").read_text("utf-8"))["groups"]
        for rule in group["rules"]
    }
    named = {
        word
        for query in expressions(ROOT / "deploy")
        for word in re.findall(r"squaredeal:[a-z0-9_:]+", query)
    }
    assert named <= recorded
    assert named
