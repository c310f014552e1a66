"""The OpenAPI document, made from the endpoint table and the types themselves."""

from collections.abc import Sequence
from typing import Any

import msgspec

from serve.routes import Endpoint
from wire.http import ErrorResponse

REF = "#/components/schemas/{name}"


def openapi_document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """OpenAPI 3.1 for these endpoints."""
    shapes = {e.answer for e in endpoints} | {e.body for e in endpoints} | {ErrorResponse}
    wanted = sorted((s for s in shapes if s is not None), key=lambda shape: shape.__name__)
    refs, components = msgspec.json.schema_components(wanted, ref_template=REF)
    schema = dict(zip(wanted, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, schema)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Squaredeal", "version": "1", "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"access": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, schema: dict[Any, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done"}
    if endpoint.answer is not None:
        media = "text/event-stream" if endpoint.events else "application/json"
        good["content"] = {media: {"schema": schema[endpoint.answer]}}
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": _name(endpoint),
        "parameters": _parameters(endpoint),
        "responses": {
            "200" if endpoint.answer is not None else "204": good,
            "default": {"description": "Refused", "content": _json(schema[ErrorResponse])},
        },
        "security": [{"access": []}] if endpoint.right else [],
    }
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(schema[endpoint.body])}
    return operation


def _name(endpoint: Endpoint) -> str:
    """Two modules may each have a handler called enter."""
    room = endpoint.handle.__module__.rpartition(".")[2].removesuffix("routes")
    return f"{room}{endpoint.handle.__name__}"


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    in_path = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in endpoint.path.split("/")
        if part.startswith("{")
    ]
    in_query = [
        {"name": name, "in": "query", "schema": {"type": "integer", "minimum": 1}}
        for name in endpoint.query
    ]
    words = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in endpoint.words]
    return in_path + in_query + words


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
