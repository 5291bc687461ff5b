"""Reports read to their last page: all recipients of an order, and all orders of a month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from anyio import lowlevel

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.language import TELL_USER, Text
from iletimerkezi_mcp.lists.writing import MAX_SHEET_ROWS
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.errors import Refused
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.provider.orders import MessageRow, OrderId, OrdersQuery, OrderStatus, OrderSummary, ReportQuery
from iletimerkezi_mcp.sms.times import MAX_REPORT_DAYS

from .context import ServerContext
from .errors import PreconditionError
from .order_report import NOT_YET

MAX_RECIPIENTS = MAX_SHEET_ROWS - 1
"""Recipients in one file: as many as a sheet has rows below its header."""

MAX_MONTH_ORDERS = 5_000
"""Orders in one file: each costs a request of its own, for its price."""

RowT = TypeVar("RowT")

Page = tuple[Sequence[RowT], int, int | None]
"""The rows of a page, how many of it could not be read, and how many all pages have, if that is known."""


@dataclass(frozen=True, slots=True)
class WholeReport:
    """An order and all its recipients; `missing` counts those that no page showed, or not readably."""

    summary: OrderSummary
    rows: Sequence[MessageRow]
    missing: int


@dataclass(slots=True)
class ReportReader:
    """Reads whole reports for one call, and tells its caller how many rows it has."""

    context: ServerContext
    caller: Caller
    done: int = 0

    async def read_order(self, order_id: OrderId) -> WholeReport | None:
        """Read all recipients of an order; None if its time has not come.

        Raises :class:`.ApiError` if a page cannot be read, and :class:`.PreconditionError` for more recipients than a file
        may have, together with those read before, and if the same page comes again.
        """
        summary: OrderSummary | None = None

        async def read(page: int) -> Page[MessageRow]:
            nonlocal summary
            report = await self.context.client.call(provider.GET_REPORT, ReportQuery(order_id, page))
            summary = report.summary
            return report.rows, report.unreadable, report.summary.total

        try:
            rows, total = await self._read_pages(read, MAX_PAGE_SIZE, MAX_RECIPIENTS - self.done)
        except Refused as error:
            if error.code != NOT_YET:
                raise
            return None
        assert summary is not None
        return WholeReport(summary, rows, max(total - len(rows), 0))

    async def read_month(self, first: date, today: date) -> tuple[list[OrderSummary], int]:
        """Read the orders submitted in the month from `first` on, until `today`, with their prices; and count the missing.

        Raises as :meth:`read_order` does.
        """
        orders: dict[OrderId, OrderSummary] = {}
        missing, start = 0, first
        end = min(first.replace(day=monthrange(first.year, first.month)[1]), today)
        while start <= end:
            last = min(start + timedelta(days=MAX_REPORT_DAYS - 1), end)

            async def read(page: int, start: date = start, last: date = last) -> Page[OrderSummary]:
                listed = await self.context.client.call(provider.GET_REPORTS, OrdersQuery(start, last, page))
                return listed.orders, listed.unreadable, listed.count if listed.is_counted else None

            rows, total = await self._read_pages(read, provider.REPORTS_PAGE_SIZE, MAX_MONTH_ORDERS - len(orders))
            found = {order.order_id: order for order in rows}
            missing += max(total - len(found), 0)
            orders |= found
            start = last + timedelta(days=1)
        return [await self._with_price(order) for order in sorted(orders.values(), key=_number)], missing

    async def _with_price(self, order: OrderSummary) -> OrderSummary:
        """Return `order` as its own report has it, for a list has no prices; one without a report as it is."""
        await self._add(1)
        if order.price is not None or order.status == OrderStatus.NOT_SENT:
            return order
        try:
            return (
                await self.context.client.call(provider.GET_REPORT, ReportQuery(order.order_id, page_size=1))
            ).summary
        except Refused:
            return order

    async def _read_pages(
        self, read: Callable[[int], Awaitable[Page[RowT]]], page_size: int, limit: int
    ) -> tuple[list[RowT], int]:
        """Return the rows of all pages, and how many there should be."""
        found, unreadable, number = list[RowT](), 0, 1
        before: Sequence[RowT] = ()
        while True:
            rows, unread, total = await read(number)
            if rows and rows == before:
                raise PreconditionError(_SAME_PAGE, TELL_USER)
            found += rows
            unreadable += unread
            if len(found) > limit:
                raise PreconditionError(_TOO_MANY, _SMALLER)
            await self._add(len(rows))
            on_page, done = len(rows) + unread, len(found) + unreadable
            if not on_page or (on_page < page_size if total is None else done >= total):
                return found, done if total is None else total
            before, number = rows, number + 1

    async def _add(self, rows: int) -> None:
        self.done += rows
        # The sandbox answers at once: without this no other call would get its turn, and this one could not be cancelled.
        await lowlevel.checkpoint()
        await self.caller.on_progress(self.done, None)


def _number(order: OrderSummary) -> int:
    return int(order.order_id)


_TOO_MANY = Text(
    "Nothing was written: that is more than one file can hold.",
    "Hiçbir şey yazılmadı: bu, tek dosyaya sığandan fazla.",
)
_SMALLER = Text("Save the orders one by one, with order_id.", "Gönderimleri order_id ile tek tek kaydedin.")
_SAME_PAGE = Text(
    "Nothing was written: the provider gives the same page again and again.",
    "Hiçbir şey yazılmadı: sağlayıcı hep aynı sayfayı veriyor.",
)
