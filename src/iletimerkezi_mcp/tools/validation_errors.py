"""Validation errors in the field's own words: one plain sentence each, and never the caller's data back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from iletimerkezi_mcp.language import Text, count

from .arguments import BadArgumentsError, Problems

_Context = Mapping[str, Any]

_REASONS: dict[str, Callable[[_Context], Text]] = {
    "missing": lambda _: Text("is required", "zorunlu"),
    "string_type": lambda _: Text("must be a string", "metin olmalı"),
    "string_unicode": lambda _: Text(
        "holds a broken character (half of an emoji)", "bozuk bir karakter içeriyor (yarım emoji)"
    ),
    "int_type": lambda _: Text("must be a whole number", "tam sayı olmalı"),
    "list_type": lambda _: Text("must be a list", "liste olmalı"),
    "model_type": lambda _: Text("must be an object", "nesne olmalı"),
    "literal_error": lambda c: Text("must be ", "şunlardan biri olmalı: ") + _choices(c["expected"]),
    "string_pattern_mismatch": lambda _: Text(
        "must be digits only, at most 20", "yalnızca rakamlardan oluşmalı, en çok 20 hane"
    ),
    "too_long": lambda c: (
        Text("may hold at most ", "en çok ")
        + count(c["max_length"])
        + Text("; ask the user how to split it", " öğe olabilir; nasıl bölüneceğini kullanıcıya sorun")
    ),
    "too_short": lambda _: Text("must not be empty", "boş olamaz"),
    "string_too_long": lambda c: (
        Text("may have at most ", "en çok ") + count(c["max_length"]) + Text(" characters", " karakter olabilir")
    ),
    "string_too_short": lambda _: Text("must not be empty", "boş olamaz"),
    "greater_than_equal": lambda c: Text(f"must be {c['ge']} or more", f"en az {c['ge']} olmalı"),
    "less_than_equal": lambda c: Text("must be ", "en çok ") + count(c["le"]) + Text(" or less", " olabilir"),
}


def _choices(expected: str) -> Text:
    words = expected.replace("'", "")
    return Text(words, words.replace(" or ", " ya da "))


def explain(error: ValidationError, model: type[BaseModel]) -> BadArgumentsError:
    """`error` as the sentences to answer with. `model` supplies the argument names that exist."""
    problems = Problems()
    reasons: dict[tuple[str, ...], Text] = {}
    for detail in error.errors(include_url=False, include_input=False):
        # A batch can hold a hundred thousand errors: each kind is put into words once, and only those that are told.
        kind = (detail["type"], *(step for step in detail["loc"] if isinstance(step, str)))
        if kind in reasons or len(reasons) < Problems.SHOWN:
            if kind not in reasons:
                reasons[kind] = _reason(detail, model)
            problems.add(_place(detail["loc"]), reasons[kind])
        else:
            problems.add_more(1)
    return problems.error()


def _reason(detail: ErrorDetails, model: type[BaseModel]) -> Text:
    if detail["type"] == "extra_forbidden":
        *outer, name = detail["loc"]
        return _unknown(str(name), list(_model_at(outer, model).model_fields), nested=bool(outer))
    reason = _REASONS.get(detail["type"])
    return Text("cannot be used", "kullanılamaz") if reason is None else reason(detail.get("ctx", {}))


def _place(location: tuple[int | str, ...]) -> str:
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{_shown(step)}" for step in location)
    return shown.removeprefix(".")


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:40])


def _model_at(location: list[int | str], model: type[BaseModel]) -> type[BaseModel]:
    """The model whose fields stand at `location` in `model`."""
    for step in location:
        if isinstance(step, str):
            model = _models_in(model.model_fields[step].annotation)[0]
    return model


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _unknown(name: str, known: list[str], *, nested: bool) -> Text:
    """There is no such argument, or no such field of an object among the arguments (`nested`)."""
    # Loaded for a call that went wrong, not at every start.
    from difflib import get_close_matches

    close = get_close_matches(name[:40], known, n=1)
    if close:
        hint = Text(f"; did you mean {close[0]}?", f"; {close[0]} mi demek istediniz?")
    elif nested:
        hint = Text(f"; the fields are {', '.join(known)}", f"; alanlar: {', '.join(known)}")
    elif known:
        hint = Text(f"; the arguments are {', '.join(known)}", f"; parametreler: {', '.join(known)}")
    else:
        hint = Text("; it takes none", "; hiç parametre almaz")
    if nested:
        return Text("is no field of this object", "bu nesnede bulunmayan bir alan") + hint
    return Text("is no argument of this tool", "bu aracın parametresi değil") + hint
