"""The orders of some days: `get_reports`."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Annotated

from iletimerkezi_mcp.confirmation.reconciliation import Reading
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.orders import REPORTS_PAGE_SIZE, OrderList, OrdersQuery, OrderSummary
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.times import MAX_REPORT_DAYS, TimeError, report_range

from .answers import ReadAnswer, ToolReply
from .arguments import Arguments, argument
from .context import ServerContext
from .errors import Problems
from .fields import PageArgument, capped_text
from .order_status import OrderFields, describe_order, left_out, order_facts, order_fields, sent_from_here
from .paging import ROWS_SHOWN, describe_page, describe_unreadable, next_pages
from .pushed import LATE, describe_pushed, pushed_part, read_pushed
from .settlement import Settlement, clock_difference, record_not_sent, settle_by_list
from .tool import ReadTool


class ReportsArguments(Arguments):
    start: Annotated[
        str | None, capped_text(40, "First day of submission, e.g. 2026-11-14. Left out: ten days to end.")
    ] = None
    end: Annotated[
        str | None,
        capped_text(
            40,
            f"Last day, at most {MAX_REPORT_DAYS} days with start, e.g. 2026-11-23. Left out: today, or ten days from start.",
        ),
    ] = None
    page: PageArgument = 1


class ReportsAnswer(ReadAnswer):
    """`count` is the number of orders in the whole range, `unreadable` that of this page's rows that could not be read."""

    count: int | None = None
    page: int | None = None
    start: str | None = None
    end: str | None = None
    orders: list[OrderFields] | None = None
    unreadable: int | None = None
    settled: list[Settlement] | None = None


async def get_reports(arguments: ReportsArguments, context: ServerContext) -> ToolReply:
    """Read the orders of some days, and settle sends of unknown outcome by them."""
    now = context.clock()
    problems = Problems()
    try:
        start, end = report_range(arguments.start, arguments.end, now)
    except TimeError as error:
        problems.add_time(error.field or "start", error, now)
    problems.raise_if_any()
    answer, settlements, lines = await read_orders(OrdersQuery(start, end, arguments.page), context)
    orders = answer.orders[:ROWS_SHOWN]
    attempts = await sent_from_here((order.order_id for order in orders), context)
    pushed = await read_pushed(attempts, context)
    count, on_page = answer.count, len(answer.orders) + answer.unreadable
    if not answer.is_counted:
        count = (arguments.page - 1) * REPORTS_PAGE_SIZE + on_page
    if count:
        lines.append(describe_page(arguments.page, REPORTS_PAGE_SIZE, len(orders), count))
    # Without a count a page that is full may have another behind it.
    at_least = count + (not answer.is_counted and on_page >= REPORTS_PAGE_SIZE)
    for order in orders:
        lines.append(_line(order, attempts.get(order.order_id), now))
        if order.order_id in pushed:
            lines.append(describe_pushed(pushed[order.order_id], now))
    lines += left_out((order, attempts.get(order.order_id)) for order in orders)
    lines += await _late(attempts, context)
    lines += describe_unreadable(answer.unreadable)
    return context.reply(
        ReportsAnswer,
        _summary(count, start, end),
        next_pages(arguments.page, REPORTS_PAGE_SIZE, at_least) or _next_step(answer.orders, settlements),
        context.say(Text.join("\n", lines)) or None,
        count=count,
        page=arguments.page,
        start=start.isoformat(),
        end=end.isoformat(),
        settled=settlements or None,
        unreadable=answer.unreadable or None,
        orders=[
            OrderFields(
                **order_fields(order, attempts.get(order.order_id), now, pushed_part(pushed.get(order.order_id), now))
            )
            for order in orders
        ],
    )


async def read_orders(query: OrdersQuery, context: ServerContext) -> tuple[OrderList, list[Settlement], list[Text]]:
    """Read one page of the orders of some days, remember what it shows, and settle sends of unknown outcome by it."""
    asked_uptime, now = context.uptime().seconds, context.clock()
    answer = await context.client.call(provider.GET_REPORTS, query)
    for order in answer.orders:
        context.recent_reads.remember_order(order.order_id, order, now)
    read, since_uptime = context.recent_reads.remember_page(query.start, query.end, query.page, answer, asked_uptime)
    difference = await clock_difference(context)
    complete_since = None
    if since_uptime is not None and answer.is_counted:
        complete_since = context.clock() - timedelta(seconds=context.uptime().seconds - since_uptime)
    reading = Reading(query.start, query.end, read, complete_since, difference, now)
    settlements, lines = await settle_by_list(reading, context)
    await record_not_sent(answer.orders, context)
    return answer, settlements, lines


async def _late(order_ids: Collection[str], context: ServerContext) -> list[Text]:
    """Return a sentence on the orders of this page that still wait for pushed reports while others have theirs."""
    with suppress(LedgerUnavailableError):
        late = [one.order_id for one in await context.ledger.late_orders() if one.order_id in order_ids]
        if late:
            return [LATE.format(order_ids=", ".join(map(str, late)))]
    return []


def _summary(number: int, start: date, end: date) -> Text:
    first, last = (Text(f"{day}", f"{day:%d.%m.%Y}") for day in (start, end))
    days = Text("from {first} to {last}", "{first} ile {last} arasında").format(first=first, last=last)
    if start == end:
        days = Text("on {day}", "{day} günü").format(day=first)
    if not number:
        return Text("No order was submitted {days}.", "{days} verilen gönderim yok.").format(days=days)
    return Text("{orders} submitted {days}.", "{days} {orders} var.").format(
        orders=plural(number, "order", "orders", "gönderim"), days=days
    )


def _next_step(orders: tuple[OrderSummary, ...], settlements: list[Settlement]) -> Text:
    """Return the next call: with its order number if only one order comes into question."""
    candidates = [one.order_ids[0] for one in settlements if one.outcome == "undecided" and len(one.order_ids) == 1]
    if len(candidates) == 1:
        return Text(
            "Call get_report with {order}: its numbers may settle the unknown send.",
            "get_report'u {order} ile çağırın: numaraları sonucu bilinmeyen gönderimi netleştirebilir.",
        ).format(order=argument("order_id", candidates[0]))
    if any(one.outcome == "undecided" and not one.order_ids for one in settlements):
        return Text(
            "The unknown send is not settled yet: read the list again at the time named above.",
            "Sonucu bilinmeyen gönderim henüz netleşmedi: listeyi yukarıda yazan saatten sonra yeniden okuyun.",
        )
    if len(orders) == 1:
        return Text(
            "get_report with {order} shows it in full.", "{order} ile get_report bunu ayrıntılı gösterir."
        ).format(order=argument("order_id", orders[0].order_id))
    return Text("get_report shows one order in full.", "get_report bir gönderimi ayrıntılı gösterir.")


def _line(order: OrderSummary, attempt: Attempt | None, now: datetime) -> Text:
    facts = [describe_order(order, now), *order_facts(order, attempt)]
    if order.submitted_at is not None:
        facts.append(Text("submitted at {time}", "alındı: {time}").format(time=describe_time(order.submitted_at)))
    return Text("{order_id}: {facts}", "{order_id}: {facts}").format(
        order_id=order.order_id, facts=Text.join(", ", facts)
    )


GET_REPORTS = ReadTool(
    name="get_reports",
    title="Orders of some days",
    description="Lists the SMS orders submitted within up to 10 days, 30 a page: status and counts, no texts or phone numbers. "
    "Free. Use it to find an order, or five minutes later to see if a send of unknown outcome went out; for one order's "
    "numbers use get_report.",
    summary=Text("the orders of up to ten days", "en çok on günün gönderimleri"),
    arguments=ReportsArguments,
    answer=ReportsAnswer,
    read=get_reports,
    example={},
)
