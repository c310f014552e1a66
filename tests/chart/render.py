"""The chart as Helm would render it, by Go templates in Python; and what is in it.

The templates keep to what the two agree on: no lookup, no tpl, no toToml, numbers through ``int``
(Helm reads every number as a float), no order of keys that matters. ``test_render`` compares the
objects with Helm's own where there is a helm.
"""

import copy
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from gotpl.exts.helm import HelmTemplateEngine

ROOT: Final = Path(__file__).parents[2]
CHART: Final = ROOT / "deploy" / "chart"
RELEASE: Final = "sq"
NAMESPACE: Final = "games"
STAGES: Final = ("dev", "staging", "production")
Object = dict[str, Any]


class Pod(NamedTuple):
    """A pod that some object asks for. ``spec`` is the object's own, to be changed by who plants a
    mistake."""

    owner: str
    component: str
    labels: dict[str, str]
    annotations: dict[str, str]
    spec: dict[str, Any]

    @property
    def containers(self) -> list[dict[str, Any]]:
        return list(self.spec["containers"])


class _Files:
    def Glob(self, pattern: str) -> dict[str, bytes]:
        return {str(each.relative_to(CHART)): b"" for each in sorted(CHART.glob(pattern))}

    def Get(self, name: str) -> str:
        """Of the chart's folder, through links; empty if it is not there, as Helm has it."""
        path = CHART / name
        return path.read_text("utf-8") if path.is_file() else ""


def read_yaml(file: Path) -> Any:
    """By the parser in C: the KubeRay schemas have a megabyte each."""
    return yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)


def values_of(stage: str, **over: Any) -> dict[str, Any]:
    """values.yaml, the stage's on top, and ``over`` on top of that."""
    merged: dict[str, Any] = read_yaml(CHART / "values.yaml")
    for layer in (read_yaml(CHART / f"values-{stage}.yaml"), over):
        _merge(merged, layer)
    return merged


def _merge(onto: dict[str, Any], layer: dict[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, dict) and isinstance(onto.get(key), dict):
            _merge(onto[key], value)
        else:
            onto[key] = value


@cache
def _engine() -> HelmTemplateEngine:
    return HelmTemplateEngine(
        {each.name: each.read_text("utf-8") for each in (CHART / "templates").iterdir()}
    )


def render(values: dict[str, Any], templates: tuple[str, ...] = ()) -> dict[str, str]:
    """The text of each template that makes something."""
    chart = read_yaml(CHART / "Chart.yaml")
    context = {
        "Values": values,
        "Release": {"Name": RELEASE, "Namespace": NAMESPACE, "Service": "Helm", "IsInstall": True},
        "Chart": {key[0].upper() + key[1:]: value for key, value in chart.items()},
        "Files": _Files(),
    }
    names = templates or tuple(
        each.name for each in (CHART / "templates").iterdir() if each.suffix in (".yaml", ".txt")
    )
    return _engine().render(dict.fromkeys(sorted(names), context))


@cache
def _objects(stage: str) -> tuple[Object, ...]:
    texts = render(values_of(stage))
    return tuple(
        each
        for name, text in texts.items()
        if name.endswith(".yaml")
        for each in yaml.load_all(text, Loader=yaml.CSafeLoader)
        if each is not None
    )


def objects_of(stage: str) -> list[Object]:
    """A copy: whoever plants a mistake changes his own."""
    return copy.deepcopy(list(_objects(stage)))


def kind(objects: list[Object], *kinds: str) -> list[Object]:
    """Those of these kinds."""
    return [each for each in objects if each["kind"] in kinds]


def named(objects: list[Object], what: str, name: str) -> Object:
    """The one with this name, without the release's before it."""
    full = f"{RELEASE}-{name}" if name else RELEASE
    return next(each for each in kind(objects, what) if each["metadata"]["name"] == full)


def pods(objects: list[Object]) -> Iterator[Pod]:
    """Of Deployments, Jobs, CronJobs and the RayService."""
    for each in objects:
        spec = each.get("spec", {})
        if each["kind"] == "RayService":
            cluster = spec["rayClusterConfig"]
            templates = [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]
            found = [group["template"] for group in templates]
        elif each["kind"] == "CronJob":
            found = [spec["jobTemplate"]["spec"]["template"]]
        elif each["kind"] in ("Deployment", "Job"):
            found = [spec["template"]]
        else:
            found = []
        for template in found:
            about = template["metadata"]
            component = about["labels"]["app.kubernetes.io/component"]
            yield Pod(
                f"{each['kind']}/{component}",
                component,
                about["labels"],
                about.get("annotations", {}),
                template["spec"],
            )


def pod(objects: list[Object], component: str) -> Pod:
    """The pod of a component."""
    return next(each for each in pods(objects) if each.component == component)


def scripts(objects: list[Object]) -> Iterator[tuple[str, str]]:
    """Every command of a container, its hooks and its probes, as one line each."""
    for each in pods(objects):
        for container in each.containers:
            where = f"{each.owner}/{container['name']}"
            command = [*container.get("command", []), *container.get("args", [])]
            if command:
                yield where, " ".join(command)
            hooks = [container.get("lifecycle", {}).get("preStop", {})]
            hooks += [container.get(f"{name}Probe", {}) for name in ("liveness", "readiness")]
            for hook in hooks:
                if "exec" in hook:
                    yield where, " ".join(hook["exec"]["command"])


def commands(objects: list[Object]) -> Iterator[tuple[str, list[str]]]:
    """What is said to ``squaredeal`` anywhere: its arguments, without the shell around them."""
    for where, text in scripts(objects):
        for said in re.findall(r"(?:^|[\s;])squaredeal ((?:[^;|&>]|\"[^\"]*\")*)", text):
            words = re.findall(r'"[^"]*"|\S+', said)
            yield where, [word.strip('"') for word in words]
