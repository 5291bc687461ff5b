"""Readers of the provider's answers, with all their drift in types absorbed (contract, section 1.2).

:func:`read_response` returns the result of a success and raises a failure as what it is; the readers of fields turn the
result into plain types. Whatever cannot be read raises :class:`MalformedAnswerError` and nothing else, however odd the
bytes are. Every string that is let through is cut to a length and holds no control character. Written by hand and not
as pydantic models: those would sit between the answer and the same dataclasses, cost the server's start 15 ms and the
first answer 100 ms, and every field here needs a reader of its own anyway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from iletimerkezi_mcp.sms.escape import cut

from .codes import GAVE_UP_WAITING
from .errors import AnswerUnreadable, Redirected, Refused, ServerFailed, Throttled
from .operation import Operation

MAX_WORD: Final = 80
"""Characters of a name, a number, an address or a source that are let through."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"(?=.*[0-9])[0-9 +()./*-]{1,40}")
"""The signs of a phone number: digits, what people put between them, and asterisks that hide some."""

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")

_LAST_YEAR: Final = 9000
_MOVED: Final = frozenset({301, 307, 308})

T = TypeVar("T")


class MalformedAnswerError(ValueError):
    """Raised if an answer is not the documented one. It holds nothing of the answer."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The part that all answers share. `code` is None if none can be read."""

    code: int | None
    response: Mapping[str, Any]


def printable(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`: no control, direction-changing or unpaired ones, odd blanks as spaces."""
    plain = "".join(
        character if character.isprintable() else " " if character.isspace() else "" for character in text[: 4 * limit]
    )
    return cut(plain, limit)


def read_response(
    operation: Operation[Any, Any], status: int, body: bytes, retry_after: float | None = None
) -> Mapping[str, Any]:
    """Return the ``response`` object of a success; raise anything else as the :class:`.ApiError` that it is.

    Success is HTTP 2xx *and* a body code of 200, int or string (contract, section 1.1). A 4xx code in the body is the
    provider's own word and wins over the HTTP status. A 4xx HTTP status without a readable code is a refusal too, for
    the server that gave it did not carry the request out; 408 is not, for it comes from a server that was already at
    work on it.
    """
    if status in _MOVED:
        raise Redirected(operation)
    answer = read_envelope(body)
    if answer.code == 200 and 200 <= status < 300:
        return answer.response
    decisive = status if answer.code is None else answer.code
    if decisive == 429:
        raise Throttled(operation, retry_after)
    if 400 <= decisive < 500 and decisive != GAVE_UP_WAITING:
        raise Refused(decisive, operation)
    if status >= 500 or decisive >= 500 or decisive == GAVE_UP_WAITING:
        raise ServerFailed(operation, decisive if decisive >= 400 else status, retry_after)
    raise AnswerUnreadable(operation)


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Read the seconds of a ``Retry-After`` header, which has seconds or an HTTP date; None if it has neither."""
    if value is not None and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return float(value)
    moment = read_date(value)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def read_date(value: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110, section 5.6.7); None if it is not one, or is too late to be calculated with."""
    if value is None:
        return None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.year > _LAST_YEAR:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def read_envelope(body: bytes) -> Envelope:
    """Read the envelope of an answer's bytes; an empty one if they hold none."""
    with suppress(MalformedAnswerError):
        document = read_json(body)
        response = document.get("response") if isinstance(document, dict) else None
        status = response.get("status") if isinstance(response, dict) else None
        if isinstance(response, dict) and isinstance(status, dict):
            return Envelope(optional(read_integer, status.get("code")), response)
    return Envelope(None, {})


def read_json(body: bytes) -> object:
    """Read the bytes of a JSON document, with or without a byte order mark.

    Bytes that are not UTF-8 are replaced, for they can only be in the message. A key that occurs twice with two values
    leaves open which one counts, so such a document is not readable.
    """
    try:
        document: object = json.loads(
            body.decode("utf-8-sig", "replace"), object_pairs_hook=_unambiguous, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise MalformedAnswerError("not a JSON document") from None
    return document


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs) and any(fields[key] != value for key, value in pairs):
        raise MalformedAnswerError("one key, two values")
    return fields


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
    """Read a phone number: canonical if it is certain which one it is, else as it came if it can be one at all."""
    raw = read_word(value).strip()
    if not _NUMBER.fullmatch(raw):
        raise MalformedAnswerError("not a phone number")
    plain = raw.lstrip("+").replace(" ", "")
    if not plain.isdigit():
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
    try:
        return read(value)
    except MalformedAnswerError:
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


def read_rows(value: object, read: Callable[[Any], T], *, besides: bool = False) -> tuple[tuple[T, ...], int]:
    """Read each row of a list with `read`; return those that it can read, and the number of the others.

    If it can read none of them the list is not the documented one; with `besides` the answer tells more than the list.
    """
    rows = [optional(read, row) for row in read_list(value)]
    readable = tuple(row for row in rows if row is not None)
    if rows and not readable and not besides:
        raise MalformedAnswerError("no row is readable")
    return readable, len(rows) - len(readable)


def read_wrapper(answer: Mapping[str, Any], field: str, inner: str) -> Mapping[str, Any]:
    """Return the object `field` around the list `inner`, also if the backend sent the list bare, or an empty list."""
    if field not in answer:
        raise MalformedAnswerError(f"no {field}")
    value = answer[field]
    return value if isinstance(value, dict) else {inner: value}
