"""The whole report of an order, page by page, and all orders of a month."""

from __future__ import annotations

from array import array
from calendar import monthrange
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from iletimerkezi_mcp.language import TELL_USER, Text
from iletimerkezi_mcp.provider.errors import Refused
from iletimerkezi_mcp.provider.orders import GET_REPORT, OrderId, OrdersQuery, OrderStatus, OrderSummary, ReportQuery
from iletimerkezi_mcp.sms.times import MAX_REPORT_DAYS

from .context import ServerContext
from .errors import PreconditionError
from .order_list import read_orders
from .order_report import read_report
from .settlement import Settlement

MAX_REPORT_ROWS = 1_048_575
"""Recipients in one file: as many as a sheet has rows below its header."""

MAX_MONTH_ORDERS = 5_000
"""Orders in one file: each costs a request of its own, for its price."""

OnRead = Callable[[int], Awaitable[None]]
"""Is told how many more rows were read."""


@dataclass(slots=True)
class WholeReport:
    """An order and all its recipients: each number with its status at the same place.

    `unreadable` is the number of rows that could not be read.
    """

    summary: OrderSummary
    numbers: list[str] = field(default_factory=list)
    statuses: array[int] = field(default_factory=lambda: array("i"))
    unreadable: int = 0

    @property
    def read(self) -> int:
        """The number of rows that the pages had."""
        return len(self.numbers) + self.unreadable


@dataclass(slots=True)
class Findings:
    """What the reads settled on their way, in the answer's fields and in sentences."""

    settlements: list[Settlement] = field(default_factory=list)
    lines: list[Text] = field(default_factory=list)

    def add(self, settlements: list[Settlement], lines: list[Text]) -> None:
        """Add what one read settled; what an earlier one settled or left undecided is not repeated."""
        self.settlements += [one for one in settlements if one not in self.settlements]
        self.lines += [line for line in lines if line not in self.lines]


async def read_whole_report(
    order_id: OrderId, room: int, context: ServerContext, findings: Findings, on_read: OnRead
) -> WholeReport | None:
    """Read all pages of an order's report; None if its time has not come.

    An order that is not sent has no rows. Raises :class:`.ApiError` if a page cannot be read, and
    :class:`.PreconditionError` for more than `room` rows and if the provider answers with the same page again and again.
    """
    first = await read_report(ReportQuery(order_id), context)
    if first is None:
        return None
    page, settlements, lines = first
    findings.add(settlements, lines)
    whole, total, number = WholeReport(page.summary), page.summary.total, 1
    while True:
        whole.numbers += [row.number for row in page.rows]
        whole.statuses.extend(row.status for row in page.rows)
        whole.unreadable += page.unreadable
        if whole.read > room:
            raise PreconditionError(_TOO_MANY_ROWS.format(limit=MAX_REPORT_ROWS), _BY_ORDER)
        on_page = len(page.rows) + page.unreadable
        await on_read(on_page)
        if not on_page or (total is not None and whole.read >= total):
            return whole
        number += 1
        try:
            following = await context.client.call(GET_REPORT, ReportQuery(order_id, number))
        except Refused:
            # Beyond the last page some answer with an error; without a total the end is not known otherwise.
            if total is None:
                return whole
            raise
        if following.rows and following.rows == page.rows:
            raise PreconditionError(_SAME_PAGE.format(order_id=order_id), TELL_USER)
        page = following


async def read_month(
    first: date, today: date, context: ServerContext, findings: Findings, on_read: OnRead
) -> list[OrderSummary]:
    """Read the orders submitted in the month that begins at `first`, with their prices, in the order of their numbers.

    A month that is not over ends `today`. Raises :class:`.ApiError` if a page cannot be read, and
    :class:`.PreconditionError` for too many orders.
    """
    orders: dict[OrderId, OrderSummary] = {}
    end = min(first.replace(day=monthrange(first.year, first.month)[1]), today)
    start = first
    while start <= end:
        last = min(start + timedelta(days=MAX_REPORT_DAYS - 1), end)
        page, rows = 1, 0
        while True:
            answer, settlements, lines = await read_orders(OrdersQuery(start, last, page), context)
            findings.add(settlements, lines)
            known = len(orders)
            orders |= {order.order_id: order for order in answer.orders}
            rows += len(answer.orders) + answer.unreadable
            if len(orders) > MAX_MONTH_ORDERS:
                raise PreconditionError(_TOO_MANY_ORDERS.format(limit=MAX_MONTH_ORDERS), TELL_USER)
            if len(orders) == known or (answer.is_counted and rows >= answer.count):
                break
            page += 1
        if answer.is_counted and rows < answer.count:
            raise PreconditionError(_NO_MORE_ORDERS.format(rows=rows, count=answer.count), TELL_USER)
        start = last + timedelta(days=1)
    return [await _with_price(order, context, on_read) for _, order in sorted(orders.items(), key=_by_number)]


def _by_number(item: tuple[OrderId, OrderSummary]) -> int:
    return int(item[0])


async def _with_price(order: OrderSummary, context: ServerContext, on_read: OnRead) -> OrderSummary:
    """Return `order` as its own report has it, for a list has no prices; one without a report as it is."""
    await on_read(1)
    if order.price is not None or order.status == OrderStatus.NOT_SENT:
        return order
    try:
        return (await context.client.call(GET_REPORT, ReportQuery(order.order_id, page_size=1))).summary
    except Refused:
        return order


_TOO_MANY_ROWS = Text(
    "Nothing was written: the reports have more than {limit} recipients, which is as many as a sheet holds.",
    "Hiçbir şey yazılmadı: raporlarda bir sayfaya sığan {limit} alıcıdan fazlası var.",
)
_BY_ORDER = Text("Save its orders one by one, with order_id.", "Gönderimlerini order_id ile tek tek kaydedin.")
_TOO_MANY_ORDERS = Text(
    "Nothing was written: the month has more than {limit} orders, which is the limit of one file.",
    "Hiçbir şey yazılmadı: ayda tek dosyanın sınırı olan {limit} gönderimden fazlası var.",
)
_NO_MORE_ORDERS = Text(
    "Nothing was written: the provider counts {count} orders and shows only {rows} of them.",
    "Hiçbir şey yazılmadı: sağlayıcı {count} gönderim sayıyor, yalnızca {rows} tanesini gösteriyor.",
)
_SAME_PAGE = Text(
    "Nothing was written: the provider gives the same page of order {order_id} again and again.",
    "Hiçbir şey yazılmadı: sağlayıcı {order_id} numaralı gönderimin hep aynı sayfasını veriyor.",
)
