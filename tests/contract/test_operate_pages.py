"""The operator's guide: it is current, and names nothing that does not exist."""

import re
from pathlib import Path

import pytest

from serve.cli import USAGE
from serve.settings import Settings
from tests import operate_pages as pages

TEXT = pages.GUIDE.read_text("utf-8")
AGAIN = "run python -m tests.operate_pages"
DRILLS = re.compile(r"^\| (?P<drill>[^|]+)\|[^|]*\|[^|]*\|(?P<rehearsed>[^|]*)\|$", re.MULTILINE)


def test_every_setting_is_there_as_it_is() -> None:
    assert pages.SETTINGS.read_text("utf-8") == pages.settings_page(), AGAIN
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_every_alarm_is_there_as_it_is() -> None:
    assert pages.MARKED.search(TEXT)
    assert pages.guide(TEXT) == TEXT, AGAIN


def test_every_alarm_has_a_runbook_that_names_it_and_every_runbook_an_alarm() -> None:
    named: dict[str, set[str]] = {}
    for rule in pages.alarms():
        named.setdefault(rule["annotations"]["runbook"], set()).add(rule["alert"])
    for page, alarms in named.items():
        text = (pages.ROOT / page).read_text("utf-8")
        assert {alarm for alarm in alarms if f"`{alarm}`" not in text} == set(), page
    there = {f"docs/runbooks/{file.name}" for file in (pages.ROOT / "docs/runbooks").glob("*.md")}
    assert there == named.keys()


@pytest.mark.parametrize("page", ["operate.md", "backup.md", "upgrade.md", "settings.md"])
def test_what_a_page_links_to_exists(page: str) -> None:
    file = pages.ROOT / "docs" / page
    text = file.read_text("utf-8")
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert link.startswith("https://") or (file.parent / link).exists(), link
    for path in re.findall(r"`((?:tests|benchmarks|deploy|serve|actors)/[\w/.-]+)`", text):
        assert (pages.ROOT / path).exists(), path
    targets = re.findall(r"^([\w-]+):", (pages.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for target in re.findall(r"`make ([\w-]+)", text):
        assert target in targets, target
    for command in re.findall(r"`squaredeal ([a-z]+)", text):
        assert re.search(rf"\b{command}\b", USAGE), command


def test_each_drill_says_what_rehearses_it_or_that_nothing_does() -> None:
    section = TEXT.partition("## Drills")[2].partition("\n## ")[0]
    drills = [m for m in DRILLS.finditer(section) if not m["drill"].startswith(("what", "---"))]
    assert len(drills) >= 10
    for drill in drills:
        said = drill["rehearsed"]
        assert "`tests/" in said or "`make " in said or "not rehearsed here" in said, drill["drill"]


def test_a_name_that_is_gone_is_noticed(tmp_path: Path) -> None:
    changed = TEXT.replace("`ProbeFails`", "`ProbeFailed`")
    assert changed != TEXT
    assert pages.guide(changed) != changed
