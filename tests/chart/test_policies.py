"""What operators must be able to rely on holds for each stage; and each check finds its mistake."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from serve.cli import main
from tests.chart import policies as p
from tests.chart.render import STAGES, Object, commands, kind, named, objects_of, pod
from tests.chart.test_render import mounted

Plant = Callable[[list[Object]], Any]


def container(objects: list[Object], component: str, number: int = 0) -> dict[str, Any]:
    return pod(objects, component).containers[number]


def policy(objects: list[Object], name: str) -> dict[str, Any]:
    spec: dict[str, Any] = named(objects, "NetworkPolicy", name)["spec"]
    return spec


def secret_env(objects: list[Object]) -> None:
    reference = {"secretKeyRef": {"name": "sq-database", "key": "postgres.dsn"}}
    container(objects, "serve")["env"].append({"name": "WHERE", "valueFrom": reference})


MISTAKES: Final[list[tuple[p.Policy, Plant]]] = [
    (p.no_secret_in_env, secret_env),
    (p.no_secret_in_env,
     lambda o: container(o, "edge").update(envFrom=[{"secretRef": {"name": "sq-tls"}}])),
    (p.no_secret_in_env,
     lambda o: container(o, "head")["env"].append({"name": "REDIS_PASSWORD", "value": "x"})),
    (p.no_secret_in_env,
     lambda o: container(o, "web").update(env=[{"name": "AT", "value": "redis://u:p@h/0"}])),
    (p.not_root, lambda o: pod(o, "web").spec["securityContext"].update(runAsUser=0)),
    (p.not_root, lambda o: container(o, "tables")["securityContext"].update(runAsNonRoot=False)),
    (p.not_root, lambda o: pod(o, "backup").spec.pop("securityContext")),
    (p.nothing_more_than_needed,
     lambda o: container(o, "edge")["securityContext"].update(allowPrivilegeEscalation=True)),
    (p.nothing_more_than_needed,
     lambda o: container(o, "probe", 1)["securityContext"].pop("readOnlyRootFilesystem")),
    (p.nothing_more_than_needed,
     lambda o: container(o, "migrate")["securityContext"].pop("capabilities")),
    (p.nothing_more_than_needed, lambda o: pod(o, "tables").spec.update(hostNetwork=True)),
    (p.nothing_more_than_needed,
     lambda o: pod(o, "serve").spec["volumes"].append({"name": "h", "hostPath": {"path": "/"}})),
    (p.nothing_more_than_needed,
     lambda o: pod(o, "web").spec.pop("automountServiceAccountToken")),
    (p.bounded, lambda o: container(o, "tables")["resources"].pop("limits")),
    (p.bounded, lambda o: container(o, "probe", 1)["resources"]["requests"].pop("memory")),
    (p.probed, lambda o: container(o, "head").pop("livenessProbe")),
    (p.probed, lambda o: container(o, "web").pop("readinessProbe")),
    (p.pinned, lambda o: container(o, "web").update(image="web:latest")),
    (p.pinned, lambda o: container(o, "edge").update(image="registry:5000/edge")),
    (p.budgeted, lambda o: o.remove(named(o, "PodDisruptionBudget", "tables"))),
    (p.budgeted, lambda o: o.remove(named(o, "PodDisruptionBudget", "edge"))),
    (p.budgeted,
     lambda o: named(o, "PodDisruptionBudget", "tables")["spec"].update(minAvailable="50%")),
    (p.budgeted,
     lambda o: named(o, "PodDisruptionBudget", "serve")["spec"].update(minAvailable=3)),
    (p.spread, lambda o: pod(o, "tables").spec["topologySpreadConstraints"].pop()),
    (p.fenced_in, lambda o: o.remove(named(o, "NetworkPolicy", "nothing"))),
    (p.fenced_in, lambda o: o.remove(named(o, "NetworkPolicy", "jobs"))),
    (p.fenced_in, lambda o: policy(o, "ray")["ingress"][1].pop("ports")),
    (p.fenced_in, lambda o: policy(o, "ray")["ingress"].append({"ports": [{"port": 8265}]})),
    (p.fenced_in, lambda o: policy(o, "from-edge")["ingress"][0].pop("ports")),
    (p.drained_in_time, lambda o: container(o, "tables").pop("lifecycle")),
    (p.drained_in_time,
     lambda o: pod(o, "tables").spec.update(terminationGracePeriodSeconds=480)),
    (p.one_floor,
     lambda o: named(o, "RayService", "")["spec"]["upgradeStrategy"].update(type="NewCluster")),
    (p.one_floor, lambda o: named(o, "RayService", "")["spec"].pop("upgradeStrategy")),
    (p.scaled, lambda o: o.remove(named(o, "Deployment", "web"))),
    (p.scaled, lambda o: o.remove(named(o, "HorizontalPodAutoscaler", "edge"))),
    (p.scaled, lambda o: named(o, "Deployment", "edge")["spec"].update(replicas=2)),
    (p.settings_are_followed,
     lambda o: next(c for c in kind(o, "ConfigMap") if "-config-" in c["metadata"]["name"])
     .update(immutable=False)),
    (p.settings_are_followed,
     lambda o: o.remove(named(o, "ConfigMap", "migrate"))),
    (p.mounted, lambda o: o.remove(named(o, "ExternalSecret", "journal"))),
    (p.mounted,
     lambda o: named(o, "ExternalSecret", "verifying")["spec"]["data"][0].update(secretKey="jwks")),
    (p.mounted, lambda o: pod(o, "edge").spec["volumes"].pop()),
    (p.files_are_there,
     lambda o: named(o, "ExternalSecret", "database")["spec"]["data"].pop()),
    (p.files_are_there, lambda o: named(o, "ExternalSecret", "gcs")["spec"]["data"].clear()),
    (p.known_settings,
     lambda o: named(o, "ConfigMap", "migrate")["data"].update({"settings.toml": "stakes = 1"})),
]  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("check", p.POLICIES, ids=lambda check: check.__name__)
def test_it_holds(check: p.Policy, stage: str) -> None:
    assert list(check(objects_of(stage))) == []


@pytest.mark.parametrize(
    ("check", "plant"),
    MISTAKES,
    ids=[f"{number}-{check.__name__}" for number, (check, _) in enumerate(MISTAKES)],
)
def test_a_mistake_is_found(check: p.Policy, plant: Plant) -> None:
    objects = objects_of("production")
    assert list(check(objects)) == []
    plant(objects)
    assert list(check(objects)) != []


def test_each_policy_has_found_a_mistake() -> None:
    assert {check for check, _ in MISTAKES} == set(p.POLICIES)


class Parsed(Exception):
    """The command line has taken its arguments."""


@pytest.mark.parametrize("stage", STAGES)
def test_every_command_is_one_that_squaredeal_takes(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    objects = objects_of(stage)
    found = list(commands(objects))
    named_ones = {words[0] for _, words in found}
    assert {"migrate", "drain", "edge"} <= named_ones
    maps = [each["data"] for each in kind(objects, "ConfigMap") if "settings.toml" in each["data"]]
    places = {
        "owner_dsn_file" in data["settings.toml"]: str(mounted(tmp_path / str(number), data))
        for number, data in enumerate(maps)
    }
    assert len(places) == 2
    parse = argparse.ArgumentParser.parse_args

    def stop(self: argparse.ArgumentParser, *given: Any, **options: Any) -> Any:
        parse(self, *given, **options)
        raise Parsed

    with monkeypatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", stop)
        for where, words in found:
            config = places["migrate" in where]
            patch.setenv("SQUAREDEAL_CONFIG", config)
            given = [config if word == "/etc/squaredeal/settings.toml" else word for word in words]
            try:
                status = main(given)
            except Parsed:
                continue
            except SystemExit as wrong:
                status = int(str(wrong.code))
            # No database is there: what is wrong then is not the command.
            assert status == 1, f"{where}: {words}: {capsys.readouterr().err}"
        with pytest.raises(SystemExit):
            main(["drain", "--gently"])
