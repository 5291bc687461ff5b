"""The tools as hosts hand them to their models: strict conversions that require every argument, and Gemini's subset.

A host with a strict conversion makes its model fill in every argument, optional ones too, and allows no null. So every
optional argument has a value that means the same as leaving it out. Each call here is valid by the converted schema.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import mcp.types as mcp_types
import pytest
from agents.strict_schema import ensure_strict_json_schema
from langchain_core.utils.function_calling import convert_to_openai_tool

from tests.calls import CANCEL_ORDER, GET_REPORT, SEND, SEND_SMS
from tests.hosting import ERAS, Host, Mode, hosted
from tests.tools.examples import CHANGES, EXAMPLES

Schema = Mapping[str, Any]
Convert = Callable[[mcp_types.Tool], Schema]


def openai_agents(tool: mcp_types.Tool) -> Schema:
    schema: Schema = ensure_strict_json_schema(copy.deepcopy(tool.input_schema))
    return schema


def langchain(tool: mcp_types.Tool) -> Schema:
    named = {**tool.input_schema, "title": tool.name, "description": tool.description}
    schema: Schema = convert_to_openai_tool(named, strict=True)["function"]["parameters"]
    return schema


def left_out(schema: Schema) -> Any:
    """Return what a model fills in for an argument of which it has nothing to say."""
    if "default" in schema:
        return schema["default"]
    return "NONE" if "enum" in schema else {"string": "", "array": []}[schema["type"]]


def filled(schema: Schema, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return `arguments` and a value for each of the others, all valid by `schema`."""
    whole = {name: arguments.get(name, left_out(inner)) for name, inner in schema["properties"].items()}
    jsonschema.Draft202012Validator(schema).validate(whole)
    return whole


GEMINI_KEYWORDS = frozenset(
    [
        "type",
        "format",
        "title",
        "description",
        "nullable",
        "enum",
        "items",
        "properties",
        "required",
        "propertyOrdering",
        "default",
        "example",
        "anyOf",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
    ]
)
"""The fields of `Schema` in Gemini's API reference: the part of OpenAPI that a function's parameters may use."""


def gemini(tool: mcp_types.Tool) -> Schema:
    """Return the parameters as clients of Gemini declare them: without the one keyword that old ones do not take."""
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", tool.name)
    return _declared(tool.input_schema)


def _declared(schema: Schema) -> Schema:
    declared = {name: value for name, value in schema.items() if name != "additionalProperties"}
    assert declared.keys() <= GEMINI_KEYWORDS
    assert declared["type"] in ("string", "integer", "boolean", "array", "object")
    if "enum" in declared:
        assert declared["type"] == "string"
        assert all(isinstance(value, str) and value for value in declared["enum"])
    if declared["type"] == "array":
        declared["items"] = _declared(declared["items"])
    if declared["type"] == "object":
        assert set(declared.get("required", ())) <= set(declared["properties"])
        declared["properties"] = {name: _declared(inner) for name, inner in declared["properties"].items()}
    return declared


def as_doubles(value: Any) -> Any:
    """Return `value` as a protobuf `Struct` carries it, in which Gemini answers: every number is a double."""
    if isinstance(value, dict):
        return {name: as_doubles(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_doubles(inner) for inner in value]
    return float(value) if type(value) is int else value


async def previewed_or_read(host: Host, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a call, without the code, which each preview has its own of."""
    if tool == CANCEL_ORDER:
        await host.call(GET_REPORT, order_id=arguments["order_id"])
    answer = await host.call(tool, arguments)
    assert answer["outcome"] == ("preview" if tool in CHANGES else "ok"), answer
    return {name: value for name, value in answer.items() if name != "confirm"}


async def spec(host: Host, name: str) -> mcp_types.Tool:
    return next(tool for tool in (await host.client.list_tools()).tools if tool.name == name)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("convert", [openai_agents, langchain])
@pytest.mark.parametrize("tool", EXAMPLES)
async def test_a_call_with_every_argument_filled_in_is_the_call_without_them(
    tool: str, convert: Convert, mode: Mode
) -> None:
    async with hosted(mode=mode) as host:
        schema = convert(await spec(host, tool))
        assert set(schema.get("required", ())) == set(schema["properties"])
        whole = await previewed_or_read(host, tool, filled(schema, EXAMPLES[tool]))
        assert whole == await previewed_or_read(host, tool, EXAMPLES[tool])


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("tool", EXAMPLES)
async def test_a_call_from_gemini_is_the_same_call(tool: str, mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        schema = gemini(await spec(host, tool))
        whole = await previewed_or_read(host, tool, as_doubles(filled(schema, EXAMPLES[tool])))
        assert whole == await previewed_or_read(host, tool, EXAMPLES[tool])


@pytest.mark.parametrize("convert", [openai_agents, langchain])
async def test_a_commercial_message_passes_strict_conversion_with_its_list(convert: Convert) -> None:
    async with hosted() as host:
        schema = convert(await spec(host, SEND_SMS))
        campaign = filled(schema, {**SEND, "message_type": "commercial", "iys_list": "TACIR"})
        preview = await previewed_or_read(host, SEND_SMS, campaign)
        missing = await host.call(SEND_SMS, {**campaign, "iys_list": "NONE"})
    assert preview["message_type"] == "commercial"
    assert missing["outcome"] == "nothing_done"
    assert "iys_list is required with commercial" in missing["summary"]
