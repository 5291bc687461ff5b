"""Validation errors in the field's own words: one plain sentence each, and never the caller's data back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from iletimerkezi_mcp.language import Text

from .errors import BadArgumentsError, Problems

_REASONS: dict[str, Callable[[Mapping[str, Any]], Text]] = {
    "missing": lambda _: Text("is required", "zorunlu"),
    "string_type": lambda _: Text("must be a string", "metin olmalı"),
    "string_unicode": lambda _: Text(
        "has a character that is not valid Unicode (an unpaired surrogate)",
        "geçersiz bir Unicode karakteri içeriyor (eşsiz vekil karakter)",
    ),
    "int_type": lambda _: Text("must be a whole number", "tam sayı olmalı"),
    "list_type": lambda _: Text("must be a list", "liste olmalı"),
    "model_type": lambda _: Text("must be an object", "nesne olmalı"),
    "literal_error": lambda context: Text("must be {choices}", "şunlardan biri olmalı: {choices}").format(
        choices=_choices(context["expected"])
    ),
    "string_pattern_mismatch": lambda _: Text(
        "must be digits only, at most 20", "yalnızca rakamlardan oluşmalı, en çok 20 hane"
    ),
    "too_long": lambda context: Text(
        "may hold at most {most}; ask the user how to split it",
        "en çok {most} öğe içerebilir; nasıl bölüneceğini kullanıcıya sorun",
    ).format(most=context["max_length"]),
    "too_short": lambda _: Text("must not be empty", "boş olamaz"),
    "string_too_long": lambda context: Text(
        "may have at most {most} characters", "en çok {most} karakter olabilir"
    ).format(most=context["max_length"]),
    "string_too_short": lambda _: Text("must not be empty", "boş olamaz"),
    "greater_than_equal": lambda context: Text("must be {least} or more", "en az {least} olmalı").format(
        least=context["ge"]
    ),
    "less_than_equal": lambda context: Text("must be {most} or less", "en çok {most} olabilir").format(
        most=context["le"]
    ),
}


def _choices(expected: str) -> Text:
    words = expected.replace("'", "")
    return Text(words, words.replace(" or ", " ya da "))


def bad_arguments(error: ValidationError, model: type[BaseModel]) -> BadArgumentsError:
    """Return `error` as the sentences to answer with; `model` supplies the argument names that exist."""
    problems = Problems()
    reasons: dict[tuple[str, ...], Text] = {}
    for detail in error.errors(include_url=False, include_input=False):
        # A batch can hold a hundred thousand errors: each kind is put into words once, and only those that are named.
        kind = (detail["type"], *(step for step in detail["loc"] if isinstance(step, str)))
        if kind in reasons or len(reasons) < Problems.MOST:
            if kind not in reasons:
                reasons[kind] = _reason(detail, model)
            problems.add(_place(detail["loc"]), reasons[kind])
        else:
            problems.add_more(1)
    return problems.error()


def _reason(detail: ErrorDetails, model: type[BaseModel]) -> Text:
    if detail["type"] == "extra_forbidden":
        *outer, name = detail["loc"]
        names = list(_model_at(outer, model).model_fields)
        return _unknown_field(str(name), names) if outer else _unknown_argument(str(name), names)
    reason = _REASONS.get(detail["type"])
    return Text("cannot be used", "kullanılamaz") if reason is None else reason(detail.get("ctx", {}))


def _place(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{_printable(step)}" for step in location)
    return "".join(steps).removeprefix(".")


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:40])


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


def _unknown_argument(name: str, names: list[str]) -> Text:
    if close := _closest(name, names):
        return Text(
            "is no argument of this tool; did you mean {close}?",
            "bu aracın parametresi değil; {close} mi demek istediniz?",
        ).format(close=close)
    if not names:
        return Text("is no argument of this tool; it takes none", "bu aracın parametresi değil; araç parametre almaz")
    return Text(
        "is no argument of this tool; the arguments are {names}", "bu aracın parametresi değil; parametreler: {names}"
    ).format(names=", ".join(names))


def _unknown_field(name: str, names: list[str]) -> Text:
    if close := _closest(name, names):
        return Text(
            "is no field of this object; did you mean {close}?", "bu nesnenin alanı değil; {close} mi demek istediniz?"
        ).format(close=close)
    return Text(
        "is no field of this object; the fields are {names}", "bu nesnenin alanı değil; alanlar: {names}"
    ).format(names=", ".join(names))


def _closest(name: str, names: list[str]) -> str | None:
    # Loaded for a call that went wrong, not at every start.
    from difflib import get_close_matches

    return next(iter(get_close_matches(name[:40], names, n=1)), None)
