"""Validation errors in plain words."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.tools.account import NoArguments
from iletimerkezi_mcp.tools.fields import OrderIdArgument
from iletimerkezi_mcp.tools.validation_errors import bad_arguments


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    source: str
    amount: Annotated[float, Field(gt=0)] = 1.0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    order_id: OrderIdArgument = "1"
    inners: list[Inner] | None = None


def reason(given: dict[str, Any], model: type[BaseModel] = Outer) -> Text:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given)
    return bad_arguments(refused.value, model).reason


def test_an_unknown_argument_is_named_with_what_was_probably_meant() -> None:
    assert reason({"name": "x", "nmae": 1}) == Text(
        "nmae is unknown; did you mean name?",
        "nmae bilinmiyor; name mi demek istediniz?",
    )
    assert reason({"name": "x", "zzz": 1}) == Text(
        "zzz is unknown; the possible names are name, order_id, inners.",
        "zzz bilinmiyor; kullanılabilecek adlar: name, order_id, inners.",
    )
    assert reason({"x": 1}, NoArguments) == Text(
        "x is unknown; this tool takes no arguments.", "x bilinmiyor; bu araç parametre almaz."
    )


def test_an_unknown_field_of_an_entry_is_measured_by_the_entrys_own_fields() -> None:
    assert reason({"name": "x", "inners": [{"source": "a"}, {"source": "a", "soruce": 1}]}) == Text(
        "inners[1].soruce is unknown; did you mean source?",
        "inners[1].soruce bilinmiyor; source mi demek istediniz?",
    )
    assert reason({"name": "x", "inners": [{"source": "a", "name": 1}]}) == Text(
        "inners[0].name is unknown; the possible names are source, amount.",
        "inners[0].name bilinmiyor; kullanılabilecek adlar: source, amount.",
    )


def test_digits_are_asked_for_with_their_number() -> None:
    assert reason({"name": "x", "order_id": "12a"}) == Text(
        "order_id must be digits only, at most 20.", "order_id yalnızca rakamlardan oluşmalı, en çok 20 hane."
    )


def test_an_error_without_words_of_its_own_is_told_all_the_same() -> None:
    assert reason({"name": "x", "inners": [{"source": "a", "amount": -1.0}]}) == Text(
        "inners[0].amount cannot be used.", "inners[0].amount kullanılamaz."
    )


def test_of_a_hundred_thousand_errors_each_kind_is_told_once_and_all_are_counted() -> None:
    entry: dict[str, Any] = {"source": 1, **{f"unknown{number}": 1 for number in range(19)}}
    text = reason({"inners": [entry] * 5_000})
    assert text.en.startswith(
        "name is required. inners[0].source must be a string. The same goes for [1], [2], [3], [4] and 4,995 more. "
        "inners[0].unknown0 is unknown; the possible names are source, amount. "
    )
    assert text.en.endswith(" And 80,000 more.")
    assert text.tr.endswith(" 80.000 sorun daha var.")
    assert len(text.en) < 1_000


def test_an_argument_that_follows_many_bad_entries_is_told_too() -> None:
    assert reason({"name": 1, "inners": [1] * 500, "x": 1}).en == (
        "name must be a string. inners[0] must be an object. The same goes for [1], [2], [3], [4] and 495 more. "
        "x is unknown; the possible names are name, order_id, inners."
    )
