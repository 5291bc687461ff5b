"""Reports as files for a spreadsheet: `save_report`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from anyio import from_thread, to_thread
from pydantic import Field

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.language import TELL_USER, Text, for_model, plural, sentences
from iletimerkezi_mcp.ledger.attempts import NEVER_LEFT
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import Entry
from iletimerkezi_mcp.lists.layout import is_number_name
from iletimerkezi_mcp.lists.table import Column
from iletimerkezi_mcp.lists.writing import Cell, FileFormat, spreadsheet_number, write_table
from iletimerkezi_mcp.provider.orders import MessageRow, MessageStatus, OrderId, OrderStatus
from iletimerkezi_mcp.sms.clock import ISTANBUL

from .answers import ReadAnswer, ToolReply
from .arguments import Arguments
from .campaigns import find_campaign
from .context import ServerContext
from .errors import CORRECT, PreconditionError, Problems
from .fields import OrderIdArgument, capped_text
from .list_text import read_list_again
from .order_report import describe_price
from .order_status import Status, label_of, left_out, number_left_out, sent_from_here, status_of
from .pushed import Pushed, describe_pushed, pushed_part, read_pushed, read_pushed_to, sum_of
from .tool import FileTool
from .whole_report import ReportReader


class SaveReportArguments(Arguments):
    order_id: OrderIdArgument | None = None
    campaign: Annotated[str | None, capped_text(40, "All its orders, e.g. k-3f9a2c.")] = None
    month: Annotated[str | None, capped_text(40, "All orders of it, with counts and prices, e.g. 2026-11.")] = None
    show: Annotated[
        Literal["all", "undelivered", "waiting", "delivered"], Field(description="Which recipients to write.")
    ] = "all"
    columns: Annotated[
        Literal["used", "all"],
        Field(description="Of the list that it was sent to, beside each number: those its text used, or all."),
    ] = "used"
    format: Annotated[FileFormat | None, Field(description="Left out: as save_as ends, else xlsx.")] = None
    save_as: Annotated[str | None, capped_text(200, 'Name of the new file, e.g. "ulaşılamayanlar.xlsx".')] = None


class SaveReportAnswer(ReadAnswer):
    """`rows` are those in the file; the other counts are of all that was read."""

    path: str | None = None
    bytes: int | None = None
    rows: int | None = None
    orders: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None
    price: float | None = None
    pushed: Pushed | None = None


@dataclass(frozen=True, slots=True)
class _Report:
    """The table to be written, `written` in words, and the words on it; `unwritten` names the orders that it lacks.

    `is_pending` if more is reported later.
    """

    subject: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    written: Text
    counts: Mapping[str, Any]
    lines: Sequence[Text]
    next_step: Text = TELL_USER
    is_pending: bool = False
    unwritten: tuple[Text, ...] = ()


async def save_report(arguments: SaveReportArguments, context: ServerContext, caller: Caller) -> ToolReply:
    """Write the recipients of an order or a campaign, or the orders of a month, into a new file."""
    problems, month = Problems(), None
    if (arguments.order_id, arguments.campaign, arguments.month).count(None) != 2:
        problems.add("order_id", _ONE_OF_THREE)
    if arguments.month is not None:
        try:
            month = date.fromisoformat(f"{arguments.month.strip()}-01")
        except ValueError:
            problems.add("month", _NOT_A_MONTH)
        if arguments.show != "all":
            problems.add("show", _NOT_WITH_MONTH)
    problems.raise_if_any()
    reader = ReportReader(context, caller)
    report = await (_recipients(arguments, reader) if month is None else _month(month, reader))
    lines = [_COUNTS.format(**{status.name.lower(): report.counts[status.name.lower()] for status in MessageStatus})]
    if (price := report.counts["price"]) is not None:
        lines.append(_PRICE.format(price=describe_price(price, context)))
    summary, next_step, file = _NO_ORDERS if month else _NOTHING, TELL_USER, dict[str, Any]()
    if report.is_pending:
        summary, next_step = _NOT_YET, _LATER
    if report.counts["rows"]:
        entry = await _save(report, arguments, context)
        file = {"path": str(context.folder.path / entry.name), "bytes": entry.size}
        summary, next_step = (
            _WRITTEN.format(written=report.written, path=file["path"], size=entry.size),
            report.next_step,
        )
    summary = sentences(summary, *report.unwritten)
    details = context.say(Text.join("\n", [*lines, *report.lines]))
    return context.reply(SaveReportAnswer, summary, next_step, details, **report.counts, **file)


async def _recipients(arguments: SaveReportArguments, reader: ReportReader) -> _Report:
    """Read the recipients of an order or a campaign. Raises as :meth:`.ReportReader.read_order` does."""
    context, name, notes = reader.context, arguments.order_id or "", dict[Text, int]()
    asked = context.clock()
    campaign, unknown = None, list[int]()
    if arguments.campaign is not None:
        campaign = await find_campaign(arguments.campaign, context)
        name = campaign.name
        attempts = {step.order_id: step for step in campaign.steps if step.order_id is not None}
        unknown = [step.count for step in campaign.steps if step.order_id is None and step.state not in NEVER_LEFT]
        notes[_LEFT] = campaign.left
        order_ids = list(attempts)
    else:
        order_ids = [name]
        attempts = await sent_from_here(order_ids, context)
        for attempt in attempts.values():
            campaign = await context.ledger.campaign(attempt.campaign or "")
    read = [await reader.read_order(OrderId(order_id)) for order_id in order_ids]
    reports = [report for report in read if report is not None]
    not_sent = [one for one in reports if one.summary.status == OrderStatus.NOT_SENT and not one.rows]
    notes[_SCHEDULED] = len(read) - len(reports)
    notes[_NOT_SENT] = len(not_sent)
    notes[_MISSING] = sum(report.missing for report in reports if report not in not_sent)
    lines = [template.format(number=number) for template, number in notes.items() if number]
    sent = [(report.summary, attempts.get(report.summary.order_id)) for report in reports]
    states = Counter(row.status for report in reports for row in report.rows)
    wanted = set(states) if arguments.show == "all" else {MessageStatus[arguments.show.upper()]}
    rows = [(report.summary.order_id, row) for report in reports for row in report.rows if row.status in wanted]
    pushed = await _pushed_cells(rows, context)
    total = sum_of((await read_pushed(attempts, context)).values())
    if total is not None:
        lines.append(describe_pushed(total, asked))
    counts: dict[str, Any] = {status.name.lower(): states[status] for status in MessageStatus}
    counts |= {"rows": len(rows), "orders": len(reports), "price": _sum(report.summary.price for report in reports)}
    counts["pushed"] = None if total is None else pushed_part(total, asked)
    own = [context.say(title) for title in (_NUMBER, _STATUS, *(_PUSHED if pushed else ()))]
    header, cells = own, dict[str, Sequence[str]]()
    number, gone = sum(number_left_out(*order) for order in sent), list[str]()
    has_gone = bool(number) and arguments.show == "all" and not notes[_MISSING]
    if rows and campaign is not None and (campaign.columns or arguments.columns == "all" or has_gone):
        try:
            header, cells, listed = await _list_columns(campaign, arguments, header, context)
        except ListError as error:
            lines.append(_NO_COLUMNS.format(reason=error.reason))
        else:
            if has_gone:
                handed_over = await context.ledger.handed_over(campaign.name, listed) or set()
                handed_over -= {row.number for _, row in rows}
                gone = [one for one in listed if one in handed_over]
    lines += left_out(sent)
    if number:
        # If they are more, some were given to orders that the file lacks, and it is not known which.
        gone = gone if len(gone) == number else []
        lines.append(_GONE_WRITTEN.format(state=_GONE) if gone else _GONE_MISSING)
        counts["rows"] += len(gone)
    words = {status: context.say(_STATUSES.get(status) or _OTHER.format(status=str(status))) for status in states}
    empty, no_push = [""] * (len(header) - len(own)), [""] * (len(own) - 2)
    states_of = [(row.number, words[row.status], pushed.get((order_id, row.number), no_push)) for order_id, row in rows]
    states_of += [(one, context.say(_GONE), no_push) for one in gone]
    table = ([spreadsheet_number(one), state, *push, *cells.get(one, empty)] for one, state, push in states_of)
    written = plural(counts["rows"], "recipient was", "recipients were", "alıcı")
    unwritten: tuple[Text, ...] = ()
    if unknown:
        orders = plural(len(unknown), "order", "orders", "gönderim")
        recipients = plural(sum(unknown), "recipient", "recipients", "alıcı")
        unwritten = (_UNKNOWN.format(orders=orders, recipients=recipients),)
    is_pending = bool(notes[_SCHEDULED] or notes[_MISSING] or states[MessageStatus.WAITING])
    return _Report(name, header, table, written, counts, lines, _AGAIN, is_pending, unwritten)


async def _pushed_cells(
    rows: Iterable[tuple[str, MessageRow]], context: ServerContext
) -> dict[tuple[str, str], list[str]]:
    """Return the cells on what was pushed about the rows of each order: by order and number, the state and its time."""
    numbers: dict[str, list[str]] = {}
    for order_id, row in rows:
        numbers.setdefault(order_id, []).append(row.number)
    return {
        (order_id, number): [context.say(_STATUSES[MessageStatus[pushed.state.upper()]]), _cell(pushed.at, context)]
        for order_id, own in numbers.items()
        for number, pushed in (await read_pushed_to(order_id, own, context)).items()
    }


async def _list_columns(
    campaign: Campaign, arguments: SaveReportArguments, header: Sequence[str], context: ServerContext
) -> tuple[list[str], dict[str, Sequence[str]], Sequence[str]]:
    """Read the campaign's list again, and return the header with its columns, the cells of each number, and all numbers.

    Raises :class:`.ListError` if it cannot be read, or is not the same any more.
    """

    def wanted(columns: Sequence[Column]) -> list[int]:
        # The list may be a report itself, whose status is not this one.
        reported = {*header[1:], *map(context.say, _PUSHED)}
        own = [index for index, column in enumerate(columns) if column.name not in reported]
        return own if arguments.columns == "all" else [index for index in own if index in campaign.columns]

    reading = await read_list_again(campaign, context, wanted)
    names = [column.name or column.letter for column in reading.columns]
    beside = [index for index in reading.cells if index != reading.number_column]
    number_name = names[reading.number_column]
    rows = zip(*(reading.cells[index] for index in beside), strict=True)
    cells: dict[str, Sequence[str]] = await to_thread.run_sync(dict, zip(reading.numbers, rows, strict=bool(beside)))
    first = number_name if is_number_name(number_name) else header[0]
    return [first, *header[1:], *(names[index] for index in beside)], cells, reading.numbers


async def _month(month: date, reader: ReportReader) -> _Report:
    """Read the orders of a month. Raises as :meth:`.ReportReader.read_month` does."""
    context = reader.context
    now = context.clock()
    orders, missing = await reader.read_month(month, now.astimezone(ISTANBUL).date())
    counts: dict[str, Any] = {
        status.name.lower(): sum(getattr(order, status.name.lower()) or 0 for order in orders)
        for status in MessageStatus
    }
    counts |= {"rows": len(orders), "orders": len(orders), "price": _sum(order.price for order in orders)}
    lines = [_MISSING.format(number=missing)] if missing else []
    attempts = await sent_from_here((order.order_id for order in orders), context)

    def rows() -> Iterator[list[Cell]]:
        for order in orders:
            attempt = attempts.get(order.order_id)
            times = [
                None if moment is None else _cell(moment, context) for moment in (order.submitted_at, order.send_at)
            ]
            campaign = None if attempt is None else attempt.campaign
            facts = (order.order_id, label_of(attempt), campaign, order.sender, *times)
            numbers = (order.total, order.delivered, order.undelivered, order.waiting, order.price)
            cells = (*facts, context.say(_ORDER_STATUSES[status_of(order, now)]), *numbers)
            yield ["" if cell is None else cell for cell in cells]

    written = plural(len(orders), "order was", "orders were", "gönderim")
    return _Report(f"{month:%Y-%m}", list(map(context.say, _MONTH_HEADER)), rows(), written, counts, lines)


async def _save(report: _Report, arguments: SaveReportArguments, context: ServerContext) -> Entry:
    """Write the file, whole or not at all, also if the call is cancelled. Raises :class:`.PreconditionError`."""
    moment = f"{context.clock().astimezone(ISTANBUL):%Y%m%d-%H%M%S}"
    name = (arguments.save_as or "").strip() or context.say(_FILE_NAME.format(subject=report.subject, moment=moment))
    file_format = arguments.format or ("csv" if name.lower().endswith(".csv") else "xlsx")
    if not name.lower().endswith(f".{file_format}"):
        name += f".{file_format}"

    def until_cancelled() -> Iterator[Sequence[Cell]]:
        for row in report.rows:
            from_thread.check_cancelled()
            yield row

    def write() -> Entry:
        return context.folder.save(name, lambda file: write_table(file, file_format, report.header, until_cancelled()))

    try:
        return await to_thread.run_sync(write)
    except ListError as error:
        raise PreconditionError(_NOT_WRITTEN.format(reason=error.reason), CORRECT) from None


def _cell(moment: datetime, context: ServerContext) -> str:
    there = moment.astimezone(ISTANBUL)
    return context.say(Text(f"{there:%Y-%m-%d %H:%M}", f"{there:%d.%m.%Y %H:%M}"))


def _sum(prices: Iterable[float | None]) -> float | None:
    """Return the sum of all that have a price, None if none has."""
    known = [price for price in prices if price is not None]
    return round(sum(known), 4) if known else None


_STATUSES: Mapping[int, Text] = {
    MessageStatus.DELIVERED: Text("delivered", "iletildi"),
    MessageStatus.UNDELIVERED: Text("undelivered", "iletilemedi"),
    MessageStatus.WAITING: Text("waiting", "bekliyor"),
}
_GONE = Text("left out by the provider", "sağlayıcı göndermedi")
_GONE_WRITTEN = Text("In the file these are “{state}”.", "Dosyada bunlar “{state}” olarak duruyor.")
_GONE_MISSING = Text(
    "They are not in the file, for the report does not name them.", "Rapor adlarını vermediği için dosyada yoklar."
)
_OTHER = Text("status {status}", "durum {status}")
_NUMBER = Text("Phone", "Telefon")
_STATUS = Text("SMS status", "SMS durumu")
_PUSHED = (Text("Pushed status", "Bildirilen durum"), Text("Pushed at", "Bildirim zamanı"))
_MONTH_HEADER = (
    Text("Order", "Gönderim no"),
    Text("Name", "Ad"),
    Text("Campaign", "Kampanya"),
    Text("Sender", "Başlık"),
    Text("Submitted", "Verildiği zaman"),
    Text("Send time", "Gönderim zamanı"),
    Text("Status", "Durum"),
    Text("Recipients", "Alıcı sayısı"),
    Text("Delivered", "İletilen"),
    Text("Undelivered", "İletilemeyen"),
    Text("Waiting", "Bekleyen"),
    Text("Price", "Ücret"),
)
_ORDER_STATUSES: Mapping[Status, Text] = {
    "scheduled": Text("scheduled", "ileri tarihli"),
    "sending": Text("still sending", "sürüyor"),
    "finished": Text("finished", "bitti"),
    "not_sent": Text("not sent", "gönderilmedi"),
    "other": Text("unknown", "belirsiz"),
}
_FILE_NAME = Text("report-{subject}-{moment}", "rapor-{subject}-{moment}")
_ONE_OF_THREE = Text(
    "or campaign or month is needed, and only one of the three",
    "yoksa campaign ya da month gerekli; üçünden yalnızca biri verilebilir",
)
_NOT_A_MONTH = Text("must be a month like 2026-11", "2026-11 gibi bir ay olmalı")
_NOT_WITH_MONTH = Text("must be all with month", "month ile all olmalı")
_NOT_WRITTEN = Text("Nothing was written. {reason}", "Hiçbir şey yazılmadı. {reason}")
_NO_ORDERS = Text("Nothing was written: the month has no orders.", "Hiçbir şey yazılmadı: o ay gönderim yok.")
_NOTHING = Text(
    "Nothing was written: no report shows such a recipient.", "Hiçbir şey yazılmadı: raporlarda böyle bir alıcı yok."
)
_NOT_YET = Text("Nothing was written: there is no such report yet.", "Hiçbir şey yazılmadı: henüz böyle bir rapor yok.")
_LATER = Text("Call it again later.", "Daha sonra yeniden çağırın.")
_WRITTEN = Text("{written} written to {path} ({size} bytes).", "{path} dosyasına {written} yazıldı ({size} bayt).")
_COUNTS = Text(
    "{delivered} delivered, {undelivered} undelivered, {waiting} waiting.",
    "İletilen {delivered}, iletilemeyen {undelivered}, bekleyen {waiting}.",
)
_PRICE = Text("In all, as far as the provider gives it: {price}.", "Sağlayıcının verdiği kadarıyla toplam {price}.")
_SCHEDULED = Text(
    "Scheduled orders that have no report yet: {number}.", "Zamanı gelmediği için raporu olmayan gönderim: {number}."
)
_NOT_SENT = Text(
    "Orders that were not sent (cancelled or rejected): {number}.", "İptal edilen ya da reddedilen gönderim: {number}."
)
_UNKNOWN = Text(
    "Not in the file: {orders} of unknown outcome, {recipients}.",
    "Dosyada olmayan: sonucu bilinmeyen {orders}, {recipients}.",
)
_LEFT = Text(
    "Recipients of the campaign to whom nothing was sent: {number}.", "Kampanyada henüz gönderilmemiş alıcı: {number}."
)
_MISSING = Text(
    "Rows that the provider counts but does not show, or not readably: {number}.",
    "Sağlayıcının saydığı ama göstermediği ya da okunamayan satır: {number}.",
)
_NO_COLUMNS = Text("Without the list's columns. {reason}", "Listenin sütunları yok. {reason}")
_AGAIN = sentences(
    for_model("Tell the user where it is.", "Yerini kullanıcıya söyleyin."),
    Text("It is a list itself, which send_list reads.", "Dosyanın kendisi de send_list'in okuduğu bir listedir."),
    for_model("Ask before sending to anyone again.", "Yeniden göndermeden önce sorun."),
)

SAVE_REPORT = FileTool(
    name="save_report",
    title="Report as a file",
    description="Writes an Excel or CSV file into the operator's folder: each recipient of an SMS order or campaign with its "
    "status, or a month's orders. Reads all pages, free. Answers with path and counts. Use it when a list of who got it, or "
    "did not, is wanted; for counts alone use get_report or get_campaigns.",
    summary=Text(
        "writes a report as an Excel or CSV file, itself a list",
        "raporu Excel ya da CSV dosyası olarak yazar; dosya yeni bir listedir",
    ),
    arguments=SaveReportArguments,
    answer=SaveReportAnswer,
    write=save_report,
    example={"order_id": "312891246"},
)
