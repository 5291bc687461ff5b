"""get-report and get-reports: how far an order is, worked out from its times (contract, sections 5 and 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from . import envelope, moments
from .request_context import Json, RefusalError, RequestContext

REPORTS_PER_PAGE = 30
"""Orders on one page; fixed by the provider."""

MAX_DAYS = timedelta(days=10)
"""The widest gap between the two days of a range (section 6; the boundary is undocumented, this reads ``<=``)."""

_SUMMARY = """SELECT id, sender, accepted_at, send_at, stopped_at IS NOT NULL AS stopped, count(position) AS total,
    COALESCE(SUM(fate = 111 AND settles_at <= :now), 0) AS delivered,
    COALESCE(SUM(fate = 112 AND settles_at <= :now), 0) AS undelivered,
    COALESCE(SUM((fate = 111 AND settles_at <= :now) * credits), 0) AS price
    FROM orders JOIN recipients ON order_id = id WHERE id = :id GROUP BY id"""
_MESSAGES = """SELECT number, CASE WHEN settles_at <= :now THEN fate ELSE 110 END FROM recipients
    WHERE order_id = :id ORDER BY position LIMIT :rows OFFSET :skip"""
_IDS = """SELECT id FROM orders WHERE accepted_at >= :start AND accepted_at < :end
    ORDER BY id LIMIT :rows OFFSET :skip"""
_COUNT = "SELECT count(*) FROM orders WHERE accepted_at >= :start AND accepted_at < :end"


def get_report(fields: Json, context: RequestContext) -> Json:
    """Return an order's counters and one page of its messages; beyond the last page none (section 14, point 5).

    Raises :class:`RefusalError` 400 without an id, 464 for a page below 1, 455 for an unknown order, 456 for one whose
    time has not come.
    """
    order = envelope.child(fields, "order")
    which = {"id": envelope.order_id(order), "now": context.now}
    page = envelope.page(order, envelope.row_count(order))
    row = context.db.execute(_SUMMARY, which).fetchone()
    if row is None:
        raise RefusalError(455)
    summary = _summary(row)
    messages: list[Json] = []
    if summary["status"] != 115:
        if row[3] > context.now:
            raise RefusalError(456)
        rows = context.db.execute(_MESSAGES, which | page)
        messages = [{"number": number, "status": status} for number, status in rows]
    return {"order": {**summary, "id": str(summary["id"]), "message": messages}}


def get_reports(fields: Json, context: RequestContext) -> Json:
    """Return how many orders a range of days has, and one page of them, oldest first.

    ``page`` counts inside ``filter`` alone. Raises :class:`RefusalError` 400 without ``filter``, 458 for the range, 464
    for the page.
    """
    inner = envelope.child(fields, "filter")
    try:
        start, end = moments.read_day(inner.get("start")), moments.read_day(inner.get("end"))
    except ValueError:
        raise RefusalError(458) from None
    if not timedelta() <= end - start <= MAX_DAYS:
        raise RefusalError(458)
    page = envelope.page(inner, REPORTS_PER_PAGE)
    span = {"start": moments.midnight(start), "end": moments.midnight(end) + moments.DAY}
    (count,) = context.db.execute(_COUNT, span).fetchone()
    ids = context.db.execute(_IDS, span | page).fetchall()
    rows = [context.db.execute(_SUMMARY, {"id": order_id, "now": context.now}).fetchone() for (order_id,) in ids]
    orders = [_summary(row) for row in rows]
    for order in orders:
        del order["price"]
    return {"count": count, "orders": orders}


def _summary(row: tuple[Any, ...]) -> Json:
    number, sender, accepted_at, send_at, stopped, total, delivered, undelivered, price = row
    waiting = total - delivered - undelivered
    status = 113 if waiting else 114
    if stopped:
        status, delivered, undelivered, waiting, price = 115, 0, 0, 0, 0
    return {
        "id": number,
        "status": status,
        "total": total,
        "delivered": delivered,
        "undelivered": undelivered,
        "waiting": waiting,
        "submitAt": moments.write(accepted_at),
        "sendAt": moments.write(send_at),
        "sender": sender,
        "price": price,
    }
