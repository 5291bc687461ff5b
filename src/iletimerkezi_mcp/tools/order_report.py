"""The delivery report of one order: `get_report`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from iletimerkezi_mcp.language import Text, for_model, sentences
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.ledger.pushed_reports import PushedState
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.errors import Refused
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.provider.orders import MessageRow, MessageStatus, OrderId, OrderReport, OrderStatus, OrderSummary
from iletimerkezi_mcp.sms.clock import describe_time

from .answers import ReadAnswer, ToolReply, iso
from .arguments import Arguments, argument
from .context import ServerContext
from .errors import PreconditionError, Problems
from .fields import NumberArgument, OrderOrChangeArgument, PageArgument, PageSizeArgument, mobile_number
from .order_status import (
    OrderFields,
    describe_order,
    is_commercial,
    left_out,
    number_left_out,
    order_facts,
    order_fields,
    sent_from_here,
    status_of,
    when_to_read_again,
)
from .paging import describe_absence, describe_page, describe_rows, describe_unreadable, next_pages
from .pushed import describe_pushed, pushed_part, read_pushed, read_pushed_to
from .settlement import Settlement, record_not_sent, settle_by_report
from .tool import DELIVERY_CARD, ReadTool

Show = Literal["first_undelivered", "undelivered", "waiting", "delivered", "all", "none"]
RecipientStatus = Literal["delivered", "undelivered", "waiting", "other", "not_on_page", "not_in_order"]

FIRST_SHOWN = 20
"""The undelivered numbers that a report lists unless `show` asks for all of a page."""

NOT_YET = 456
"""The provider's code for an order whose send time has not come (contract, section 5)."""


class ReportArguments(Arguments):
    order_id: OrderOrChangeArgument
    page: PageArgument = 1
    page_size: PageSizeArgument = MAX_PAGE_SIZE
    show: Annotated[
        Show,
        Field(description="Which of the page's numbers to list: the first 20 undelivered, all of a kind, or none."),
    ] = "first_undelivered"
    recipient: Annotated[
        NumberArgument | None,
        Field(description="This number's status: as pushed, else if on this page, e.g. +905321234567."),
    ] = None


class ReportAnswer(OrderFields, ReadAnswer):
    """Counters are for the whole order, the lists of numbers and the count of `unreadable` rows for one page.

    `recipient_pushed_at` is there if `recipient_status` is from a pushed report.
    """

    price: float | None = None
    page: int | None = None
    recipient_status: RecipientStatus | None = None
    recipient_pushed_at: str | None = None
    undelivered_numbers: list[str] | None = None
    waiting_numbers: list[str] | None = None
    delivered_numbers: list[str] | None = None
    unreadable: int | None = None
    settled: list[Settlement] | None = None


async def get_report(arguments: ReportArguments, context: ServerContext) -> ToolReply:
    problems = Problems()
    recipient = None
    if arguments.recipient is not None:
        recipient = mobile_number(arguments.recipient, "recipient", context, problems)
    problems.raise_if_any()
    if not arguments.order_id.isdecimal():
        return await _outcome_of(arguments.order_id, context)
    order_id, asked = OrderId(arguments.order_id), context.clock()
    read = await read_report(provider.ReportQuery(order_id, arguments.page, arguments.page_size), context)
    if read is None:
        return await _scheduled_reply(order_id, asked, context)
    return await _report_reply(arguments, recipient, asked, *read, context)


async def _outcome_of(change: str, context: ServerContext) -> ToolReply:
    """Return what came of a change that waits for a person, or waited a moment ago; no request is made."""
    if (result := await context.confirmation.approvals.of_number(change)) is None:
        raise PreconditionError(
            Text(
                "Nothing was read: no change of this number waits here, or its outcome was told long ago.",
                "Hiçbir şey okunmadı: burada bu numarayla bekleyen bir işlem yok ya da sonucu çok önce bildirildi.",
            ),
            Text(
                "get_reports shows if anything was sent; the sending call asks anew.",
                "Bir şey gönderildiyse get_reports gösterir; gönderim çağrısı baştan sorar.",
            ),
        )
    return context.reply(ReportAnswer, result.summary, result.next_step, order_id=result.order_id)


async def read_report(
    query: provider.ReportQuery, context: ServerContext
) -> tuple[OrderReport, list[Settlement], list[Text]] | None:
    """Read a page of a report, and settle what it settles; None if the order's time has not come.

    Raises :class:`.ApiError`.
    """
    try:
        report = await context.client.call(provider.GET_REPORT, query)
    except Refused as error:
        if error.code != NOT_YET:
            raise
        context.recent_reads.remember_order(query.order_id, None, context.clock())
        return None
    context.recent_reads.remember_order(query.order_id, report.summary, context.clock())
    settlements, lines = await settle_by_report(report, context)
    if all(row.status == MessageStatus.UNDELIVERED for row in report.rows):
        await record_not_sent([report.summary], context)
    return report, settlements, lines


async def _scheduled_reply(order_id: OrderId, asked: datetime, context: ServerContext) -> ToolReply:
    """Return what an earlier answer and the ledger tell of an order that has no report yet."""
    now = context.clock()
    attempt = (await sent_from_here((order_id,), context)).get(order_id)
    send = None if attempt is None else attempt.send
    read = context.recent_reads.order(order_id)
    summary = (read and read.summary) or OrderSummary(order_id, OrderStatus.SENDING)
    if send is not None:
        summary = replace(summary, sender=summary.sender or send.sender, send_at=summary.send_at or send.send_at)
    if summary.send_at is None:
        next_step = Text(
            "get_reports tells its time, recipients and sender: list the day on which it was submitted. Until its time "
            "cancel_order can stop it.",
            "Zamanını, alıcı sayısını ve başlığını get_reports gösterir: verildiği günü listeleyin. Zamanı gelene kadar "
            "cancel_order durdurabilir.",
        )
    else:
        next_step = Text(
            "Until then cancel_order can stop it; the report comes afterwards.",
            "O zamana kadar cancel_order durdurabilir; rapor sonra oluşur.",
        )
    pushed = (await read_pushed((order_id,), context)).get(order_id)
    fields = order_fields(summary, attempt, now, pushed_part(pushed, asked))
    lines = [_facts(summary, attempt, None), *([describe_pushed(pushed, asked)] if pushed else [])]
    return context.reply(
        ReportAnswer,
        _STATE.format(order_id=order_id, state=describe_order(summary, now, scheduled=True)),
        next_step,
        context.say(Text.join("\n", lines)),
        **{**fields, "status": "scheduled"},
    )


_STATE = Text("Order {order_id}: {state}.", "Gönderim no {order_id}: {state}.")

_LISTS: Mapping[MessageStatus, Text] = {
    MessageStatus.UNDELIVERED: Text("Undelivered", "İletilemeyen"),
    MessageStatus.WAITING: Text("Waiting", "Bekleyen"),
    MessageStatus.DELIVERED: Text("Delivered", "İletilen"),
}

_RECIPIENTS: Mapping[int, tuple[RecipientStatus, Text]] = {
    MessageStatus.UNDELIVERED: ("undelivered", Text("{number}: undelivered.", "{number}: iletilemedi.")),
    MessageStatus.WAITING: ("waiting", Text("{number}: waiting.", "{number}: bekliyor.")),
    MessageStatus.DELIVERED: ("delivered", Text("{number}: delivered.", "{number}: iletildi.")),
}

_PUSHED_RECIPIENTS: Mapping[PushedState, Text] = {
    "undelivered": Text("{number}: undelivered, pushed at {time}.", "{number}: iletilemedi (bildirim zamanı {time})."),
    "waiting": Text("{number}: waiting, pushed at {time}.", "{number}: bekliyor (bildirim zamanı {time})."),
    "delivered": Text("{number}: delivered, pushed at {time}.", "{number}: iletildi (bildirim zamanı {time})."),
}


async def _report_reply(
    arguments: ReportArguments,
    recipient: str | None,
    asked: datetime,
    report: OrderReport,
    settlements: list[Settlement],
    settled: list[Text],
    context: ServerContext,
) -> ToolReply:
    summary, rows = report.summary, report.rows
    now = context.clock()
    attempt = (await sent_from_here((summary.order_id,), context)).get(summary.order_id)
    # No message goes out for such an order, and its report has no rows: there is nothing to look for.
    empty = not rows and status_of(summary, now) == "not_sent"
    if empty:
        recipient = None
    first = arguments.show == "first_undelivered"
    wanted = "undelivered" if first else arguments.show
    lists = {
        status: [row.number for row in rows if row.status == status]
        for status in _LISTS
        if recipient is None and not empty and wanted in ("all", status.name.lower())
    }
    limit = FIRST_SHOWN if first else MAX_PAGE_SIZE
    pushed = (await read_pushed((summary.order_id,), context)).get(summary.order_id)
    lines = [*settled, _facts(summary, attempt, _price(summary, context)), *left_out([(summary, attempt)])]
    if pushed is not None:
        lines.append(describe_pushed(pushed, asked))
    if lists:
        lines.append(describe_page(arguments.page, arguments.page_size, len(rows), summary.total))
    recipient_status, pushed_at = None, None
    if recipient is not None:
        recipient_status, pushed_at, line = await _recipient(recipient, report, attempt, arguments, context)
        lines.append(line)
    lines += [describe_rows(_LISTS[status], numbers, limit) for status, numbers in lists.items()]
    lines += describe_unreadable(report.unreadable)
    more = None
    if any(len(numbers) > limit for numbers in lists.values()):
        more = sentences(
            _SHOW_UNDELIVERED.format(show=argument("show", "undelivered")),
            _next_step(summary, attempt, now),
        )
    elif recipient_status in ("not_on_page", "not_in_order") or any(
        not rows or len(numbers) != getattr(summary, status.name.lower()) for status, numbers in lists.items()
    ):
        more = next_pages(arguments.page, arguments.page_size, summary.total, recipient)
    return context.reply(
        ReportAnswer,
        _STATE.format(order_id=summary.order_id, state=describe_order(summary, now)),
        _settling_step(settlements) or more or _next_step(summary, attempt, now),
        context.say(Text.join("\n", lines)),
        price=summary.price,
        page=arguments.page,
        recipient_status=recipient_status,
        recipient_pushed_at=pushed_at,
        unreadable=report.unreadable or None,
        settled=settlements or None,
        **{f"{status.name.lower()}_numbers": numbers[:limit] for status, numbers in lists.items()},
        **order_fields(summary, attempt, now, pushed_part(pushed, asked)),
    )


_SHOW_UNDELIVERED = Text(
    "With {show} the same call lists all of this page.",
    "Aynı çağrı {show} ile bu sayfadakilerin tamamını listeler.",
)


def _facts(summary: OrderSummary, attempt: Attempt | None, price: Text | None) -> Text:
    facts = order_facts(summary, attempt)
    if summary.send_at is not None:
        facts.append(Text("send time {time}", "gönderim zamanı {time}").format(time=describe_time(summary.send_at)))
    if price is not None:
        facts.append(price)
    if not facts:
        return Text("No counters were given.", "Sayı verilmedi.")
    return Text("{facts}.", "{facts}.").format(facts=Text.join(", ", facts))


def _price(summary: OrderSummary, context: ServerContext) -> Text | None:
    if summary.price is None:
        return None
    if not summary.price and status_of(summary, context.clock()) == "sending":
        return Text("price not known yet", "ücret henüz belli değil")
    return describe_price(summary.price, context)


def describe_price(price: float, context: ServerContext) -> Text:
    """Return what orders cost, with one unit if the balance that was read shows the kind of account."""
    template = Text(
        "price {price} (TL if the account pays in lira, else SMS credits)",
        "ücret {price} (hesap TL ile çalışıyorsa TL, yoksa SMS kredisi)",
    )
    if (balance := context.recent_reads.balance()) is not None and not (balance.sms and balance.amount):
        if balance.sms:
            template = Text("price {price} SMS credits", "ücret {price} SMS kredisi")
        elif balance.amount:
            template = Text("price {price} TL", "ücret {price} TL")
    written = f"{price:,.10g}"
    return template.format(price=Text(written, written.translate(str.maketrans(",.", ".,"))))


async def _recipient(
    number: str, report: OrderReport, attempt: Attempt | None, arguments: ReportArguments, context: ServerContext
) -> tuple[RecipientStatus, str | None, Text]:
    """Return the state of one recipient in a word and in a sentence, between them when it was pushed if it was.

    What the provider's row calls final is final; a pushed report is of use before that, and if the row is on another page.
    If the report is whole and has no such row, the number is not in the order, whatever was pushed, unless the order was
    sent to it from here, or is not reported in whole.
    """
    row = next((row for row in report.rows if row.number == number), None)
    status, words = _listed(number, row, report, arguments)
    if status == "not_in_order":
        if attempt is not None and await context.ledger.are_recipients(attempt, (number,)):
            status, words = "not_on_page", _UNREPORTED.format(number=number)
        elif number_left_out(report.summary, attempt) or not report.rows:
            status, words = "not_on_page", _UNREPORTED_OR_ABSENT.format(number=number)
    if status not in ("delivered", "undelivered", "not_in_order"):
        pushed = (await read_pushed_to(report.summary.order_id, (number,), context)).get(number)
        if pushed is not None and (row is None or pushed.state != "waiting"):
            words = _PUSHED_RECIPIENTS[pushed.state].format(number=number, time=describe_time(pushed.at))
            return pushed.state, iso(pushed.at), words
    return status, None, words


_UNREPORTED = Text(
    "{number}: in this order, but its report has not come yet, or the provider left it out.",
    "{number}: bu gönderimde var; raporu henüz gelmedi ya da sağlayıcı göndermedi.",
)
_UNREPORTED_OR_ABSENT = Text(
    "{number}: its report has not come yet, or it is not in this order.",
    "{number}: raporu henüz gelmedi ya da bu gönderimde yok.",
)


def _listed(
    number: str, row: MessageRow | None, report: OrderReport, arguments: ReportArguments
) -> tuple[RecipientStatus, Text]:
    """Return the state of one recipient by the `row` of this page, in a word and in a sentence."""
    rows, total = report.rows, report.summary.total
    if row is not None:
        if row.status in _RECIPIENTS:
            status, words = _RECIPIENTS[row.status]
            return status, words.format(number=number)
        return "other", Text(
            "{number}: in a state that is not documented ({status}).", "{number}: belgelenmemiş durum ({status})."
        ).format(number=number, status=str(row.status))
    if arguments.page == 1 and total is not None and len(rows) >= total and not report.unreadable:
        return "not_in_order", Text("{number}: not in this order.", "{number}: bu gönderimde yok.").format(
            number=number
        )
    return "not_on_page", describe_absence(number, arguments.page, arguments.page_size, total)


def _settling_step(settlements: list[Settlement]) -> Text | None:
    """Return what may settle the send that this report left unknown; None if it left none so."""
    undecided = [one for one in settlements if one.outcome == "undecided"]
    if not undecided:
        return None
    if len(undecided[0].order_ids) > 1:
        return _READ_EACH.format(order_ids=", ".join(undecided[0].order_ids))
    return _READ_ALL.format(day=undecided[0].sent_at[:10])


_READ_EACH = Text(
    "The unknown send is not settled yet: read all pages of each with get_report: {order_ids}.",
    "Sonucu bilinmeyen gönderim henüz netleşmedi: her birinin bütün sayfalarını get_report ile okuyun: {order_ids}.",
)
_READ_ALL = Text(
    "The unknown send is not settled yet: read all pages of get_reports of {day}, then all pages of this report.",
    "Sonucu bilinmeyen gönderim henüz netleşmedi: {day} gününün get_reports listesini, sonra bu raporu bütün "
    "sayfalarıyla okuyun.",
)


_NOT_CHARGED = Text(
    "Undelivered messages are not charged, and the provider gives no reason.",
    "İletilemeyenler ücretlendirilmez; sağlayıcı nedenini bildirmez.",
)
MAYBE_NO_CONSENT = Text(
    "The undelivered may be numbers without İYS consent.", "İletilemeyenler İYS izni olmayan numaralar olabilir."
)
_ASK_FIRST = for_model("Do not send again without asking the user.", "Kullanıcıya sormadan yeniden göndermeyin.")


def _next_step(summary: OrderSummary, attempt: Attempt | None, now: datetime) -> Text:
    status = status_of(summary, now)
    if status == "scheduled":
        return Text("Until then cancel_order can stop it.", "O zamana kadar cancel_order durdurabilir.")
    if status == "sending" or (status == "finished" and summary.waiting):
        return when_to_read_again([summary], now)
    if status == "finished" and summary.undelivered:
        consents = [MAYBE_NO_CONSENT] if is_commercial(attempt) else []
        return sentences(_NOT_CHARGED, *consents, _ASK_FIRST)
    if status == "not_sent":
        return Text("Nothing goes out for this order.", "Bu gönderimde hiçbir mesaj çıkmaz.")
    if number_left_out(summary, attempt):
        return Text(
            "get_blacklist with number shows if one of those left out is blocked.",
            "Dışarıda kalan bir numaranın engelli olup olmadığını number ile get_blacklist gösterir.",
        )
    return Text("There is nothing more to do.", "Yapılacak başka bir şey yok.")


GET_REPORT = ReadTool(
    name="get_report",
    title="Delivery report",
    description="Reads one SMS order's delivery report: counts for the whole order, and a page of its numbers. Free. Use it when "
    "asked what was delivered, or if one number was reached. Status finished does not mean delivered: read the counts; a "
    "scheduled order has none yet. To find an order use get_reports.",
    summary=Text("the delivery report of one order", "bir gönderimin iletim raporu"),
    arguments=ReportArguments,
    answer=ReportAnswer,
    read=get_report,
    card=DELIVERY_CARD,
    example={"order_id": "312891245"},
)
