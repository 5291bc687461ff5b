"""get-blacklist, add-blacklist and delete-blacklist (contract, section 9)."""

from __future__ import annotations

from . import envelope, moments, phones
from . import magic_numbers as magic
from .request_context import Json, RefusalError, RequestContext

_COUNT = "SELECT count(*) FROM blacklist WHERE CAST(added_at AS INTEGER) BETWEEN :start AND :end"
_PAGE = """SELECT number FROM blacklist WHERE CAST(added_at AS INTEGER) BETWEEN :start AND :end
    ORDER BY added_at, rowid LIMIT :rows OFFSET :skip"""

_FOR_EVER = frozenset(number for number, fate in magic.FATES.items() if fate == "blacklisted")


def blocked(context: RequestContext) -> set[str]:
    """Return the numbers to which nothing may be sent."""
    return {number for (number,) in context.db.execute("SELECT number FROM blacklist")} | _FOR_EVER


def get_blacklist(fields: Json, context: RequestContext) -> Json:
    """Return one page, oldest first, and how many numbers the filter lets through (section 14, point 6: undocumented).

    Everything is optional and belongs under ``blacklist``; what is beside it is not seen. Raises
    :class:`RefusalError` 400 for a wrong shape, 464 for a page below 1.
    """
    inner = envelope.child(fields, "blacklist") if "blacklist" in fields else {}
    between = envelope.child(inner, "filter") if "filter" in inner else {}
    try:
        start = moments.read(between["start"]).timestamp() if "start" in between else 0.0
        end = moments.read(between["end"]).timestamp() if "end" in between else float("inf")
    except ValueError:
        raise RefusalError(400) from None
    span = {"start": start, "end": end}
    page = envelope.page(inner, envelope.row_count(inner))
    (count,) = context.db.execute(_COUNT, span).fetchone()
    rows = context.db.execute(_PAGE, span | page)
    return {"blacklist": {"count": count, "number": [number for (number,) in rows]}}


def add_blacklist(fields: Json, context: RequestContext) -> Json:
    """Block a number; a number that is blocked already stays so, and that is no error (section 9.2).

    Raises :class:`RefusalError` 400 for a wrong shape, 466 for what is no number.
    """
    context.db.execute(
        "INSERT INTO blacklist (number, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (_number(fields, context), context.now),
    )
    return {}


def delete_blacklist(fields: Json, context: RequestContext) -> Json:
    """Take a number off the list.

    Raises :class:`RefusalError` 400 for a wrong shape, 466 for what is no number, 474 for a number that is not on the
    list (section 9.3).
    """
    number = _number(fields, context)
    deleted = context.db.execute("DELETE FROM blacklist WHERE number = ?", (number,)).rowcount
    if not deleted or number in _FOR_EVER:
        raise RefusalError(474)
    return {}


def _number(fields: Json, context: RequestContext) -> str:
    raw = envelope.child(fields, "blacklist").get("number")
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise RefusalError(400)
    number = phones.read(str(raw), abroad=context.account.abroad)
    if number is None:
        raise RefusalError(466)
    magic.apply(context, [number])
    return number
