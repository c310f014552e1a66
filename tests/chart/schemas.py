"""What Kubernetes and its operators would say of an object, as far as that can be known offline."""

import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import kubernetes_validate
import pytest

from tests.chart.render import Object, read_yaml
from tests.shared_data import BESIDE

KUBERNETES: Final = "1.33"
CORE: Final = frozenset(
    {"v1", "apps/v1", "batch/v1", "policy/v1", "autoscaling/v2", "networking.k8s.io/v1"}
)


def core_faults(thing: Object) -> list[str]:
    """Of an object of Kubernetes itself; fields that it does not know are faults."""
    try:
        kubernetes_validate.validate(thing, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as wrong:
        return [f"{'.'.join(map(str, wrong.path))}: {wrong.message}"]
    return []


@cache
def ray_schema(name: str) -> dict[str, Any]:
    """Of KubeRay, with unknown fields refused; skips, saying so, where there is none."""
    folder = Path(os.environ.get("SQUAREDEAL_SHARED", BESIDE)) / "schemas"
    file = folder / f"ray.io_{name}.yaml"
    if not file.is_file():
        pytest.skip(f"no schema of KubeRay: {file} is absent (set SQUAREDEAL_SHARED)")
    versions = read_yaml(file)["spec"]["versions"]
    schema = next(each["schema"] for each in versions if each["name"] == "v1")["openAPIV3Schema"]
    closed: dict[str, Any] = _closed(schema)
    # What every object has beside spec and status is Kubernetes' own.
    closed["properties"]["metadata"] = {"type": "object"}
    return closed


def _closed(node: Any) -> Any:
    """A structural schema drops what it does not name; here that is an error."""
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: {name: _closed(each) for name, each in value.items()}
        if key == "properties"
        else _closed(value)
        for key, value in node.items()
    }
    if "properties" in made and not made.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    return made


def faults(thing: Any, schema: dict[str, Any]) -> list[str]:
    """Every error, with where it is."""
    found = jsonschema.Draft202012Validator(schema).iter_errors(thing)
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


# Other operators' objects. No package for Python has all of these schemas: here is what we use of
# each, closed. A field that is not named is a fault, also one that the operator would know.


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1}


TEXT: Final = {"type": "string", "minLength": 1}
LABELS: Final = {"type": "object", "additionalProperties": {"type": "string"}}
DURATION: Final = {"type": "string", "pattern": r"^\d+[smh]$"}
SELECTOR: Final = _object(
    matchLabels=LABELS,
    matchExpressions=_list(_object("key operator", key=TEXT, operator=TEXT, values=_list(TEXT))),
)
ENDPOINTS: Final = _list(_object("port", port=TEXT, interval=DURATION))
RULE: Final = {
    **_object(
        "expr", expr=TEXT, alert=TEXT, record=TEXT, labels=LABELS, annotations=LABELS,
        **{"for": DURATION},
    ),
    "oneOf": [{"required": ["alert"]}, {"required": ["record"]}],
}  # fmt: skip
ACCOUNT: Final = _object("name", name=TEXT)
REMOTE: Final = _object("key property", key=TEXT, property=TEXT)
SPECS: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("external-secrets.io/v1", "ExternalSecret"): {
        **_object(
            "secretStoreRef target",
            refreshInterval=DURATION,
            secretStoreRef=_object(
                "kind name", kind={"enum": ["SecretStore", "ClusterSecretStore"]}, name=TEXT
            ),
            target=_object("name", name=TEXT, creationPolicy={"enum": ["Owner", "Orphan"]}),
            data=_list(_object("secretKey remoteRef", secretKey=TEXT, remoteRef=REMOTE)),
            dataFrom=_list(
                _object(
                    "extract",
                    extract=_object(
                        "key",
                        key=TEXT,
                        decodingStrategy={"enum": ["Auto", "Base64", "Base64URL", "None"]},
                    ),
                )
            ),
        ),
        "oneOf": [{"required": ["data"]}, {"required": ["dataFrom"]}],
    },
    ("external-secrets.io/v1", "SecretStore"): _object(
        "provider",
        provider={
            **_object(
                aws=_object(
                    "service region auth",
                    service={"enum": ["SecretsManager", "ParameterStore"]},
                    region=TEXT,
                    auth=_object(
                        "jwt", jwt=_object("serviceAccountRef", serviceAccountRef=ACCOUNT)
                    ),
                ),
                vault=_object(
                    "server path version auth",
                    server=TEXT,
                    path=TEXT,
                    version={"enum": ["v1", "v2"]},
                    auth=_object(
                        "kubernetes",
                        kubernetes=_object(
                            "mountPath role", mountPath=TEXT, role=TEXT, serviceAccountRef=ACCOUNT
                        ),
                    ),
                ),
            ),
            "minProperties": 1,
            "maxProperties": 1,
        },
    ),
    ("monitoring.coreos.com/v1", "ServiceMonitor"): _object(
        "selector endpoints", selector=SELECTOR, endpoints=ENDPOINTS
    ),
    ("monitoring.coreos.com/v1", "PodMonitor"): _object(
        "selector podMetricsEndpoints",
        jobLabel=TEXT,
        selector=SELECTOR,
        podMetricsEndpoints=ENDPOINTS,
    ),
    ("monitoring.coreos.com/v1alpha1", "ScrapeConfig"): _object(
        "staticConfigs",
        jobName=TEXT,
        scrapeInterval=DURATION,
        scrapeTimeout=DURATION,
        metricsPath=TEXT,
        staticConfigs=_list(_object("targets", targets=_list(TEXT))),
    ),
    ("argoproj.io/v1alpha1", "Application"): _object(
        "project source destination",
        project=TEXT,
        source=_object(
            "repoURL targetRevision path",
            repoURL=TEXT,
            targetRevision=TEXT,
            path=TEXT,
            helm=_object(releaseName=TEXT, valueFiles=_list(TEXT)),
        ),
        destination=_object("server namespace", server=TEXT, namespace=TEXT),
        syncPolicy=_object(
            automated=_object(prune={"type": "boolean"}, selfHeal={"type": "boolean"}),
            syncOptions=_list({"type": "string", "pattern": "^[A-Za-z]+=[a-z]+$"}),
        ),
        revisionHistoryLimit={"type": "integer"},
    ),
    ("argoproj.io/v1alpha1", "AppProject"): _object(
        "sourceRepos destinations",
        description=TEXT,
        sourceRepos=_list(TEXT),
        destinations=_list(_object("server namespace", server=TEXT, namespace=TEXT)),
        clusterResourceWhitelist=_list(_object("group kind", group={"type": "string"}, kind=TEXT)),
    ),
    ("monitoring.coreos.com/v1", "PrometheusRule"): _object(
        "groups",
        groups=_list(_object("name rules", name=TEXT, interval=DURATION, rules=_list(RULE))),
    ),
}


def other_faults(thing: Object) -> list[str]:
    """Of an object of another operator than KubeRay."""
    schema = SPECS.get((thing["apiVersion"], thing["kind"]))
    if schema is None:
        return [f"nobody knows {thing['kind']} of {thing['apiVersion']}"]
    return faults(thing["spec"], schema)
