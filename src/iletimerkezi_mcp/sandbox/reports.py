"""get-report and get-reports: how far an order is, worked out from its times (contract, sections 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from . import envelope, moments
from .request_context import Account, Json, RefusalError, RequestContext

REPORTS_PER_PAGE = 30
"""Orders on one page; fixed by the provider."""

MOST_DAYS = timedelta(days=10)
"""The widest gap between the two days of a range (section 6; the boundary is undocumented, this reads ``<=``)."""

_SUMMARY = """SELECT id, sender, accepted_at, send_at, stopped_at IS NOT NULL AS stopped, count(position) AS total,
    COALESCE(SUM(fate = 111 AND settles_at <= :now), 0) AS delivered,
    COALESCE(SUM(fate = 112 AND settles_at <= :now), 0) AS undelivered,
    COALESCE(SUM((fate = 111 AND settles_at <= :now) * credits), 0) AS price
    FROM orders JOIN recipients ON order_id = id WHERE id = :id GROUP BY id"""
_IDS = """SELECT id FROM orders WHERE accepted_at >= :start AND accepted_at < :end
    ORDER BY id LIMIT :rows OFFSET :skip"""
_COUNT = "SELECT count(*) FROM orders WHERE accepted_at >= :start AND accepted_at < :end"


def _summary(row: tuple[Any, ...]) -> Json:
    number, sender, accepted_at, send_at, stopped, total, delivered, undelivered, price = row
    if stopped:
        status, delivered, undelivered, waiting, price = 115, 0, 0, 0, 0
    else:
        waiting = total - delivered - undelivered
        status = 113 if waiting else 114
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


@dataclass(frozen=True, slots=True)
class GetReport:
    """One order and one page of its messages. `order_id` None is a number that no order can have."""

    order_id: int | None
    page: int
    rows: int

    @classmethod
    def read(cls, fields: Json, _account: Account) -> Self:
        """Raises :class:`RefusalError` 400 without an id, 464 for a page below 1."""
        order = envelope.child(fields, "order")
        if "id" not in order:
            raise RefusalError(400)
        return cls(envelope.whole_number(order["id"]), envelope.page(order), envelope.row_count(order))

    def numbers(self, _desk: RequestContext) -> tuple[str, ...]:
        """None: what the order's numbers do, they do elsewhere."""
        return ()

    def act(self, desk: RequestContext) -> Json:
        """Counters and messages; beyond the last page no messages (section 14, point 5: undocumented).

        Raises :class:`RefusalError` 455 for an unknown order, 456 for one whose time has not come.
        """
        row = desk.db.execute(_SUMMARY, {"id": self.order_id, "now": desk.now}).fetchone()
        if row is None:
            raise RefusalError(455)
        summary = _summary(row)
        if summary["status"] == 115:
            messages = []
        elif row[3] > desk.now:
            raise RefusalError(456)
        else:
            messages = [
                {"number": number, "status": status}
                for number, status in desk.db.execute(
                    "SELECT number, CASE WHEN settles_at <= ? THEN fate ELSE 110 END FROM recipients"
                    " WHERE order_id = ? ORDER BY position LIMIT ? OFFSET ?",
                    (desk.now, self.order_id, self.rows, envelope.offset(self.page, self.rows)),
                )
            ]
        return {"order": {**summary, "id": str(summary["id"]), "message": messages}}


@dataclass(frozen=True, slots=True)
class GetReports:
    """One page of the orders accepted from `start` to before `end`, in seconds since 1970."""

    start: float
    end: float
    page: int

    @classmethod
    def read(cls, fields: Json, _account: Account) -> Self:
        """``page`` counts inside ``filter`` alone. Raises :class:`RefusalError` 458 for the range, 464 for the page."""
        inner = envelope.child(fields, "filter")
        try:
            start, end = moments.read_day(inner.get("start")), moments.read_day(inner.get("end"))
        except ValueError:
            raise RefusalError(458) from None
        if not timedelta() <= end - start <= MOST_DAYS:
            raise RefusalError(458)
        return cls(moments.midnight(start), moments.midnight(end) + 86_400, envelope.page(inner))

    def numbers(self, _desk: RequestContext) -> tuple[str, ...]:
        """None: a read of many orders."""
        return ()

    def act(self, desk: RequestContext) -> Json:
        """How many there are, and the page, oldest first."""
        span = {"start": self.start, "end": self.end}
        (count,) = desk.db.execute(_COUNT, span).fetchone()
        skip = envelope.offset(self.page, REPORTS_PER_PAGE)
        ids = desk.db.execute(_IDS, {**span, "rows": REPORTS_PER_PAGE, "skip": skip}).fetchall()
        orders = [
            _summary(desk.db.execute(_SUMMARY, {"id": order_id, "now": desk.now}).fetchone()) for (order_id,) in ids
        ]
        for order in orders:
            del order["price"]
        return {"count": count, "orders": orders}
