"""What must hold of everything that is rendered. A policy yields its faults; none is well."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from serve.edge.config import EdgeConfig
from serve.operator import ANSWER_S_MAX
from serve.settings import Settings
from tests.chart.render import Object, Pod, commands, kind, pods

EDGE: Final = EdgeConfig.__struct_fields__
Policy = Callable[[list[Object]], Iterator[str]]
DRAIN_MARGIN_S: Final = 60
"""Between the longest hand and the end of a pod's grace: tables open elsewhere, sockets close."""
SECRET_WORDS: Final = re.compile(r"secret|password|passwd|token|dsn|credential|api_?key", re.I)
UNBOUNDED: Final = ("nothing", "names")
"""Network policies that are for every pod and say nothing of one."""


def no_secret_in_env(objects: list[Object]) -> Iterator[str]:
    """Neither by reference nor in the open: environments are inherited, printed and dumped."""
    for pod, container in containers(objects):
        if "envFrom" in container:
            yield f"{pod.owner}: envFrom"
        for each in container.get("env", []):
            source = each.get("valueFrom", {})
            if source.keys() - {"fieldRef", "resourceFieldRef"}:
                yield f"{pod.owner}: {each['name']} is from {', '.join(source)}"
            if (
                SECRET_WORDS.search(each["name"])
                or "://" in each.get("value", "").partition("@")[2]
            ):
                yield f"{pod.owner}: {each['name']}"
            if re.search(r"://[^/]*:[^/]*@", each.get("value", "")):
                yield f"{pod.owner}: {each['name']} has a password in it"


def not_root(objects: list[Object]) -> Iterator[str]:
    for pod, container in containers(objects):
        merged = pod.spec.get("securityContext", {}) | container.get("securityContext", {})
        if merged.get("runAsNonRoot") is not True or not merged.get("runAsUser"):
            yield f"{pod.owner}: may be root"
        if merged.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{pod.owner}: no seccomp profile"


def nothing_more_than_needed(objects: list[Object]) -> Iterator[str]:
    """No way to more rights, nothing of the host, a root that nobody writes to."""
    for pod, container in containers(objects):
        at = container.get("securityContext", {})
        if at.get("allowPrivilegeEscalation") is not False or at.get("privileged"):
            yield f"{pod.owner}: may escalate"
        if at.get("readOnlyRootFilesystem") is not True:
            yield f"{pod.owner}: writes to its root"
        if at.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{pod.owner}: has capabilities"
    for pod in pods(objects):
        if any(pod.spec.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{pod.owner}: shares the host's"
        if any("hostPath" in volume for volume in pod.spec.get("volumes", [])):
            yield f"{pod.owner}: mounts the host's files"
        # The head's account is KubeRay's: its autoscaler asks for pods.
        if pod.component != "head" and pod.spec.get("automountServiceAccountToken") is not False:
            yield f"{pod.owner}: has Kubernetes' token"


def bounded(objects: list[Object]) -> Iterator[str]:
    """Requests and limits, of memory alike: what is over its request is ended first."""
    for pod, container in containers(objects):
        found = container.get("resources", {})
        asked, most = found.get("requests", {}), found.get("limits", {})
        if not {"cpu", "memory"} <= asked.keys() & most.keys():
            yield f"{pod.owner}: {container['name']} is not bounded"


def probed(objects: list[Object]) -> Iterator[str]:
    """Whatever runs on and on says whether it lives; whatever is asked, whether it can answer."""
    jobs = {pod.owner for pod in pods(kind(objects, "Job", "CronJob"))}
    for pod, container in containers(objects):
        if pod.owner in jobs:
            continue
        if "livenessProbe" not in container:
            yield f"{pod.owner}: {container['name']} has no liveness probe"
        asked = container.get("ports") or pod.owner.startswith("RayService")
        if asked and "readinessProbe" not in container:
            yield f"{pod.owner}: {container['name']} has no readiness probe"


def pinned(objects: list[Object]) -> Iterator[str]:
    for pod, container in containers(objects):
        image = container["image"]
        name, _, digest = image.partition("@")
        tag = name.rpartition("/")[2].partition(":")[2]
        if not digest and (not tag or tag == "latest"):
            yield f"{pod.owner}: {image}"


def budgeted(objects: list[Object]) -> Iterator[str]:
    """One budget for whatever has replicas; of Ray's pods by a number, of others by what may go."""
    budgets = kind(objects, "PodDisruptionBudget")
    for pod in replicated(objects):
        found = [each for each in budgets if selects(each["spec"]["selector"], pod.labels)]
        if len(found) != 1:
            yield f"{pod.owner}: {len(found)} budgets"
            continue
        spec = found[0]["spec"]
        if pod.owner.startswith("RayService"):
            if not isinstance(spec.get("minAvailable"), int):
                yield f"{pod.owner}: minAvailable is a number, or Kubernetes can't count"
            elif spec["minAvailable"] >= group(objects, pod.component)["minReplicas"]:
                yield f"{pod.owner}: no pod may ever be evicted"
        elif spec.get("maxUnavailable") != 1:
            yield f"{pod.owner}: maxUnavailable"


def spread(objects: list[Object]) -> Iterator[str]:
    for pod in replicated(objects):
        rules = pod.spec.get("topologySpreadConstraints", [])
        keys = {rule["topologyKey"] for rule in rules if selects(rule["labelSelector"], pod.labels)}
        if keys != {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}:
            yield f"{pod.owner}: not spread over nodes and zones"


def fenced_in(objects: list[Object]) -> Iterator[str]:
    """Only what a policy of the pod's own says is allowed; Ray's ports are not the world's."""
    policies = kind(objects, "NetworkPolicy")
    for pod in pods(objects):
        found = [each for each in policies if selects(each["spec"]["podSelector"], pod.labels)]
        covered = {way for each in found for way in each["spec"]["policyTypes"]}
        if covered != {"Ingress", "Egress"}:
            yield f"{pod.owner}: not covered ({', '.join(sorted(covered))})"
        if not [each for each in found if not each["metadata"]["name"].endswith(UNBOUNDED)]:
            yield f"{pod.owner}: no policy says what it needs"
        for each in found:
            for rule in each["spec"].get("ingress", []):
                if not rule.get("from") and pod.component != "edge":
                    yield f"{pod.owner}: {each['metadata']['name']} lets anybody in"
                if not rule.get("ports") and not _among_ray(rule, pod):
                    yield f"{pod.owner}: {each['metadata']['name']} opens every port"


def _among_ray(rule: dict[str, Any], pod: Pod) -> bool:
    ray = ("head", "serve", "tables")
    return pod.component in ray and all(
        peer.keys() == {"podSelector"}
        and peer["podSelector"]["matchLabels"].keys() == {"app.kubernetes.io/instance"}
        and peer["podSelector"]["matchExpressions"][0]["values"] == list(ray)
        for peer in rule["from"]
    )


def drained_in_time(objects: list[Object]) -> Iterator[str]:
    """A pod with tables is drained before it ends, and lives until that is over."""
    for pod in pods(objects):
        if pod.component != "tables":
            continue
        hook = pod.containers[0].get("lifecycle", {}).get("preStop", {}).get("exec", {})
        said = re.search(r"squaredeal drain .*--grace (\d+)", " ".join(hook.get("command", [])))
        if said is None:
            yield f"{pod.owner}: is not drained"
            continue
        grace = int(said[1])
        if pod.spec["terminationGracePeriodSeconds"] < grace + DRAIN_MARGIN_S:
            yield f"{pod.owner}: ends before its hands"
        if grace >= ANSWER_S_MAX:
            yield f"{pod.owner}: whoever drains gives up before"


def one_floor(objects: list[Object]) -> Iterator[str]:
    """Never two clusters at a time: their floors would take the tables from each other."""
    for each in kind(objects, "RayService"):
        if each["spec"].get("upgradeStrategy") != {"type": "None"}:
            yield f"{each['metadata']['name']}: another cluster may come beside it"


def scaled(objects: list[Object]) -> Iterator[str]:
    """What an autoscaler scales is there, has requests to measure by, and no number of its own."""
    deployments = {each["metadata"]["name"]: each for each in kind(objects, "Deployment")}
    for each in kind(objects, "HorizontalPodAutoscaler"):
        spec, name = each["spec"], each["spec"]["scaleTargetRef"]["name"]
        target = deployments.get(name)
        if target is None:
            yield f"{each['metadata']['name']}: there is no Deployment {name}"
        elif "replicas" in target["spec"]:
            yield f"{name}: its own replicas and the autoscaler's"
        if spec["minReplicas"] > spec["maxReplicas"]:
            yield f"{each['metadata']['name']}: least is more than most"
    scaled_ones = {
        each["spec"]["scaleTargetRef"]["name"] for each in kind(objects, "HorizontalPodAutoscaler")
    }
    for name, each in deployments.items():
        if "replicas" not in each["spec"] and name not in scaled_ones:
            yield f"{name}: nobody says how many"


def settings_are_followed(objects: list[Object]) -> Iterator[str]:
    """Who reads the settings names their version, so that a change of them is a change of his."""
    maps = {each["metadata"]["name"]: each for each in kind(objects, "ConfigMap")}
    for pod in pods(objects):
        for volume in pod.spec.get("volumes", []):
            name = volume.get("configMap", {}).get("name")
            if name is None:
                continue
            if name not in maps:
                yield f"{pod.owner}: there is no ConfigMap {name}"
            elif not pod.owner.startswith("Job") and not maps[name].get("immutable"):
                yield f"{pod.owner}: {name} changes under it"
    used = {v["configMap"]["name"] for p in pods(objects) for v in p.spec["volumes"]
            if "configMap" in v}  # fmt: skip
    for name, each in maps.items():
        if "settings.toml" in each["data"] and name not in used:
            yield f"{name}: nobody reads it"


def mounted(objects: list[Object]) -> Iterator[str]:
    """Each volume is of a secret that somebody makes, with the files that are taken from it; each
    mount has a volume."""
    made: dict[str, set[str] | None] = {}
    for each in kind(objects, "ExternalSecret"):
        target = each["spec"]["target"]["name"]
        keys = {item["secretKey"] for item in each["spec"].get("data", [])}
        made[target] = keys or None  # None: as many numbered keys as there are
    if not made:
        return
    for pod in pods(objects):
        volumes = {volume["name"]: volume for volume in pod.spec.get("volumes", [])}
        for container in pod.containers:
            for mount in container.get("volumeMounts", []):
                if mount["name"] not in volumes:
                    yield f"{pod.owner}: there is no volume {mount['name']}"
        for volume in volumes.values():
            sources = volume.get("projected", {}).get("sources", [])
            taken = [source["secret"] for source in sources if "secret" in source]
            if "secret" in volume:
                taken.append({"name": volume["secret"]["secretName"]})
            for secret in taken:
                if secret["name"] not in made:
                    yield f"{pod.owner}: nobody makes {secret['name']}"
                known = made.get(secret["name"])
                for item in secret.get("items", []):
                    if known is not None and item["key"] not in known:
                        yield f"{pod.owner}: {secret['name']} has no {item['key']}"


def files_are_there(objects: list[Object]) -> Iterator[str]:
    """Every file under /run/secrets that a command or a setting names is in a secret."""
    files = {
        f"/run/secrets/{each['metadata']['name'].partition('-')[2]}/{item['secretKey']}"
        for each in kind(objects, "ExternalSecret")
        for item in each["spec"].get("data", [])
    }
    if not files:
        return
    named = set()
    for each in kind(objects, "ConfigMap"):
        for file in ("settings.toml", "edge.toml"):
            named |= set(re.findall(r"/run/secrets/[\w./-]+", each["data"].get(file, "")))
    for _, words in commands(objects):
        named |= {word for word in words if word.startswith("/run/secrets/")}
    for each in kind(objects, "RayService"):
        named |= set(re.findall(r"/run/secrets/gcs/[\w.]+", str(each["spec"]["rayClusterConfig"])))
    keys = {"/run/secrets/keys", "/run/secrets/keys/edge", "/run/secrets/keys/public.jwks"}
    for name in sorted(named - keys - files):
        yield f"{name}: no secret has this file"


def known_settings(objects: list[Object]) -> Iterator[str]:
    known = {"settings.toml": set(Settings.model_fields), "edge.toml": set(EDGE)}
    for each in kind(objects, "ConfigMap"):
        for file in known.keys() & each["data"].keys():
            for line in each["data"][file].splitlines():
                if line.partition(" = ")[0] not in known[file]:
                    yield f"{each['metadata']['name']}: {line}"


def containers(objects: list[Object]) -> Iterator[tuple[Pod, dict[str, Any]]]:
    """Every container, also those that begin."""
    for pod in pods(objects):
        for container in (*pod.containers, *pod.spec.get("initContainers", [])):
            yield pod, container


def group(objects: list[Object], name: str) -> dict[str, Any]:
    """Workers of the RayService."""
    groups = kind(objects, "RayService")[0]["spec"]["rayClusterConfig"]["workerGroupSpecs"]
    found: dict[str, Any] = next(each for each in groups if each["groupName"] == name)
    return found


def replicated(objects: list[Object]) -> Iterator[Pod]:
    """Of what there is, or may be, more than one."""
    scaled_ones = {
        each["spec"]["scaleTargetRef"]["name"].partition("-")[2]
        for each in kind(objects, "HorizontalPodAutoscaler")
    }
    for pod in pods(objects):
        if pod.component in scaled_ones | {"serve", "tables"}:
            yield pod


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether a selector is for a pod with these labels."""
    said = selector.get("matchLabels", {})
    return all(labels.get(key) == value for key, value in said.items()) and all(
        each["operator"] == "In" and labels.get(each["key"]) in each["values"]
        for each in selector.get("matchExpressions", [])
    )


POLICIES: Final[tuple[Policy, ...]] = (
    no_secret_in_env, not_root, nothing_more_than_needed, bounded, probed, pinned, budgeted, spread,
    fenced_in, drained_in_time, one_floor, scaled, settings_are_followed, mounted, files_are_there,
    known_settings,
)  # fmt: skip
