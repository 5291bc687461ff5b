"""Schemas as hosts read them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, create_model

from iletimerkezi_mcp.tools.fields import BrandCodeArgument, OrderIdArgument, PageArgument, capped_text
from iletimerkezi_mcp.tools.schema import plain_schema


class Row(BaseModel):
    """For those who read the code."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["a", "b"]


class Listing(BaseModel):
    """For those who read the code."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["ok", "failed"]
    rows: list[Row] | None = None
    note: Annotated[str | None, capped_text(40, "A note, e.g. x.")] = None


def test_what_a_caller_gives_is_described_whole() -> None:
    assert plain_schema(Listing) == {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "outcome": {"enum": ["ok", "failed"], "type": "string"},
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"status": {"enum": ["a", "b"], "type": "string"}},
                    "required": ["status"],
                },
            },
            "note": {"type": "string", "description": "A note, e.g. x."},
        },
        "required": ["outcome"],
    }


def test_an_answer_is_described_by_its_names_and_types() -> None:
    assert plain_schema(Listing, "serialization") == {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "outcome": {"type": "string"},
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"status": {"enum": ["a", "b"]}},
                },
            },
            "note": {"type": "string", "description": "A note, e.g. x."},
        },
    }


@pytest.mark.parametrize(
    ("argument", "pattern"), [(OrderIdArgument, "^[0-9]{1,20}$"), (BrandCodeArgument, "^[0-9]{0,20}$")]
)
def test_numbers_that_are_digits_have_their_pattern_in_the_schema(argument: Any, pattern: str) -> None:
    given = create_model("Given", number=(argument, ...), again=(argument | None, None), page=(PageArgument, 1))
    properties = plain_schema(given)["properties"]
    assert properties["number"]["pattern"] == properties["again"]["pattern"] == pattern
    assert "maximum" not in properties["page"]
