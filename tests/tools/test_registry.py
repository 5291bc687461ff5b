"""Promises of every tool: its schema, its hints, its words, and the path on which a call is answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import mcp.types as mcp_types
import pytest
from mcp import MCPError

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.tools.arguments import MAX_FIELDS
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from iletimerkezi_mcp.tools.fields import ASKS_FIRST
from tests.calls import CANCEL_ORDER, GET_BALANCE, GET_REPORT, GET_REPORTS, IYS_REGISTER, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of
from tests.sandbox.response_variants import ResponseVariant
from tests.tools.examples import CHANGES, EXAMPLES, READS
from tests.transports.served import served

SPECS = REGISTRY.specs

VARIED = ResponseVariant(
    string_codes=True,
    string_statuses=True,
    other_order_ids=True,
    string_balance=True,
    string_counts=True,
    bare_numbers=True,
    empty_object=True,
    bare_single=True,
    no_counters=True,
    float_price=True,
    plain_http=True,
)


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found = [schema] if schema.get("type") == "object" else []
    for value in schema.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                found += _objects(inner)
    return found


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_schemas_are_strict_flat_and_free_of_what_only_pydantic_needs(spec: mcp_types.Tool) -> None:
    for schema in (spec.input_schema, spec.output_schema or {}):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert all(inner.get("additionalProperties") is False for inner in _objects(schema))
        told = json.dumps(schema)
        for word in ('"title"', '"null"', "$ref", "$defs", "anyOf", '"default": null'):
            assert word not in told


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_input_field_is_described_with_an_example_or_its_values(spec: mcp_types.Tool) -> None:
    for schema in _objects(spec.input_schema):
        for name, field in schema["properties"].items():
            assert field.get("description"), name
            assert "e.g." in field["description"] or "enum" in field or field["type"] in ("array", "boolean"), name
            assert field["type"] != "boolean" or field["description"].startswith("true"), name


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_titles_hints_and_descriptions_are_there_and_true(spec: mcp_types.Tool) -> None:
    assert spec.title
    assert spec.description
    assert len(spec.description.encode()) <= 2_048
    hints = spec.annotations
    assert hints is not None
    changes = spec.name in CHANGES
    assert (hints.read_only_hint, hints.destructive_hint, hints.open_world_hint) == (not changes, changes, True)
    assert (list(spec.input_schema["properties"])[-2:] == ["dry_run", "confirm"]) == changes
    assert (ASKS_FIRST in spec.description) == changes
    assert "first call" not in spec.description.lower()


async def test_the_legal_statement_has_no_default_and_says_what_to_do_in_doubt() -> None:
    schema = REGISTRY.specs[0].input_schema
    assert "message_type" in schema["required"]
    assert "ask the user" in schema["properties"]["message_type"]["description"]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("variant", [ResponseVariant(), VARIED], ids=["documented", "varied"])
@pytest.mark.parametrize("tool", list(EXAMPLES))
async def test_every_tool_works_with_either_type_of_every_drifting_field(
    tool: str, variant: ResponseVariant, mode: Mode
) -> None:
    async with hosted(mode=mode, variant=variant) as host:
        if tool == CANCEL_ORDER:
            sent = await host.confirm(SEND_SMS, EXAMPLES[SEND_SMS], send_at="2026-11-24T10:00")
            answer = await host.confirm(tool, order_id=sent["order_id"])
        elif tool in CHANGES:
            answer = await host.confirm(tool, EXAMPLES[tool])
        else:
            answer = await host.call(tool, EXAMPLES[tool])
    assert answer["outcome"] == ("done" if tool in CHANGES else "ok")
    assert len(host.wire.requests) == (2 if tool == CANCEL_ORDER else 1)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("tool", list(EXAMPLES))
async def test_an_unknown_argument_is_refused_by_its_name_and_nothing_is_sent(tool: str, mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        answer = await host.call(tool, {**EXAMPLES[tool], "simulate\n": True})
    assert answer["outcome"] == "nothing_done"
    assert "simulate?" in answer["summary"]
    assert host.wire.requests == []


@pytest.mark.parametrize("tool", list(EXAMPLES))
async def test_a_null_optional_argument_is_an_absent_one(tool: str) -> None:
    schema = next(spec for spec in SPECS if spec.name == tool).input_schema
    optional = dict.fromkeys(set(schema["properties"]) - set(schema.get("required", ())))
    async with hosted() as host:
        await host.call(GET_REPORTS)
        answer = await host.call(tool, {**optional, **EXAMPLES[tool]})
    assert answer["outcome"] in {"preview", "ok"}


async def test_arguments_may_be_left_out_altogether() -> None:
    async with hosted() as host:
        result = await host.client.call_tool(GET_BALANCE)
    assert host.check(GET_BALANCE, result)["outcome"] == "ok"


@pytest.mark.parametrize("mode", ERAS)
async def test_an_unknown_tool_is_the_protocols_own_error(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        with pytest.raises(MCPError) as caught:
            await host.client.call_tool("send_mms", {})
    assert caught.value.error.code == mcp_types.INVALID_PARAMS
    assert SEND_SMS in caught.value.error.message


async def test_an_unknown_tool_is_told_in_the_operators_language() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        with pytest.raises(MCPError, match="Bu adda bir araç yok"):
            await host.client.call_tool("send_mms", {})


@pytest.mark.parametrize("tool", list(EXAMPLES))
async def test_without_credentials_a_call_tells_how_to_get_and_set_them(tool: str) -> None:
    async with hosted(replace(LIVE, api_key=None)) as host:
        answer = await host.call(tool, EXAMPLES[tool])
    assert answer["outcome"] == "nothing_done"
    for word in ("ILETIMERKEZI_API_KEY", "ILETIMERKEZI_API_HASH", "Allow API access", "--sandbox"):
        assert word in answer["next_step"]
    assert host.wire.requests == []


@pytest.mark.parametrize("tool", list(EXAMPLES))
async def test_in_the_sandbox_every_answer_says_so(tool: str) -> None:
    async with hosted(Settings(sandbox=True, sender="FIRMAADI", brand_code="123456")) as host:
        good = await host.call(tool, EXAMPLES[tool])
        bad = await host.call(tool, {"x": 1})
        assert "SANDBOX" in (host.client.instructions or "")
    assert (good["sandbox"], bad["sandbox"]) == (True, True)


def test_a_tool_that_does_not_exist_cannot_be_offered() -> None:
    names = ", ".join(EXAMPLES)
    with pytest.raises(SettingsError) as caught:
        REGISTRY.offered(Settings(tools=(SEND_SMS, "send_mms")))
    assert caught.value.reason == Text(
        f"ILETIMERKEZI_TOOLS names send_mms, which is not a tool; the tools are {names}.",
        f"ILETIMERKEZI_TOOLS send_mms içeriyor, böyle bir araç yok; araçlar: {names}.",
    )


def test_of_the_tools_that_are_named_only_reads_are_offered_where_nothing_may_be_changed() -> None:
    named = Settings(tools=(SEND_SMS, GET_REPORT))
    assert REGISTRY.offered(named).names == [SEND_SMS, GET_REPORT]
    assert REGISTRY.offered(replace(named, read_only=True)).names == [GET_REPORT]
    assert REGISTRY.offered(Settings(read_only=True)).names == READS


async def test_a_refusal_never_gives_the_callers_data_back() -> None:
    async with hosted() as host:
        result = await host.client.call_tool(
            SEND_SMS, {**EXAMPLES[SEND_SMS], "recipients": ["canary"] * 3, "message_type": "canary"}
        )
    assert "canary" not in text_of(result)
    assert "pydantic" not in text_of(result)


@pytest.mark.parametrize(
    "stuffed",
    [
        {f"x{number}": 1 for number in range(MAX_FIELDS + 1)},
        {"consents": [{f"x{number}": 1 for number in range(100)} for _ in range(MAX_FIELDS // 100 + 1)]},
    ],
    ids=["arguments", "records"],
)
async def test_a_call_stuffed_with_fields_is_refused_as_one_and_not_field_by_field(stuffed: dict[str, Any]) -> None:
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, stuffed)
    assert (answer["outcome"], answer["summary"]) == (
        "nothing_done",
        "Nothing was done. The call may hold at most 50,000 fields in all.",
    )


async def test_the_tool_list_is_the_same_for_every_host_of_one_authorization() -> None:
    async def answer(*_: Any) -> mcp_types.ElicitResult:
        raise AssertionError

    hosts: list[dict[str, Any]] = [
        {},
        {"elicitation_callback": answer},
        {"client_info": mcp_types.Implementation(name="claude-code", version="2.0.0")},
        {"client_info": mcp_types.Implementation(name="n8n", version="1"), "elicitation_callback": answer},
    ]
    lists = []
    async with served() as at:
        for options in hosts:
            async with at.client("auto", **options) as client:
                lists.append((await client.list_tools()).model_dump_json(by_alias=True))
    assert lists == [lists[0]] * len(hosts)
