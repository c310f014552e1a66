"""CI as it is written: what it calls is there, what it may is little, what it uses stands still."""

import copy
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.chart.render import ROOT, STAGES, read_yaml
from tests.chart.schemas import other_faults

WORKFLOWS: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MADE: Final = re.compile(r"^([a-z][a-z-]*):(?!=)", re.M)
EXACT: Final = re.compile(r"@(v\d+\.\d+\.\d+|[0-9a-f]{40})$")
WRITES: Final = frozenset({"id-token", "contents", "pull-requests"})
Workflow = dict[str, Any]


def workflows() -> dict[str, Workflow]:
    return {file.name: read_yaml(file) for file in WORKFLOWS}


def steps(workflow: Workflow) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job.get("steps", [])


def runs(workflow: Workflow) -> Iterator[str]:
    yield from (step["run"] for step in steps(workflow) if "run" in step)


def unpinned(workflow: Workflow) -> Iterator[str]:
    """Actions of others by an exact version; ours by their place."""
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    used += [job["uses"] for job in workflow["jobs"].values() if "uses" in job]
    for each in used:
        if each.startswith("./"):
            if not (ROOT / each).is_file():
                yield f"there is no {each}"
        elif not EXACT.search(each):
            yield each


def overreaching(workflow: Workflow) -> Iterator[str]:
    """Reading by default; a job that writes says what."""
    if workflow.get("permissions") != {"contents": "read"}:
        yield "permissions of the workflow"
    for name, job in workflow["jobs"].items():
        writes = {key for key, value in job.get("permissions", {}).items() if value == "write"}
        if not writes <= WRITES or "write-all" in str(job.get("permissions", "")):
            yield f"{name}: {writes}"
    text = yaml.safe_dump(workflow)
    if re.search(r"secrets\.(?!GITHUB_TOKEN)|aws-access-key|credentials_json|password:", text):
        yield "a key that lives on"


def endless(workflow: Workflow) -> Iterator[str]:
    if "group" not in workflow.get("concurrency", {}):
        yield "no concurrency group"
    for name, job in workflow["jobs"].items():
        if "uses" not in job and not 0 < job.get("timeout-minutes", 0) <= 60:
            yield f"{name} has no end"


def pasted(workflow: Workflow) -> Iterator[str]:
    """What others wrote never becomes part of a script: it comes in the environment."""
    yield from (text for text in runs(workflow) if "${{" in text)


def loosely_cached(workflow: Workflow) -> Iterator[str]:
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/cache@"):
            key = step["with"]["key"]
            if "hashFiles('requirements.lock'" not in key or "restore-keys" in step["with"]:
                yield key


def unmade(workflow: Workflow) -> Iterator[str]:
    """Every target of make, and every file that is run, is there."""
    targets = set(MADE.findall((ROOT / "Makefile").read_text("utf-8")))
    for text in runs(workflow):
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", text):
            if target not in targets:
                yield f"make {target}"
        for script in re.findall(r"(?:^|\s)((?:deploy|\.ci)/[\w./-]+)", text):
            if not (ROOT / script).exists():
                yield script


def unshelled(workflow: Workflow) -> Iterator[str]:
    for text in runs(workflow):
        done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
        if done.returncode:
            yield done.stderr


Check = Callable[[Workflow], Iterator[str]]
CHECKS: Final[tuple[Check, ...]] = (
    unpinned, overreaching, endless, pasted, loosely_cached, unmade, unshelled,
)  # fmt: skip


def first_step(workflow: Workflow, name: str) -> dict[str, Any]:
    return next(step for step in steps(workflow) if name in step)


MISTAKES: Final[list[tuple[Check, Callable[[Workflow], Any]]]] = [
    (unpinned, lambda w: first_step(w, "uses").update(uses="actions/checkout@v4")),
    (unpinned, lambda w: first_step(w, "uses").update(uses="./.github/workflows/none.yml")),
    (overreaching, lambda w: w.pop("permissions")),
    (overreaching, lambda w: w["jobs"]["check"].update(permissions={"packages": "write"})),
    (overreaching, lambda w: first_step(w, "run").update(env={"KEY": "${{ secrets.AWS_KEY }}"})),
    (endless, lambda w: w["jobs"]["check"].pop("timeout-minutes")),
    (endless, lambda w: w.pop("concurrency")),
    (pasted, lambda w: first_step(w, "run").update(run="echo ${{ github.event.head.ref }}")),
    (loosely_cached,
     lambda w: next(s for s in steps(w) if "cache@" in s.get("uses", ""))["with"].update(key="v")),
    (unmade, lambda w: first_step(w, "run").update(run="make coffee")),
    (unmade, lambda w: first_step(w, "run").update(run="deploy/argocd/demote staging")),
    (unshelled, lambda w: first_step(w, "run").update(run="for x in a; do echo")),
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_holds(check: Check) -> None:
    found = {name: list(check(workflow)) for name, workflow in workflows().items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("check", "plant"), MISTAKES,
    ids=[f"{number}-{check.__name__}" for number, (check, _) in enumerate(MISTAKES)],
)  # fmt: skip
def test_a_mistake_is_found(check: Check, plant: Callable[[Workflow], Any]) -> None:
    workflow = copy.deepcopy(workflows()["check.yml"])
    assert list(check(workflow)) == []
    plant(workflow)
    assert list(check(workflow)) != []


def test_each_check_has_found_a_mistake() -> None:
    assert {check for check, _ in MISTAKES} == set(CHECKS)


def test_github_takes_them(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("on: push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n", "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    dependabot = ROOT / ".github" / "dependabot.yml"
    for schema, files in (("github-workflows", WORKFLOWS), ("dependabot", [dependabot])):
        said = [*command, f"vendor.{schema}", *map(str, files)]
        done = subprocess.run(said, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    refused = subprocess.run([*command, "vendor.github-workflows", str(wrong)], capture_output=True)
    assert refused.returncode == 1


def test_every_folder_of_tests_is_run_by_some_part() -> None:
    parts = workflows()["check.yml"]["jobs"]["test"]["strategy"]["matrix"]["part"]
    run = {Path(each).name for part in parts for each in part.split()}
    there = {file.parent.name for file in (ROOT / "tests").glob("*/test_*.py")}
    assert run == there


def test_every_stage_has_an_application_and_its_values() -> None:
    folder = ROOT / "deploy" / "argocd"
    project = read_yaml(folder / "project.yaml")["spec"]
    allowed = {each["namespace"] for each in project["destinations"]}
    for file in folder.glob("*.yaml"):
        assert other_faults(read_yaml(file)) == [], file.name
    for stage in STAGES:
        spec = read_yaml(folder / f"{stage}.yaml")["spec"]
        source = spec["source"]
        assert spec["destination"]["namespace"] in allowed
        assert source["repoURL"] in project["sourceRepos"]
        chart = ROOT / source["path"]
        assert source["helm"]["valueFiles"][0] == f"values-{stage}.yaml"
        assert all((chart / name).is_file() for name in source["helm"]["valueFiles"])


def test_a_promotion_is_a_change_of_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "argocd"
    (folder / "versions").mkdir(parents=True)
    (folder / "staging.yaml").touch()
    promote = ROOT / "deploy" / "argocd" / "promote"
    (folder / "promote").write_bytes(promote.read_bytes())

    def run(*arguments: str) -> int:
        return subprocess.run(["sh", str(folder / "promote"), *arguments], check=False).returncode

    assert run("staging", "v1.2.3", "registry.example/rooms") == 0
    made = read_yaml(folder / "versions" / "staging.yaml")
    assert made["image"] == {"repository": "registry.example/rooms/squaredeal", "tag": "v1.2.3"}
    assert made["web"]["image"]["repository"] == "registry.example/rooms/squaredeal-web"
    for wrong in (
        ("staging", "latest"),
        ("staging", "a b"),
        ("nowhere", "v1"),
        ("staging", "v1", "a b"),
    ):
        assert run(*wrong) == 2
    assert read_yaml(folder / "versions" / "staging.yaml") == made
