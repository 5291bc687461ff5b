"""What became of orders: one order's delivery report, and the orders of some days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from iletimerkezi_mcp.confirmation.reconciliation import candidates, is_covered
from iletimerkezi_mcp.language import Text, count, plural, verbatim
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.errors import Refused
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.provider.orders import (
    REPORTS_PAGE_SIZE,
    MessageRow,
    MessageStatus,
    OrderId,
    OrderList,
    OrderReport,
    OrderStatus,
    OrderSummary,
)
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number
from iletimerkezi_mcp.sms.times import MAX_REPORT_DAYS, TimeError, report_range

from .answers import ReadAnswer, Reply
from .arguments import Arguments, NumberArgument, OrderIdArgument, PageArgument, PageSizeArgument, Problems, guarded
from .context import ServerContext
from .paging import ROWS_SHOWN, covered, listed, the_rest
from .registry import read_tool

Show = Literal["undelivered", "waiting", "delivered", "all", "none"]
RecipientStatus = Literal["delivered", "undelivered", "waiting", "other", "not_on_page", "not_in_order"]
Status = Literal["scheduled", "sending", "finished", "not_sent", "other"]

NOT_YET = 456
"""The provider's code for an order whose send time has not come (contract, section 5)."""


class ReportArguments(Arguments):
    """Arguments of `get_report`."""

    order_id: OrderIdArgument
    page: PageArgument = 1
    page_size: PageSizeArgument = MAX_PAGE_SIZE
    show: Annotated[Show, Field(description="Which recipients to list, e.g. all; none: counters only.")] = "undelivered"
    recipient: Annotated[
        NumberArgument | None, Field(description="Only this number of the page, e.g. +905321234567.")
    ] = None


class ReportAnswer(ReadAnswer):
    """What `get_report` answers. Counters are for the whole order, the lists of numbers for one page."""

    order_id: str | None = None
    status: Status | None = None
    total: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None
    sender: str | None = None
    submitted_at: str | None = None
    send_at: str | None = None
    price: float | None = None
    label: str | None = None
    page: int | None = None
    recipient_status: RecipientStatus | None = None
    undelivered_numbers: list[str] | None = None
    waiting_numbers: list[str] | None = None
    delivered_numbers: list[str] | None = None


class ReportsArguments(Arguments):
    """Arguments of `get_reports`."""

    start: Annotated[
        str | None,
        guarded(40, "First day, YYYY-MM-DD, e.g. 2026-11-14. Left out: ten days to end."),
    ] = None
    end: Annotated[
        str | None,
        guarded(
            40,
            f"Last day, at most {MAX_REPORT_DAYS} days with start, e.g. 2026-11-23. Left out: today.",
        ),
    ] = None
    page: PageArgument = 1


class OrderRow(BaseModel):
    """One order of `get_reports`."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    order_id: str
    status: Status
    total: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None
    send_at: str | None = None
    sender: str | None = None
    submitted_at: str | None = None
    label: str | None = None


class ReportsAnswer(ReadAnswer):
    """What `get_reports` answers; `count` is the number of orders in the whole range."""

    count: int | None = None
    page: int | None = None
    start: str | None = None
    end: str | None = None
    orders: list[OrderRow] | None = None


def status_of(summary: OrderSummary, now: datetime) -> Status:
    """What an order's status number means, with its send time in mind."""
    match summary.status:
        case OrderStatus.SENDING:
            return "scheduled" if summary.send_at is not None and summary.send_at > now else "sending"
        case OrderStatus.FINISHED:
            return "finished"
        case OrderStatus.NOT_SENT:
            return "not_sent"
    return "other"


def tell_order(summary: OrderSummary, now: datetime) -> Text:
    """An order in one phrase: its state, then its counters. Finished never means delivered."""
    counters = _counters(summary)
    match status_of(summary, now):
        case "scheduled":
            assert summary.send_at is not None
            return Text("scheduled for ", "ileri tarihli: ") + describe_time(summary.send_at)
        case "sending":
            return Text("sending goes on", "gönderim sürüyor") + counters
        case "finished":
            return Text("finished", "gönderim bitti") + counters
        case "not_sent":
            return Text("not sent (cancelled or rejected)", "gönderilmedi (iptal edildi ya da reddedildi)")
    return Text(f"in a state that is not documented ({summary.status})", f"belgelenmemiş durum ({summary.status})")


def _counters(summary: OrderSummary) -> Text:
    named = (
        (summary.delivered, Text("delivered", "iletilen")),
        (summary.undelivered, Text("undelivered", "iletilemeyen")),
        (summary.waiting, Text("waiting", "bekleyen")),
    )
    known = [name + " " + count(number) for number, name in named if number is not None]
    if not known:
        return Text(" (the provider gave no counters)", " (sağlayıcı sayı vermedi)")
    return Text(": ", ": ") + Text.join(", ", known)


async def get_report(given: ReportArguments, app: ServerContext) -> Reply:
    """Read one order's report."""
    problems = Problems()
    recipient = _recipient(given.recipient, app, problems)
    problems.stop()
    order_id = OrderId(given.order_id)
    try:
        report = await app.client.call(provider.GET_REPORT, provider.ReportQuery(order_id, given.page, given.page_size))
    except Refused as error:
        if error.code != NOT_YET:
            raise
        app.recent_reads.saw_order(order_id, None, app.clock())
        return _scheduled(order_id, await _labels((order_id,), app), app)
    app.recent_reads.saw_order(order_id, report.summary, app.clock())
    labels = await _labels((report.summary.order_id,), app)
    return _told_report(given, recipient, report, labels.get(report.summary.order_id), app)


async def _labels(order_ids: tuple[str, ...], app: ServerContext) -> dict[str, str]:
    """The labels that these orders were given here; none where the ledger cannot be read, for a read goes on."""
    try:
        return await app.records.labels(order_ids)
    except LedgerUnavailableError:
        return {}


def _recipient(raw: str | None, app: ServerContext, problems: Problems) -> str | None:
    if raw is None:
        return None
    try:
        return parse_number(raw, international=app.settings.abroad)
    except NumberError as error:
        problems.add("recipient", error.reason)
        return None


def _scheduled(order_id: OrderId, labels: dict[str, str], app: ServerContext) -> Reply:
    return Reply(
        ReportAnswer(
            outcome="ok",
            summary=app.say(
                Text(
                    f"Order {order_id} is scheduled; its send time has not come, so there is no report yet.",
                    f"{order_id} numaralı sipariş ileri tarihli; gönderim zamanı gelmedi, henüz rapor yok.",
                )
            ),
            next_step=app.say(
                Text(
                    "get_reports shows its send time; until then cancel_order can stop it.",
                    "Gönderim zamanını get_reports gösterir; o zamana kadar cancel_order durdurabilir.",
                )
            ),
            code=NOT_YET,
            order_id=order_id,
            status="scheduled",
            label=labels.get(order_id),
            sandbox=app.settings.sandbox,
        ),
        labels.get(order_id),
    )


_KINDS: dict[MessageStatus, Text] = {
    MessageStatus.UNDELIVERED: Text("Undelivered", "İletilemeyen"),
    MessageStatus.WAITING: Text("Waiting", "Bekleyen"),
    MessageStatus.DELIVERED: Text("Delivered", "İletilen"),
}


def _numbers(rows: Sequence[MessageRow], status: MessageStatus) -> list[str]:
    return [row.number for row in rows if row.status == status]


def _told_report(
    given: ReportArguments, recipient: str | None, report: OrderReport, label: str | None, app: ServerContext
) -> Reply:
    summary, rows = report.summary, report.rows
    now = app.clock()
    wanted = [
        status for status in _KINDS if recipient is None and (given.show == "all" or given.show == status.name.lower())
    ]
    lists = {status: _numbers(rows, status) for status in wanted}
    cut = any(len(numbers) > ROWS_SHOWN for numbers in lists.values())
    lines = [_extras(summary, label)]
    if wanted or recipient:
        lines.append(covered(given.page, given.page_size, len(rows), summary.total))
    found = None
    whole = given.page == 1 and summary.total is not None and len(rows) >= summary.total
    if recipient is not None:
        found = next((row for row in rows if row.number == recipient), None)
        lines.append(verbatim(f"{recipient}: ") + _one(found, whole=whole))
    lines += [listed(_KINDS[status], numbers) + "." for status, numbers in lists.items()]
    rest = the_rest(cut, given.page, given.page_size, summary.total) if wanted or (recipient and not found) else None
    state = status_of(summary, now)
    return Reply(
        ReportAnswer(
            outcome="ok",
            summary=app.say(
                Text(f"Order {summary.order_id}: ", f"Sipariş {summary.order_id}: ") + tell_order(summary, now) + "."
            ),
            next_step=app.say(rest or _next(state, summary)),
            order_id=summary.order_id,
            status=state,
            total=summary.total,
            delivered=summary.delivered,
            undelivered=summary.undelivered,
            waiting=summary.waiting,
            sender=summary.sender,
            submitted_at=_iso(summary.submitted_at),
            send_at=_iso(summary.send_at),
            price=summary.price,
            label=label,
            page=given.page,
            recipient_status=_status_word(found, whole=whole) if recipient else None,
            undelivered_numbers=_shown(lists, MessageStatus.UNDELIVERED),
            waiting_numbers=_shown(lists, MessageStatus.WAITING),
            delivered_numbers=_shown(lists, MessageStatus.DELIVERED),
            sandbox=app.settings.sandbox,
        ),
        app.say(Text.join("\n", lines)),
    )


def _shown(lists: dict[MessageStatus, list[str]], status: MessageStatus) -> list[str] | None:
    return lists[status][:ROWS_SHOWN] if status in lists else None


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _extras(summary: OrderSummary, label: str | None) -> Text:
    known = [Text(f"“{label}”", f"“{label}”")] if label else []
    if summary.total is not None:
        known.append(plural(summary.total, "recipient", "recipients", "alıcı"))
    if summary.sender:
        known.append(Text("sender ", "başlık ") + summary.sender)
    if summary.send_at is not None:
        known.append(Text("send time ", "gönderim ") + describe_time(summary.send_at))
    if summary.price is not None:
        known.append(
            Text("charged ", "ücret ") + f"{summary.price:g}" + Text(" (credits or lira)", " (kredi ya da TL)")
        )
    return Text.join(", ", known) + "." if known else Text("No counters were given.", "Sayı verilmedi.")


def _one(found: MessageRow | None, *, whole: bool) -> Text:
    if found is None:
        return (
            Text("not in this order.", "bu siparişte yok.") if whole else Text("not on this page.", "bu sayfada yok.")
        )
    kind = next((text for status, text in _KINDS.items() if status == found.status), None)
    if kind is None:
        return Text(f"in a state that is not documented ({found.status}).", f"belgelenmemiş durum ({found.status}).")
    return Text(kind.en.lower(), kind.tr.replace("İ", "i").lower()) + "."


def _status_word(found: MessageRow | None, *, whole: bool) -> RecipientStatus:
    if found is None:
        return "not_in_order" if whole else "not_on_page"
    match found.status:
        case MessageStatus.DELIVERED:
            return "delivered"
        case MessageStatus.UNDELIVERED:
            return "undelivered"
        case MessageStatus.WAITING:
            return "waiting"
    return "other"


def _next(state: Status, summary: OrderSummary) -> Text:
    if state == "scheduled":
        return Text("Until then cancel_order can stop it.", "O zamana kadar cancel_order durdurabilir.")
    if state == "sending" or (state == "finished" and summary.waiting):
        return Text("Read it again in a few minutes.", "Birkaç dakika sonra yeniden okuyun.")
    if state == "finished" and summary.undelivered:
        return Text(
            "Undelivered messages are not charged and no reason is given; do not send again without asking the user.",
            "İletilemeyenler ücretlendirilmez, nedeni verilmez; kullanıcıya sormadan yeniden göndermeyin.",
        )
    if state == "not_sent":
        return Text("Nothing goes out for this order.", "Bu sipariş için bir şey gönderilmez.")
    return Text("Nothing more is to be done.", "Yapılacak başka bir şey yok.")


async def get_reports(given: ReportsArguments, app: ServerContext) -> Reply:
    """Read the orders of some days."""
    now = app.clock()
    problems = Problems()
    try:
        start, end = report_range(given.start, given.end, now)
    except TimeError as error:
        problems.add_time(error.field or "start", error)
    problems.stop()
    found = await app.client.call(provider.GET_REPORTS, provider.OrdersQuery(start, end, given.page))
    for order in found.orders:
        app.recent_reads.saw_order(order.order_id, order, now)
    settled = await _settle_unknown(found, start, end, given.page, now, app)
    orders = found.orders[:ROWS_SHOWN]
    labels = await _labels(tuple(order.order_id for order in orders), app)
    span = Text(f" from {start} to {end}", f", {start:%d.%m.%Y} ile {end:%d.%m.%Y} arası")
    summary = (
        plural(found.count, "order", "orders", "sipariş") + span + "."
        if found.count
        else Text("There is no order", "Sipariş yok") + span + "."
    )
    lines = [covered(given.page, REPORTS_PAGE_SIZE, len(orders), found.count)] if found.count else []
    lines = settled + lines + [_line(order, labels.get(order.order_id), now) for order in orders]
    more = the_rest(False, given.page, REPORTS_PAGE_SIZE, found.count)
    return Reply(
        ReportsAnswer(
            outcome="ok",
            summary=app.say(summary),
            next_step=app.say(
                more or Text("get_report tells one order in full.", "get_report bir siparişi ayrıntılı anlatır.")
            ),
            count=found.count,
            page=given.page,
            start=start.isoformat(),
            end=end.isoformat(),
            orders=[_row(order, labels.get(order.order_id), now) for order in orders],
            sandbox=app.settings.sandbox,
        ),
        app.say(Text.join("\n", lines)) or None,
    )


async def _settle_unknown(
    found: OrderList, start: date, end: date, page: int, asked_at: datetime, app: ServerContext
) -> list[Text]:
    """Settle sends of unknown outcome by this list: told where exactly one order fits, or none does."""
    try:
        unknown = await app.records.unknown_sends()
        known, complete_since = app.orders_read.page(start, end, page, found.count, found.orders, asked_at)
        told = []
        for attempt in unknown:
            fitting = candidates(attempt, known)
            when = describe_time(attempt.started)
            if len(fitting) == 1 and await app.records.reconcile(attempt, fitting[0].order_id):
                told.append(
                    Text("The send of ", "Sonucu bilinmeyen gönderim (")
                    + when
                    + Text(
                        f", whose outcome was unknown, is order {fitting[0].order_id}.",
                        f"): sipariş {fitting[0].order_id}.",
                    )
                )
            elif (
                not fitting
                and complete_since is not None
                and is_covered(attempt, start, end, complete_since)
                and attempt.state != "not_found"
                and await app.records.mark_missing(attempt)
            ):
                told.append(
                    Text("The send of ", "Sonucu bilinmeyen gönderim (")
                    + when
                    + Text(
                        ", whose outcome was unknown, is not in this list; it may be sent again after a new preview.",
                        ") bu listede yok; yeni bir önizlemeyle yeniden gönderilebilir.",
                    )
                )
    except LedgerUnavailableError:
        return []
    return told


def _line(order: OrderSummary, label: str | None, now: datetime) -> Text:
    line = verbatim(f"{order.order_id}: ") + tell_order(order, now)
    if label:
        line += f", “{label}”"
    if order.total is not None:
        line += verbatim(", ") + plural(order.total, "recipient", "recipients", "alıcı")
    if order.sender:
        line += ", " + order.sender
    if order.submitted_at is not None:
        line += Text(", submitted ", ", alındı: ") + describe_time(order.submitted_at)
    return line


def _row(order: OrderSummary, label: str | None, now: datetime) -> OrderRow:
    return OrderRow(
        order_id=order.order_id,
        status=status_of(order, now),
        total=order.total,
        delivered=order.delivered,
        undelivered=order.undelivered,
        waiting=order.waiting,
        send_at=_iso(order.send_at),
        sender=order.sender,
        submitted_at=_iso(order.submitted_at),
        label=label,
    )


GET_REPORT = read_tool(
    name="get_report",
    title="Delivery report",
    description="Reads what became of one order: counts of delivered, undelivered and waiting, and a page of numbers, "
    "undelivered ones unless show says otherwise. Free, changes nothing. finished is not delivered: read "
    "the counts. get_reports finds an order's number.",
    arguments=ReportArguments,
    answer=ReportAnswer,
    read=get_report,
)

GET_REPORTS = read_tool(
    name="get_reports",
    title="Orders of some days",
    description=f"Lists the orders of up to {MAX_REPORT_DAYS} days with their counts, {REPORTS_PAGE_SIZE} a page, "
    "without texts and recipients. Free, changes nothing. Use it to find an order or to settle a send of "
    "unknown outcome; get_report tells one in full.",
    arguments=ReportsArguments,
    answer=ReportsAnswer,
    read=get_reports,
)
