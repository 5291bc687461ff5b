"""The envelope of every request: ``{"request": {"authentication": {...}, <field>: {...}}}`` (contract, section 1)."""

from __future__ import annotations

import json
import re

from .request_context import Json, RefusalError

_DIGITS = re.compile(r"[0-9]{1,18}")

MAX_ROWS = 1000
"""Rows of a page; a request for more gets this many (contract, section 5)."""


def read(body: bytes) -> Json:
    """Return the object under ``request``. Raises :class:`RefusalError` 400 if `body` does not hold one."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusalError(400) from None
    return child(whole, "request")


def child(parent: object, name: str) -> Json:
    """Return the object `name` in `parent`. Raises :class:`RefusalError` 400 if either is something else."""
    inner = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(inner, dict):
        raise RefusalError(400)
    return inner


def text(parent: Json, name: str) -> str:
    """Return the string `name` in `parent`; absent is empty. Raises :class:`RefusalError` 400 for another type."""
    value = parent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RefusalError(400)
    return value


def whole_number(value: object) -> int | None:
    """Return `value` as a number of 18 digits at most, be it sent as a number or as a string of digits."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        return value
    return None


def order_id(order: Json) -> int | None:
    """Return the number of an order, None for one that no order can have. Raises :class:`RefusalError` 400 without one."""
    if "id" not in order:
        raise RefusalError(400)
    return whole_number(order["id"])


def page(parent: Json, rows: int) -> dict[str, int]:
    """Return the page of `rows` rows that is asked for, as SQL's ``rows`` and ``skip``.

    Raises :class:`RefusalError` 464 for anything but a number from 1 on.
    """
    number = whole_number(parent.get("page", 1))
    if not number:
        raise RefusalError(464)
    return {"rows": rows, "skip": min((number - 1) * rows, 2**62)}


def row_count(parent: Json) -> int:
    """Return the rows of a page. Raises :class:`RefusalError` 400 for anything that is no count."""
    number = whole_number(parent.get("rowCount", MAX_ROWS))
    if not number:
        raise RefusalError(400)
    return min(number, MAX_ROWS)
