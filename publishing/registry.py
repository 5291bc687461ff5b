"""``server.json``: what the MCP registry publishes of this server, after its schema of 2025-12-11."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from iletimerkezi_mcp.server.build import TITLE
from iletimerkezi_mcp.settings import NETWORK

from .inputs import INPUTS, TRANSPORT, Input
from .project import DESCRIPTION, NAMESPACE, PACKAGE, REPOSITORY, VERSION

SCHEMA: Final = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"

_FORMATS: Final = {"number": "number", "boolean": "boolean", "file": "filepath"}

_PORT: Final = INPUTS["http_port"].setting.variable
_PATH: Final = "/mcp"


def server_json() -> str:
    """Return the package, launched by uvx on stdio or over streamable HTTP.

    SSE is left out: a host that reads this file knows something newer. So is the registry's base address, which
    the registry type implies.
    """
    return json.dumps(_server(), ensure_ascii=False, indent=2) + "\n"


def _server() -> dict[str, Any]:
    local = [entry for entry in INPUTS.values() if entry.setting.field not in {TRANSPORT, *NETWORK}]
    networked = [entry for entry in INPUTS.values() if entry.setting.field in NETWORK - {"http_path", "no_auth"}]
    return {
        "$schema": SCHEMA,
        "name": NAMESPACE,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": VERSION,
        "repository": {"url": REPOSITORY, "source": "github"},
        "websiteUrl": REPOSITORY,
        "packages": [
            _package({"type": "stdio"}, _variables(local)),
            _package(_streamable(), [*_variables(local), *_fixed("streamable-http"), *_variables(networked)]),
        ],
    }


def _package(transport: dict[str, Any], variables: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "registryType": "pypi",
        "identifier": PACKAGE,
        "version": VERSION,
        "runtimeHint": "uvx",
        "transport": transport,
        "environmentVariables": variables,
    }


def _streamable() -> dict[str, Any]:
    token = {
        "description": "the secret of one of the bearer tokens, the part after its name and colon",
        "isRequired": True,
        "isSecret": True,
    }
    return {
        "type": "streamable-http",
        "url": f"http://127.0.0.1:{{{_PORT}}}{_PATH}",
        "headers": [{"name": "Authorization", "value": "Bearer {token}", "variables": {"token": token}}],
    }


def _fixed(transport: str) -> list[dict[str, Any]]:
    return [
        {"name": INPUTS[TRANSPORT].setting.variable, "value": transport},
        {"name": INPUTS["http_path"].setting.variable, "value": _PATH},
    ]


def _variables(inputs: Iterable[Input]) -> list[dict[str, Any]]:
    return [_variable(entry) for entry in inputs]


def _variable(entry: Input) -> dict[str, Any]:
    variable: dict[str, Any] = {"name": entry.setting.variable, "description": entry.description}
    if entry.kind in _FORMATS:
        variable["format"] = _FORMATS[entry.kind]
    # Nothing is required in the sandbox, but on the network the server does not start without a token.
    if entry.setting.field == "http_token":
        variable["isRequired"] = True
    if entry.setting.secret:
        variable["isSecret"] = True
    if entry.choices:
        variable["choices"] = list(entry.choices)
    if entry.default is not None:
        variable["default"] = str(entry.default).lower() if entry.kind == "boolean" else str(entry.default)
    return variable
