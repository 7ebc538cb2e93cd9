"""Describes the server's paths as an OpenAPI 3.1 document, from the same classes that read requests."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter

from assistant.servers import results
from assistant.servers.openai.request import MODELS
from assistant.servers.requests import LIBRARY, LibraryRequest, Operation, described

_REF = "#/components/schemas/{model}"
_CHAT = {
    "type": "object",
    "required": ["model", "messages"],
    "properties": {
        "model": {"enum": list(MODELS)},
        "messages": {
            "type": "array",
            "minItems": 1,
            "description": "The last one is the question; the user's earlier ones are the conversation.",
            "items": {"type": "object", "required": ["role", "content"]},
        },
        "stream": {"type": "boolean"},
        "stream_options": {"type": "object", "properties": {"include_usage": {"type": "boolean"}}},
        "response_format": {"type": "object", "properties": {"type": {"enum": ["text", "json_object"]}}},
        "filters": {"$ref": _REF.format(model="FilterFields")},
    },
}
_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
_ANY: dict[str, Any] = {"type": "object"}


@cache
def openapi_document() -> dict[str, Any]:
    """The document of `/openapi.json`."""
    every = Operation(LibraryRequest, results.Facts)
    operations = {**{f"/v1/{name}": operation for name, operation in LIBRARY.items()}, "/v1/facts/all": every}
    gets = {
        "/v1/watches": ("The standing questions, with what they found.", results.Watches),
        "/v1/watches/changes": ("How their answers changed, newest first.", results.WatchChanges),
    }
    schemas, components = _schemas([*operations.values()], [kind for _, kind in gets.values()])
    paths: dict[str, Any] = {
        path: {"post": _post(_said(path, operation), schemas[operation.request], schemas[operation.result])}
        for path, operation in operations.items()
    }
    paths |= {path: {"get": _operation(said, schemas[kind])} for path, (said, kind) in gets.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "abstract-assistant", "version": version("abstract-assistant")},
        "paths": paths
        | {
            "/v1/chat/completions": {"post": _post("Answer a question, as OpenAI's chat completions.", _CHAT, _ANY)},
            "/v1/models": {"get": _operation("The names to send as `model`.", _ANY)},
            "/health": {"get": _operation("Whether the server runs.", _ANY)},
        },
        "components": {
            "schemas": {**components, "Error": _ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _said(path: str, operation: Operation) -> str:
    return (
        "What every paper states, sent while it is read." if path == "/v1/facts/all" else described(operation.request)
    )


def _schemas(operations: list[Operation], more: list[Any]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """The schema of each class, and the components that schemas refer to."""
    kinds = [*(o.request for o in operations), *(o.result for o in operations), *more]
    inputs = [(kind, "validation", TypeAdapter[Any](kind)) for kind in dict.fromkeys(kinds)]
    found, shared = TypeAdapter.json_schemas(inputs, ref_template=_REF)  # type: ignore[arg-type]  # the mode is a literal
    return {kind: schema for (kind, _), schema in found.items()}, shared["$defs"]


def _post(said: str, body: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": body}}
    return {**_operation(said, result), "requestBody": {"required": True, "content": content}}


def _operation(said: str, result: dict[str, Any]) -> dict[str, Any]:
    error = {"schema": {"$ref": _REF.format(model="Error")}}
    return {
        "description": said,
        "responses": {
            "200": {"description": "The result.", "content": {"application/json": {"schema": result}}},
            "default": {"description": "What is wrong, in one line.", "content": {"application/json": error}},
        },
    }
