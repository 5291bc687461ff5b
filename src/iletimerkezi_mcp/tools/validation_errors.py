"""Validation errors in the field's own words: one plain sentence each, and never the caller's data back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.escape import cut

from .errors import BadArgumentsError, Problems
from .fields import ROUNDED

_REASONS: Final[Mapping[str, Text]] = {
    "missing": Text("is required", "zorunlu"),
    "string_type": Text("must be a string", "metin olmalı"),
    "string_unicode": Text(
        "has a character that is not valid Unicode (an unpaired surrogate)",
        "geçersiz bir Unicode karakteri içeriyor (eşi olmayan vekil karakter)",
    ),
    "int_type": Text("must be a whole number", "tam sayı olmalı"),
    "bool_type": Text("must be true or false", "true ya da false olmalı"),
    ROUNDED: Text(
        "is too large to be exact as a number with a decimal point, so it may have been rounded to another one; give "
        "its digits as a string",
        "ondalıklı sayı olarak tam gösterilemeyecek kadar büyük, yuvarlanıp başka bir numaraya dönüşmüş olabilir; "
        "rakamlarını metin olarak verin",
    ),
    "list_type": Text("must be a list (a JSON array)", "liste (JSON dizisi) olmalı"),
    "model_type": Text("must be an object", "nesne olmalı"),
    "literal_error": Text("must be {expected}", "şunlardan biri olmalı: {expected}"),
    "string_pattern_mismatch": Text("must be digits only, at most 20", "yalnızca rakamlardan oluşmalı, en çok 20 hane"),
    "too_long": Text(
        "may hold at most {max_length} entries; ask the user how to split it",
        "en çok {max_length} öğe içerebilir; nasıl bölüneceğini kullanıcıya sorun",
        person=Text("may hold at most {max_length} entries", "en çok {max_length} öğe içerebilir"),
    ),
    "too_short": Text("must not be empty", "boş olamaz"),
    "string_too_long": Text("may have at most {max_length} characters", "en çok {max_length} karakter olabilir"),
    "string_too_short": Text("must not be empty", "boş olamaz"),
    "greater_than_equal": Text("must be {ge} or more", "en az {ge} olmalı"),
    "less_than_equal": Text("must be {le} or less", "en çok {le} olabilir"),
}
"""A reason by pydantic's type of error; its fields are those of the error's context."""

_UNKNOWN: Final = Text("is unknown; the possible names are {names}", "bilinmiyor; kullanılabilecek adlar: {names}")
_SIMILAR: Final = Text("is unknown; did you mean {close}?", "bilinmiyor; {close} mi demek istediniz?")
_NO_ARGUMENTS: Final = Text("is unknown; this tool takes no arguments", "bilinmiyor; bu araç parametre almaz")


def bad_arguments(error: ValidationError, model: type[BaseModel]) -> BadArgumentsError:
    """Return `error` as the sentences to answer with; `model` supplies the argument names that exist."""
    problems = Problems()
    reasons: dict[tuple[str, ...], Text] = {}
    for detail in error.errors(include_url=False, include_input=False):
        # A batch can hold a hundred thousand errors: each kind is put into words once, and only those that are named.
        kind = (detail["type"], *(step for step in detail["loc"] if isinstance(step, str)))
        if kind not in reasons and len(reasons) < Problems.MAX_NAMED:
            reasons[kind] = _reason(detail, model)
        if kind in reasons:
            problems.add(_place(detail["loc"]), reasons[kind])
        else:
            problems.add_more(1)
    return problems.error()


def _reason(detail: ErrorDetails, model: type[BaseModel]) -> Text:
    if detail["type"] == "extra_forbidden":
        *outer, name = detail["loc"]
        return _unknown(str(name), list(_model_at(outer, model).model_fields))
    reason = _REASONS.get(detail["type"], Text("cannot be used", "kullanılamaz"))
    values = {name: value for name, value in detail.get("ctx", {}).items() if f"{{{name}}}" in reason.en}
    if "expected" in values:
        words = values["expected"].replace("'", "")
        values["expected"] = Text(words, words.replace(" or ", " ya da "))
    return reason.format(**values)


def _unknown(name: str, names: list[str]) -> Text:
    # Loaded for a call that went wrong, not at every start.
    from difflib import get_close_matches

    for close in get_close_matches(name[:40], names, n=1):
        return _SIMILAR.format(close=close)
    return _UNKNOWN.format(names=", ".join(names)) if names else _NO_ARGUMENTS


def _place(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{_printable(step)}" for step in location)
    return "".join(steps).removeprefix(".")


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in cut(name, 40))


def _model_at(location: list[int | str], model: type[BaseModel]) -> type[BaseModel]:
    """Return the model of the object at `location` in `model`."""
    for step in location:
        if isinstance(step, str):
            model = _models_in(model.model_fields[step].annotation)[0]
    return model


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
