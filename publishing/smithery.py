"""``smithery.yaml``: how Smithery starts the server, with the settings that it asks for, on stdio in the container."""

from __future__ import annotations

import json
from typing import Any, Final

import yaml

from iletimerkezi_mcp.settings import NETWORK

from .inputs import INPUTS, TRANSPORT, Input
from .project import PACKAGE

_TYPES: Final = {"number": "number", "boolean": "boolean"}

_LEFT_OUT: Final = {TRANSPORT, "state_dir", "audit_log", "audit_text", "operator_name", *NETWORK}
"""Fields that the container decides: how it is reached, where its files are, and what only an audit log holds."""

ASKED: Final = {field: entry for field, entry in INPUTS.items() if field not in _LEFT_OUT}


def smithery_yaml() -> str:
    """Return the file: the container, the settings as a JSON Schema, and the function that makes the command of them."""
    document = {
        "name": PACKAGE,
        "build": {"dockerfile": "Dockerfile", "dockerBuildPath": "."},
        "startCommand": {
            "type": "stdio",
            "configSchema": {
                "type": "object",
                "additionalProperties": False,
                "properties": {field: _property(entry) for field, entry in ASKED.items()},
            },
            "commandFunction": _command(),
            "exampleConfig": {"sandbox": True},
        },
    }
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _property(entry: Input) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _TYPES.get(entry.kind, "string"), "description": entry.description}
    if entry.setting.secret:
        schema |= {"format": "password", "writeOnly": True}
    if entry.choices:
        schema["enum"] = list(entry.choices)
    if entry.default is not None:
        schema["default"] = entry.default
    return schema


def _command() -> str:
    """Return JavaScript, which Smithery runs: an unset setting sets no variable."""
    variables = "\n".join(
        f"    [{json.dumps(entry.setting.variable)}, config.{field}]," for field, entry in ASKED.items()
    )
    return f"""\
(config) => ({{
  command: {json.dumps(PACKAGE)},
  args: ["--transport", "stdio"],
  env: Object.fromEntries([
{variables}
  ].filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [name, String(value)])),
}})
"""


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as a block."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
