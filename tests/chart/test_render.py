"""What the chart makes is what Kubernetes and its operators take, for each stage."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from ray.serve.schema import ServeDeploySchema

from serve.edge.config import read_edge
from serve.settings import read_settings
from tests.chart.render import (
    CHART,
    NAMESPACE,
    RELEASE,
    ROOT,
    STAGES,
    Object,
    kind,
    named,
    objects_of,
    pods,
    read_yaml,
    render,
    values_of,
)
from tests.chart.schemas import CORE, core_faults, faults, other_faults, ray_schema

stages = pytest.mark.parametrize("stage", STAGES)
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text("utf-8"))


def object_faults(thing: Object) -> list[str]:
    if thing["kind"] == "RayService":
        return faults(thing, ray_schema("rayservices"))
    return core_faults(thing) if thing["apiVersion"] in CORE else other_faults(thing)


def pod_faults(spec: dict[str, Any]) -> list[str]:
    return core_faults({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": spec})


@stages
def test_every_object_is_one_that_its_operator_knows(stage: str) -> None:
    objects = objects_of(stage)
    assert {f"{each['kind']}: {f}" for each in objects for f in object_faults(each)} == set()
    # Ray's pods are checked by Kubernetes' own schema too: KubeRay's may be behind.
    assert [f"{pod.owner}: {f}" for pod in pods(objects) for f in pod_faults(pod.spec)] == []
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    assert len(names) == len(set(names))


def test_a_field_that_nobody_knows_is_refused() -> None:
    for each in objects_of("production"):
        for spec in (each.get("spec"), *_inner(each)):
            if isinstance(spec, dict):
                spec["unheardOf"] = 1
                assert object_faults(each), f"{each['kind']} takes anything"
                del spec["unheardOf"]
        assert object_faults(each) == []


def _inner(thing: Object) -> list[Any]:
    """Places further down, where a schema might be open."""
    if thing["kind"] != "RayService":
        return []
    cluster = thing["spec"]["rayClusterConfig"]
    head = cluster["headGroupSpec"]
    worker = cluster["workerGroupSpecs"][1]["template"]["spec"]["containers"][0]
    return [cluster, head, worker, worker["lifecycle"], cluster["autoscalerOptions"]]


@stages
def test_values_fit_their_schema(stage: str) -> None:
    assert faults(values_of(stage), SCHEMA) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"image": {"tag": "latest"}},
        {"image": {"digest": "sha256:abc"}},
        {"settings": {"keys_dir": "/elsewhere"}},
        {"settings": {"Mode": "production"}},
        {"publicUrl": "http://play.example.com"},
        {"longestHandSeconds": 900},
        {"tablePorts": {"first": 6379}},
        {"edge": {"replicas": {"min": 0}}},
        {"backup": {"schedule": "nightly"}},
        {"replicas": 3},
        {"secrets": {"provider": "env"}},
    ],
)
def test_values_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    assert faults(values_of("production", **wrong), SCHEMA) != []


def test_every_value_is_used_and_every_value_that_is_used_is_there() -> None:
    text = "".join(each.read_text("utf-8") for each in sorted((CHART / "templates").iterdir()))
    for name in values_of("production"):
        assert f".Values.{name}" in text, name


@stages
def test_serve_takes_its_config_and_every_deployment_in_it_is_one_of_ours(stage: str) -> None:
    service = named(objects_of(stage), "RayService", "")
    config = ServeDeploySchema.model_validate(yaml.safe_load(service["spec"]["serveConfigV2"]))
    (application,) = config.applications
    source = (ROOT / "serve" / "cluster.py").read_text("utf-8")
    for each in application.deployments:
        assert f'"{each.name}"' in source or each.name == "wallet"
        assert each.ray_actor_options is not None
    module, _, name = str(application.import_path).partition(":")
    assert f"def {name}(" in (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")


@stages
def test_the_server_takes_its_settings(stage: str, tmp_path: Path) -> None:
    found = [
        each["data"]
        for each in kind(objects_of(stage), "ConfigMap")
        if "settings.toml" in each["data"]
    ]
    assert len(found) == 2
    for number, data in enumerate(found):
        folder = tmp_path / str(number)
        file = mounted(folder, data)
        settings = read_settings([], file, "squaredeal")
        if "keys_dir" in data["settings.toml"]:
            assert settings.mode == values_of(stage)["settings"]["mode"]
            assert settings.ports == (20_000, 20_999)
            assert settings.dedicated_nodes


@stages
def test_the_edge_takes_its_configuration(stage: str, tmp_path: Path) -> None:
    (found,) = (
        each["data"]["edge.toml"]
        for each in kind(objects_of(stage), "ConfigMap")
        if "edge.toml" in each["data"]
    )
    (tmp_path / "edge.toml").write_text(found, "utf-8")
    config = read_edge(tmp_path / "edge.toml")
    assert config.ports == (20_000, 20_999)
    assert config.api == f"{RELEASE}-api:8000"
    assert config.proxy_protocol is (stage == "production")
    deployment = named(objects_of(stage), "Deployment", "edge")["spec"]["template"]["spec"]
    assert deployment["terminationGracePeriodSeconds"] > config.grace_s


def mounted(folder: Path, data: dict[str, str]) -> Path:
    """Settings as they are in a pod, in a folder of ours with every file that they name."""
    folder.mkdir()
    text = data["settings.toml"].replace("/run/secrets", f"{folder}/secrets")
    text = text.replace("/etc/squaredeal", str(folder))
    for line in text.splitlines():
        value = line.partition(" = ")[2].strip('"')
        if value.startswith(f"{folder}/secrets"):
            file = Path(value)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("postgresql://nobody:x@127.0.0.1:9/none", "utf-8")
    for name in data.keys() - {"settings.toml"}:
        (folder / name).write_text(data[name], "utf-8")
    (folder / "settings.toml").write_text(text, "utf-8")
    return folder / "settings.toml"


def test_a_change_of_a_setting_is_a_new_version_that_every_reader_names() -> None:
    before = render(values_of("production"))
    after = render(values_of("production", settings={"daily_grant": 5}))

    def version(texts: dict[str, str], template: str) -> set[str]:
        return {word for word in texts[template].split() if word.startswith(f"{RELEASE}-config-")}

    for template in ("config.yaml", "rayservice.yaml"):
        assert len(version(before, template)) == 1
        assert version(before, template) != version(after, template)
    assert version(after, "rayservice.yaml") == version(after, "config.yaml")
    moved = render(values_of("production", edge={"graceSeconds": 60}), ("edge.yaml",))
    assert re.findall(r"sq-edge-[0-9a-f]{8}", moved["edge.yaml"]) != re.findall(
        r"sq-edge-[0-9a-f]{8}", before["edge.yaml"]
    )


def test_ray_is_the_one_that_is_installed() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert f"\nray=={values_of('dev')['rayVersion']} " in lock.replace("[default,serve]", "")


def test_all_rules_and_dashboards_are_in_it() -> None:
    objects = objects_of("production")
    rules = named(objects, "PrometheusRule", "")["spec"]["groups"]
    files = (ROOT / "deploy" / "prometheus").glob("*.yml")
    expected = [group for file in files for group in read_yaml(file).get("groups", [])]
    assert sorted(each["name"] for each in rules) == sorted(each["name"] for each in expected)
    boards = {
        name: json.loads(text)
        for each in kind(objects, "ConfigMap")
        if each["metadata"]["labels"].get("grafana_dashboard")
        for name, text in each["data"].items()
    }
    expected_boards = {
        f"squaredeal-{file.name}": json.loads(file.read_text("utf-8"))
        for file in (ROOT / "deploy" / "grafana").glob("*.json")
    }
    assert boards == expected_boards


def test_the_notes_say_what_is_missing() -> None:
    notes = render(values_of("dev"), ("NOTES.txt",))["NOTES.txt"]
    assert "makes no secrets" in notes
    assert "ray.gcs.address is empty" in notes
    assert "makes no secrets" not in render(values_of("production"), ("NOTES.txt",))["NOTES.txt"]


def test_tables_of_ones_own_are_mounted_and_migrated_for() -> None:
    lobby = (ROOT / "serve" / "lobby.toml").read_text("utf-8")
    texts = render(values_of("production", tables=lobby), ("config.yaml", "migrate.yaml"))
    for text in texts.values():
        found = kind(list(yaml.load_all(text, Loader=yaml.CSafeLoader)), "ConfigMap")[0]["data"]
        assert found["tables.toml"].strip() == lobby.strip()
        assert 'tables_file = "/etc/squaredeal/tables.toml"' in found["settings.toml"]


@stages
def test_helm_makes_the_same(stage: str) -> None:
    helm = shutil.which("helm")
    if helm is None:
        pytest.skip("there is no helm here: rendered by gotpl alone")
    done = subprocess.run(
        [helm, "template", RELEASE, str(CHART), "--namespace", NAMESPACE,
         "--values", str(CHART / f"values-{stage}.yaml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    theirs = [each for each in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if each]
    assert by_name(theirs) == by_name(objects_of(stage))


def by_name(objects: list[Object]) -> dict[tuple[str, str], Object]:
    return {(each["kind"], each["metadata"]["name"]): each for each in objects}
