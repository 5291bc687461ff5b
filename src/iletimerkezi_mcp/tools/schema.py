"""JSON Schemas as hosts and models read them: derived from pydantic, without what only pydantic needs."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode


def plain_schema(model: type[BaseModel], mode: JsonSchemaMode = "validation") -> dict[str, Any]:
    """The schema of `model`: one object, references inlined, no generated titles, no null branches.

    An optional field is one that may be left out, so null stands in no type and no default. A model's
    docstring is for those who read its code; a field says what a caller needs in its own description.

    Hosts put all of `tools/list` before their models, so an answer's schema (`mode` serialization) is only
    what it takes to read and check one: what is always there is not listed apart, a list of values needs no
    type, and `outcome`, whose values are the same for every tool, is explained by each answer's own words.
    """
    schema = model.model_json_schema(mode=mode)
    definitions = schema.pop("$defs", {})
    plain = _plain(schema, definitions)
    plain.pop("description", None)
    if mode == "serialization":
        _lighten(plain)
        plain["properties"]["outcome"] = {"type": "string"}
    return plain


def _lighten(schema: dict[str, Any]) -> None:
    schema.pop("required", None)
    if "enum" in schema:
        schema.pop("type")
    for inner in schema.get("properties", {}).values():
        _lighten(inner)
    if "items" in schema:
        _lighten(schema["items"])


def _plain(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        target = definitions[node["$ref"].rsplit("/", 1)[1]]
        target = {key: value for key, value in target.items() if key != "description"}
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    if "anyOf" in node:
        branches = [branch for branch in node["anyOf"] if branch.get("type") != "null"]
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        (only,) = branches
        return _plain({**only, **rest}, definitions)
    plain: dict[str, Any] = {}
    for key, value in node.items():
        if key == "title" or (key == "default" and value is None):
            continue
        if key == "properties":
            plain[key] = {name: _plain(field, definitions) for name, field in value.items()}
        elif key == "items":
            plain[key] = _plain(value, definitions)
        else:
            plain[key] = value
    return plain
