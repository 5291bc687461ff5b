"""The delivery report of one order: `get_report`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.errors import Refused
from iletimerkezi_mcp.provider.operation import MAX_PAGE_SIZE
from iletimerkezi_mcp.provider.orders import MessageRow, MessageStatus, OrderId, OrderReport, OrderSummary
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted

from .answers import ReadAnswer, ToolReply
from .arguments import Arguments
from .context import ServerContext
from .errors import Problems
from .fields import NumberArgument, OrderIdArgument, PageArgument, PageSizeArgument, mobile_number
from .order_status import OrderFields, Status, describe_order, labels_of, order_fields, status_of
from .paging import ROWS_SHOWN, describe_page, describe_rows, next_pages
from .settlement import Settlement, settle_by_report
from .tool import ReadTool

Show = Literal["undelivered", "waiting", "delivered", "all", "none"]
RecipientStatus = Literal["delivered", "undelivered", "waiting", "other", "not_on_page", "not_in_order"]

NOT_YET = 456
"""The provider's code for an order whose send time has not come (contract, section 5)."""


class ReportArguments(Arguments):
    order_id: OrderIdArgument
    page: PageArgument = 1
    page_size: PageSizeArgument = MAX_PAGE_SIZE
    show: Annotated[Show, Field(description="Which recipients to list, e.g. all; none: counters only.")] = "undelivered"
    recipient: Annotated[
        NumberArgument | None, Field(description="Its status, if on this page, e.g. +905321234567.")
    ] = None


class ReportAnswer(OrderFields, ReadAnswer):
    """Counters are for the whole order, the lists of numbers for one page."""

    price: float | None = None
    page: int | None = None
    recipient_status: RecipientStatus | None = None
    undelivered_numbers: list[str] | None = None
    waiting_numbers: list[str] | None = None
    delivered_numbers: list[str] | None = None
    settled: list[Settlement] | None = None


async def get_report(arguments: ReportArguments, context: ServerContext) -> ToolReply:
    problems = Problems()
    recipient = None
    if arguments.recipient is not None:
        recipient = mobile_number(arguments.recipient, "recipient", context, problems)
    problems.stop()
    order_id = OrderId(arguments.order_id)
    try:
        query = provider.ReportQuery(order_id, arguments.page, arguments.page_size)
        report = await context.client.call(provider.GET_REPORT, query)
    except Refused as error:
        if error.code != NOT_YET:
            raise
        context.recent_reads.remember_order(order_id, None, context.clock())
        return await _scheduled_reply(order_id, context)
    context.recent_reads.remember_order(order_id, report.summary, context.clock())
    settlements, lines = await settle_by_report(report, context)
    return await _report_reply(arguments, recipient, report, settlements, lines, context)


async def _scheduled_reply(order_id: OrderId, context: ServerContext) -> ToolReply:
    label = (await labels_of((order_id,), context)).get(order_id)
    return context.reply(
        ReportAnswer,
        Text(
            "Order {order_id} is scheduled; its send time has not come, so there is no report yet.",
            "{order_id} numaralı gönderim ileri tarihli; zamanı gelmediği için henüz rapor yok.",
        ).format(order_id=order_id),
        Text(
            "get_reports shows its send time; until then cancel_order can stop it.",
            "Gönderim zamanını get_reports gösterir; o zamana kadar cancel_order durdurabilir.",
        ),
        label,
        code=NOT_YET,
        order_id=order_id,
        status="scheduled",
        label=label,
    )


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


async def _report_reply(
    arguments: ReportArguments,
    recipient: str | None,
    report: OrderReport,
    settlements: list[Settlement],
    settled: list[Text],
    context: ServerContext,
) -> ToolReply:
    summary, rows = report.summary, report.rows
    now = context.clock()
    label = (await labels_of((summary.order_id,), context)).get(summary.order_id)
    lists = {
        status: [row.number for row in rows if row.status == status]
        for status in _LISTS
        if recipient is None and arguments.show in ("all", status.name.lower())
    }
    lines = [*settled, _facts(summary, label)]
    if lists or recipient is not None:
        lines.append(describe_page(arguments.page, arguments.page_size, len(rows), summary.total))
    recipient_status: RecipientStatus | None = None
    if recipient is not None:
        whole = arguments.page == 1 and summary.total is not None and len(rows) >= summary.total
        recipient_status, line = _recipient(recipient, rows, whole=whole)
        lines.append(line)
    lines += [describe_rows(_LISTS[status], numbers) for status, numbers in lists.items()]
    more = None
    if lists or recipient_status in ("not_on_page", "not_in_order"):
        cut = any(len(numbers) > ROWS_SHOWN for numbers in lists.values())
        more = next_pages(cut, arguments.page, arguments.page_size, summary.total)
    return context.reply(
        ReportAnswer,
        Text("Order {order_id}: {state}.", "Sipariş {order_id}: {state}.").format(
            order_id=summary.order_id, state=describe_order(summary, now)
        ),
        more or _next_step(status_of(summary, now), summary),
        context.say(Text.join("\n", lines)),
        price=summary.price,
        page=arguments.page,
        recipient_status=recipient_status,
        settled=settlements or None,
        **{f"{status.name.lower()}_numbers": numbers[:ROWS_SHOWN] for status, numbers in lists.items()},
        **order_fields(summary, label, now),
    )


def _facts(summary: OrderSummary, label: str | None) -> Text:
    facts: list[Text | str] = [f"“{label}”"] if label else []
    if summary.total is not None:
        facts.append(plural(summary.total, "recipient", "recipients", "alıcı"))
    if summary.sender:
        facts.append(Text("sender {sender}", "başlık {sender}").format(sender=quoted(summary.sender)))
    if summary.send_at is not None:
        facts.append(Text("send time {time}", "gönderim zamanı {time}").format(time=describe_time(summary.send_at)))
    if summary.price is not None:
        price = Text(f"{summary.price:.10g}", f"{summary.price:.10g}".replace(".", ","))
        facts.append(
            Text(
                "charged {price} (credits or lira, depending on the account)",
                "ücret: {price} (hesabın türüne göre kredi ya da TL)",
            ).format(price=price)
        )
    if not facts:
        return Text("No counters were given.", "Sayı verilmedi.")
    return Text("{facts}.", "{facts}.").format(facts=Text.join(", ", facts))


def _recipient(number: str, rows: tuple[MessageRow, ...], *, whole: bool) -> tuple[RecipientStatus, Text]:
    """Return the state of one recipient, in a word and in a sentence; `whole` if `rows` are all of the order."""
    row = next((row for row in rows if row.number == number), None)
    if row is not None:
        if row.status in _RECIPIENTS:
            status, words = _RECIPIENTS[row.status]
            return status, words.format(number=number)
        return "other", Text(
            "{number}: in a state that is not documented ({status}).", "{number}: belgelenmemiş durum ({status})."
        ).format(number=number, status=str(row.status))
    if whole:
        return "not_in_order", Text("{number}: not in this order.", "{number}: bu gönderimde yok.").format(
            number=number
        )
    return "not_on_page", Text("{number}: not on this page.", "{number}: bu sayfada yok.").format(number=number)


def _next_step(status: Status, summary: OrderSummary) -> Text:
    if status == "scheduled":
        return Text("Until then cancel_order can stop it.", "O zamana kadar cancel_order durdurabilir.")
    if status == "sending" or (status == "finished" and summary.waiting):
        return Text("Read it again in a few minutes.", "Birkaç dakika sonra yeniden okuyun.")
    if status == "finished" and summary.undelivered:
        return Text(
            "Undelivered messages are not charged, and the provider gives no reason; do not send again without asking "
            "the user.",
            "İletilemeyenler ücretlendirilmez; sağlayıcı nedenini bildirmez. Kullanıcıya sormadan yeniden göndermeyin.",
            person=Text(
                "Undelivered messages are not charged, and the provider gives no reason.",
                "İletilemeyenler ücretlendirilmez; sağlayıcı nedenini bildirmez.",
            ),
        )
    if status == "not_sent":
        return Text("Nothing goes out for this order.", "Bu gönderimde hiçbir mesaj çıkmaz.")
    return Text("There is nothing more to do.", "Yapılacak başka bir şey yok.")


GET_REPORT = ReadTool(
    name="get_report",
    title="Delivery report",
    description="Reads one SMS order's delivery report: counts for the whole order, and a page of its numbers. Free. Use it "
    "when asked what was delivered, or if one number was reached. finished is not delivered: read the counts, which a "
    "scheduled order does not have yet. To find an order by its day use get_reports.",
    summary=Text("the delivery report of one order", "bir gönderimin iletim raporu"),
    arguments=ReportArguments,
    answer=ReportAnswer,
    read=get_report,
    example={"order_id": "312891245"},
)
