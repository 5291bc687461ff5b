"""Whatever a tool is called with is carried out or refused, in words, before anything leaves."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest
from anyio.from_thread import BlockingPortal
from hypothesis import event, given, note
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.escape import is_blank
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from tests.hosting import ERAS

from .arguments import CANARY, object_for, spoilt
from .effort import at_cost
from .hosts import Line, line, portal

SCHEMAS: dict[str, dict[str, Any]] = {spec.name: spec.input_schema for spec in REGISTRY.specs}
READS = {spec.name for spec in REGISTRY.specs if spec.annotations and spec.annotations.read_only_hint}

LONGEST_REFUSAL = 3_000
"""Characters of an answer to a call that was refused for its arguments."""


@pytest.fixture(scope="module")
def loop() -> Iterator[BlockingPortal]:
    with portal() as opened:
        yield opened


@pytest.fixture(scope="module", params=ERAS)
def host(request: pytest.FixtureRequest, loop: BlockingPortal) -> Iterator[Line]:
    with line(loop, mode=request.param) as connected:
        yield connected


def surely_wrong(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    """Return if the schema refuses `arguments` even when read as leniently as the tools read them.

    A null is an absent argument, and so is an optional blank one; a number may stand where its digits are meant. What is
    no number in JSON (NaN, infinity) travels as null.
    """

    def kind(value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value.strip() if isinstance(value, str) else value

    required = schema.get("required", [])
    kept: dict[str, Any] = {}
    for name, value in arguments.items():
        if isinstance(value, float) and not math.isfinite(value) and name in schema.get("properties", {}):
            continue
        known = schema.get("properties", {}).get(name)
        if known is None:
            kept[name] = value
        elif value is not None and not (isinstance(value, str) and name not in required and is_blank(value)):
            textual = known.get("type") == "string" or any(
                one.get("type") == "string" for one in known.get("anyOf", ())
            )
            kept[name] = kind(value) if textual else value
    return not jsonschema.Draft202012Validator(schema).is_valid(kept)


def asked(host: Line, tool: str, arguments: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return the answer, which :class:`Host` holds against its schema, and how many requests went out for it."""
    before = len(host.host.wire.requests)
    answer = host.call(tool, arguments)
    event(f"{tool}: {answer['outcome']}")
    return answer, len(host.host.wire.requests) - before


@pytest.mark.parametrize("tool", sorted(SCHEMAS))
@at_cost(10)
@given(data=st.data())
def test_what_the_schema_allows_is_taken_or_refused_in_words(host: Line, data: st.DataObject, tool: str) -> None:
    arguments = data.draw(object_for(SCHEMAS[tool], SCHEMAS[tool]))
    answer, requests = asked(host, tool, arguments)
    note(str(answer))
    if answer["outcome"] in {"nothing_done", "preview", "dry_run", "held_back"}:
        assert requests == 0
    else:
        # Nothing is changed without a code, and none of those made up here is one.
        assert tool in READS
        assert requests == 1


@pytest.mark.parametrize("tool", sorted(SCHEMAS))
@at_cost(7)
@given(data=st.data())
def test_what_is_spoilt_is_refused_without_a_request_and_not_repeated(
    host: Line, data: st.DataObject, tool: str
) -> None:
    arguments = data.draw(spoilt(SCHEMAS[tool]))
    answer, requests = asked(host, tool, arguments)
    note(str(answer)[:2_000])
    if surely_wrong(SCHEMAS[tool], arguments):
        assert answer["outcome"] == "nothing_done"
    if answer["outcome"] == "nothing_done":
        assert requests == 0
        told = json.dumps(answer, ensure_ascii=False)
        assert len(told) <= LONGEST_REFUSAL
        if not any(CANARY in name for name in arguments) and "confirm" not in answer:
            assert CANARY not in told
    elif tool not in READS:
        assert answer["outcome"] in {"preview", "dry_run"}
        assert requests == 0


@pytest.mark.parametrize("tool", sorted(SCHEMAS))
def test_the_generator_makes_what_the_schema_allows(tool: str) -> None:
    schema = SCHEMAS[tool]

    @at_cost(4)
    @given(object_for(schema, schema))
    def made(arguments: dict[str, Any]) -> None:
        jsonschema.validate(arguments, schema)

    made()
