"""Validation errors in the field's own words: one plain sentence each, and never the caller's data back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from iletimerkezi_mcp.language import Text, count

from .arguments import BadArgumentsError

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
    "string_pattern_mismatch": lambda _: Text("must be digits only, at most 20", "yalnızca rakam olmalı, en çok 20"),
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
    return BadArgumentsError(
        [_sentence(detail, model) for detail in error.errors(include_url=False, include_input=False)]
    )


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> Text:
    where = _place(detail["loc"])
    if detail["type"] == "extra_forbidden":
        return _unknown_argument(where, str(detail["loc"][-1]), list(model.model_fields))
    reason = _REASONS.get(detail["type"])
    if reason is None:
        return Text(f"{where} cannot be used", f"{where} kullanılamaz")
    return Text(f"{where} ", f"{where} ") + reason(detail.get("ctx", {}))


def _place(location: tuple[int | str, ...]) -> str:
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{_shown(step)}" for step in location)
    return shown.removeprefix(".")


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:40])


def _unknown_argument(where: str, name: str, known: list[str]) -> Text:
    close = get_close_matches(name, known, n=1)
    if close:
        hint = Text(f"; did you mean {close[0]}?", f"; {close[0]} mi demek istediniz?")
    elif known:
        hint = Text(f"; the arguments are {', '.join(known)}", f"; argümanlar: {', '.join(known)}")
    else:
        hint = Text("; it takes none", "; hiç argüman almaz")
    return Text(f"{where} is no argument of this tool", f"{where} bu aracın argümanı değil") + hint
