"""The envelope of every request: ``{"request": {"authentication": {...}, <field>: {...}}}`` (contract, section 1)."""

from __future__ import annotations

import json
import re

from .request_context import Json, RefusalError

_DIGITS = re.compile(r"[0-9]{1,18}")


def read(body: bytes) -> Json:
    """What stands under ``request``. Raises :class:`RefusalError` 400 when the body is not such an object."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusalError(400) from None
    return child(whole, "request")


def child(parent: object, name: str) -> Json:
    """The object `name` in `parent`. Raises :class:`RefusalError` 400 when either is none."""
    inner = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(inner, dict):
        raise RefusalError(400)
    return inner


def text(parent: Json, name: str) -> str:
    """The string `name` in `parent`; absent is empty. Raises :class:`RefusalError` 400 for another type."""
    value = parent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RefusalError(400)
    return value


def whole_number(value: object) -> int | None:
    """`value` as a number of 18 digits at most, be it sent as a number or as a string of digits."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        return value
    return None


def page(parent: Json) -> int:
    """The page asked for, from 1. Raises :class:`RefusalError` 464 for anything that is no page."""
    number = whole_number(parent.get("page", 1))
    if number is None or number < 1:
        raise RefusalError(464)
    return number


def row_count(parent: Json) -> int:
    """The rows of a page, 1,000 by default; more than 1,000 give 1,000 (contract, section 5).

    Raises :class:`RefusalError` 400 for anything that is no count.
    """
    number = whole_number(parent.get("rowCount", 1000))
    if number is None or number < 1:
        raise RefusalError(400)
    return min(number, 1000)


def offset(page_number: int, rows: int) -> int:
    """How many rows to skip, held within what the books can count."""
    return min((page_number - 1) * rows, 2**62)
