"""Readers of the provider's JSON, with all its drift in types absorbed (contract, section 1.2).

:func:`envelope` reads a body as far as its code; the readers of fields turn the rest into plain types. Whatever cannot
be read raises :class:`MalformedAnswerError` and nothing else, however odd the bytes are. Every string that is let
through is cut to a length and holds no control character. Written by hand and not as pydantic models: those would sit
between the answer and the same dataclasses, cost the server's start 15 ms and the first answer a hundred, and every
field here needs a reader of its own anyway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

MAX_WORD: Final = 80
"""Characters of a name, a number, an address or a source that are let through."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


T = TypeVar("T")


class MalformedAnswerError(ValueError):
    """Raised if an answer is not the documented one. It holds nothing of the answer."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The part that all answers share. `code` is None if none can be read; `message` is as it came."""

    code: int | None
    message: str
    response: Mapping[str, Any]


def printable(text: str, limit: int) -> str:
    """Return `text` without control, direction-changing and unpaired characters, at most `limit` of them.

    Odd blanks become spaces.
    """
    plain = "".join(
        character if character.isprintable() else " " if character.isspace() else "" for character in text[: 4 * limit]
    )
    return plain[:limit]


def envelope(body: bytes) -> Envelope:
    """Read the envelope of an answer's bytes. Raises :class:`MalformedAnswerError`.

    Bytes that are not UTF-8 are replaced, for they can only be in the message. A key that occurs twice with two values
    leaves open which one counts, so such an answer is not readable.
    """
    with suppress(ValueError, RecursionError):
        document = json.loads(
            body.decode("utf-8-sig", "replace"), object_pairs_hook=_unambiguous, parse_constant=_refuse_constant
        )
        response = document.get("response") if isinstance(document, dict) else None
        status = response.get("status") if isinstance(response, dict) else None
        if isinstance(response, dict) and isinstance(status, dict):
            message = status.get("message")
            return Envelope(
                optional(read_integer, status.get("code")), message if isinstance(message, str) else "", response
            )
    # Outside the block, so that the error does not carry the parser's own, which holds the whole body.
    raise MalformedAnswerError("no envelope")


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs) and any(made[key] != value for key, value in pairs):
        raise MalformedAnswerError("one key, two values")
    return made


def _refuse_constant(name: str) -> float:
    raise MalformedAnswerError("NaN or an infinity")


def read_integer(value: object) -> int:
    """Read a whole number of at most 18 digits, as a number or as a string."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return value
    raise MalformedAnswerError("not a whole number")


def read_amount(value: object) -> float:
    """Read a finite number, as a number or as a string."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15:
        return float(value)
    raise MalformedAnswerError("not an amount")


def read_word(value: object) -> str:
    """Read a short text that is not blank, printable and at most :data:`MAX_WORD` long."""
    word = value if isinstance(value, str) else str(read_integer(value))
    if not word.strip():
        raise MalformedAnswerError("an empty word")
    return printable(word, MAX_WORD)


def read_number(value: object) -> str:
    """Read a phone number: canonical if it is certain which one it is, else as it came, for a read refuses nothing."""
    raw = read_word(value).strip()
    plain = raw.lstrip("+").replace(" ", "")
    if not (plain.isascii() and plain.isdigit()):
        return raw
    digits = plain.removeprefix("00")
    if raw.startswith(("+", "00")) or (len(digits) == 12 and digits.startswith("90")):
        return f"+{digits}"
    if len(digits) == 11 and digits.startswith("05"):
        return f"+9{digits}"
    if len(digits) == 10 and digits.startswith("5"):
        return f"+90{digits}"
    return raw


def optional(read: Callable[[object], T], value: object) -> T | None:
    """Read `value` with `read`; None if that cannot read it, for older answers lack such fields."""
    with suppress(MalformedAnswerError):
        return read(value)
    return None


def read_count(value: object) -> int | None:
    """Read a number from 0; None if there is none."""
    number = optional(read_integer, value)
    return number if number is not None and number >= 0 else None


def read_object(value: object) -> Mapping[str, Any]:
    """Return `value` if it is a JSON object."""
    if not isinstance(value, dict):
        raise MalformedAnswerError("not an object")
    return value


def read_list(value: object) -> list[Any]:
    """Read a list, also if the backend turned an empty one into ``{}``, ``""`` or null, or one element into itself."""
    if value is None or value in ("", {}):
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(_WHOLE.fullmatch(key) for key in value):
        return list(value.values())
    return [value]


def read_field(answer: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    """Return the JSON object that `answer` holds as `field`."""
    return read_object(answer.get(field))


def read_wrapper(answer: Mapping[str, Any], field: str, inner: str) -> Mapping[str, Any]:
    """Return the object `field` around the list `inner`, also if the backend sent the list bare, or an empty list."""
    if field not in answer:
        raise MalformedAnswerError(f"no {field}")
    value = answer[field]
    return value if isinstance(value, dict) else {inner: value}
