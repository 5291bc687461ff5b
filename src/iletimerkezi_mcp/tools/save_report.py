"""Reports as files for a spreadsheet: `save_report`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Annotated, Any, Literal

from anyio import lowlevel
from pydantic import Field

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.language import TELL_USER, Text, plural
from iletimerkezi_mcp.ledger.attempts import NEVER_LEFT, Attempt
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.writing import FileFormat, spreadsheet_number
from iletimerkezi_mcp.provider.orders import MessageStatus, OrderId, OrderStatus
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.escape import quoted

from .answers import ReadAnswer, ToolReply
from .arguments import Arguments
from .context import ServerContext
from .errors import PreconditionError, Problems
from .fields import OrderIdArgument, capped_text
from .list_columns import ColumnChoice, ListColumns, read_columns
from .month_report import MONTH_HEADER, month_rows, parse_month
from .order_status import left_out, sent_from_here
from .report_file import FILE_NAME_SHOWN, ReportFile
from .settlement import Settlement
from .tool import FileTool
from .whole_report import MAX_REPORT_ROWS, Findings, WholeReport, read_month, read_whole_report

Kind = Literal["all", "undelivered", "waiting", "delivered"]

_FORMATS: tuple[FileFormat, ...] = ("xlsx", "csv")


class SaveReportArguments(Arguments):
    order_id: OrderIdArgument | None = None
    campaign: Annotated[str | None, capped_text(40, "All its orders, e.g. k-3f9a2c.")] = None
    month: Annotated[str | None, capped_text(40, "All orders of it, with counts and prices, e.g. 2026-11.")] = None
    show: Annotated[Kind, Field(description="Which recipients to write.")] = "all"
    columns: Annotated[
        ColumnChoice,
        Field(description="Of the list that it was sent to, beside each number: those its text used, or all."),
    ] = "used"
    format: Annotated[FileFormat | None, Field(description="Left out: as save_as ends, else xlsx.")] = None
    save_as: Annotated[str | None, capped_text(200, 'Name of the new file, e.g. "ulaşılamayanlar.xlsx".')] = None


class SaveReportAnswer(ReadAnswer):
    """`rows` are those in the file, whose `columns` are named; the counts are of all that was read."""

    path: str | None = None
    bytes: int | None = None
    rows: int | None = None
    columns: list[str] | None = None
    orders: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None
    price: float | None = None
    settled: list[Settlement] | None = None


@dataclass(slots=True)
class _Progress:
    """The number of rows that were read, of how many in all if that is known."""

    caller: Caller
    total: int | None = None
    done: int = 0

    async def add(self, rows: int) -> None:
        self.done += rows
        # The sandbox answers at once: without this no other call would get its turn, and this one could not be cancelled.
        await lowlevel.checkpoint()
        await self.caller.on_progress(self.done, self.total)


@dataclass(frozen=True, slots=True)
class _Source:
    """The orders whose recipients are written, and the campaign that they are of.

    `attempts` has those that were sent from here, by the order's number. `left` counts the campaign's recipients to whom
    nothing was sent, and `unknown` its orders whose outcome is not known: they have no number, and so no report.
    """

    name: str
    order_ids: Sequence[OrderId]
    attempts: Mapping[str, Attempt] = field(default_factory=dict)
    campaign: Campaign | None = None
    left: int = 0
    unknown: int = 0

    @property
    def recipients(self) -> int | None:
        """The number of recipients who were handed over, if it is known."""
        return sum(attempt.count for attempt in self.attempts.values()) or None


async def save_report(arguments: SaveReportArguments, context: ServerContext, caller: Caller) -> ToolReply:
    """Write the recipients of an order or a campaign, or the orders of a month, into a new file."""
    problems = Problems()
    if (arguments.order_id, arguments.campaign, arguments.month).count(None) != 2:
        problems.add("order_id", _ONE_OF_THREE)
    if arguments.month is not None and arguments.show != "all":
        problems.add("show", _NOT_WITH_MONTH)
    file_format = _file_format(arguments, problems)
    month = None if arguments.month is None else parse_month(arguments.month, context.clock(), problems)
    problems.raise_if_any()
    file = ReportFile(context, file_format, arguments.save_as)
    if month is not None:
        return await _save_month(month, file, context, _Progress(caller))
    source = await _source(arguments, context)
    return await _save_recipients(source, arguments, file, context, _Progress(caller, source.recipients))


async def _save_recipients(
    source: _Source, arguments: SaveReportArguments, file: ReportFile, context: ServerContext, progress: _Progress
) -> ToolReply:
    findings, reports = Findings(), list[WholeReport]()
    scheduled, room = 0, MAX_REPORT_ROWS
    for order_id in source.order_ids:
        report = await read_whole_report(order_id, room, context, findings, progress.add)
        if report is None:
            scheduled += 1
        else:
            reports.append(report)
            room -= report.read
    notes = _notes(reports, scheduled, source)
    if not any(report.read for report in reports):
        raise PreconditionError(Text.join(" ", [_NO_REPORT, *notes]), _LATER if scheduled else TELL_USER)
    states = Counter(chain.from_iterable(report.statuses for report in reports))
    counts = {status.name.lower(): states[status] for status in MessageStatus}
    fields = {"orders": len(reports), "price": _sum(report.summary.price for report in reports), **counts}
    notes[:0] = _totals(fields)
    wanted = None if arguments.show == "all" else MessageStatus[arguments.show.upper()]
    number_of_rows = sum(states.values()) if wanted is None else states[wanted]
    if not number_of_rows:
        return _reply(_NONE_SUCH, TELL_USER, notes, findings, context, rows=0, **fields)
    columns = await _columns(source.campaign, arguments, notes, context)
    number_name, status_name = columns.number_name or context.say(_NUMBER), context.say(_STATUS)
    columns = columns.without(status_name, number_name)
    words = {status: context.say(_status_words(status)) for status in states}
    entry = await file.save(
        source.name,
        (number_name, status_name, *columns.names),
        (
            (spreadsheet_number(number), words[status], *columns.beside(number))
            for report in reports
            for number, status in zip(report.numbers, report.statuses, strict=True)
            if wanted is None or status == wanted
        ),
    )
    written = plural(number_of_rows, "recipient was", "recipients were", "alıcı")
    summary = _WRITTEN.format(written=written, file=quoted(entry.name, FILE_NAME_SHOWN))
    return _reply(
        summary,
        _AGAIN,
        [file.describe(entry), *notes],
        findings,
        context,
        rows=number_of_rows,
        **file.fields(entry),
        **fields,
    )


async def _save_month(month: date, file: ReportFile, context: ServerContext, progress: _Progress) -> ToolReply:
    now, findings = context.clock(), Findings()
    orders = await read_month(month, now.astimezone(ISTANBUL).date(), context, findings, progress.add)
    counts = {
        status.name.lower(): sum(getattr(order, status.name.lower()) or 0 for order in orders)
        for status in MessageStatus
    }
    fields = {"rows": len(orders), "orders": len(orders), "price": _sum(order.price for order in orders), **counts}
    name = f"{month:%Y-%m}"
    if not orders:
        return _reply(_NO_ORDERS.format(month=name), TELL_USER, [], findings, context, **fields)
    attempts = await sent_from_here((order.order_id for order in orders), context)
    header = [context.say(column) for column in MONTH_HEADER]
    entry = await file.save(name, header, month_rows(orders, attempts, now, context.say))
    written = plural(len(orders), "order was", "orders were", "gönderim")
    summary = _WRITTEN.format(written=written, file=quoted(entry.name, FILE_NAME_SHOWN))
    notes = [file.describe(entry), *_totals(fields)]
    return _reply(summary, TELL_USER, notes, findings, context, **file.fields(entry), **fields)


def _reply(
    summary: Text, next_step: Text, lines: Sequence[Text], findings: Findings, context: ServerContext, **fields: Any
) -> ToolReply:
    details = context.say(Text.join("\n", [*lines, *findings.lines])) or None
    return context.reply(SaveReportAnswer, summary, next_step, details, settled=findings.settlements or None, **fields)


def _file_format(arguments: SaveReportArguments, problems: Problems) -> FileFormat:
    """Return the format that the arguments name, in one way or in two that must agree."""
    ending = next((form for form in _FORMATS if (arguments.save_as or "").lower().endswith(f".{form}")), None)
    if ending is not None and arguments.format not in (None, ending):
        problems.add("save_as", _OTHER_ENDING.format(ending=f".{ending}", format=str(arguments.format)))
    return arguments.format or ending or "xlsx"


async def _source(arguments: SaveReportArguments, context: ServerContext) -> _Source:
    """Return what the call is about. Raises :class:`.PreconditionError` for a campaign that is not on record."""
    if arguments.campaign is None:
        order_id = OrderId(arguments.order_id or "")
        attempts = await sent_from_here((order_id,), context)
        names = [attempt.campaign for attempt in attempts.values() if attempt.campaign is not None]
        campaign = await context.ledger.campaign(names[0]) if names else None
        return _Source(order_id, (order_id,), attempts, campaign)
    campaign = await context.ledger.campaign(arguments.campaign.strip())
    if campaign is None:
        raise PreconditionError(_NO_CAMPAIGN, _GET_CAMPAIGNS)
    attempts = {step.order_id: step for step in campaign.steps if step.order_id is not None}
    unknown = sum(step.order_id is None and step.state not in NEVER_LEFT for step in campaign.steps)
    return _Source(campaign.name, list(map(OrderId, attempts)), attempts, campaign, campaign.left, unknown)


def _notes(reports: Sequence[WholeReport], scheduled: int, source: _Source) -> list[Text]:
    """Return what is not in the file, and why."""
    not_sent = [report for report in reports if report.summary.status == OrderStatus.NOT_SENT and not report.read]
    numbers = (
        (_SCHEDULED, scheduled),
        (_NOT_SENT, len(not_sent)),
        (_UNKNOWN, source.unknown),
        (_LEFT, source.left),
        (_UNREADABLE, sum(report.unreadable for report in reports)),
    )
    notes = [text.format(number=number) for text, number in numbers if number]
    for report in reports:
        total = report.summary.total
        if total is not None and total != report.read and report not in not_sent:
            notes.append(_FEWER.format(order_id=report.summary.order_id, total=total, read=report.read))
    return [*notes, *left_out((report.summary, source.attempts.get(report.summary.order_id)) for report in reports)]


async def _columns(
    campaign: Campaign | None,
    arguments: SaveReportArguments,
    notes: list[Text],
    context: ServerContext,
) -> ListColumns:
    """Return the columns of the campaign's list; without a list that is still the same none, and why in `notes`."""
    if campaign is None:
        return ListColumns()
    try:
        return await read_columns(context.folder, campaign, arguments.columns, international=context.settings.abroad)
    except ListError as error:
        notes.append(_NO_COLUMNS.format(reason=error.reason))
        return ListColumns()


def _totals(fields: Mapping[str, Any]) -> list[Text]:
    """Return the counts of an answer in a sentence, and its price in one if it has one."""
    lines = [_COUNTS.format(**{status.name.lower(): fields[status.name.lower()] for status in MessageStatus})]
    if (price := fields["price"]) is not None:
        lines.append(_PRICE.format(price=Text(f"{price:.10g}", f"{price:.10g}".replace(".", ","))))
    return lines


def _sum(prices: Iterable[float | None]) -> float | None:
    """Return the sum of all that have a price, None if none has."""
    known = [price for price in prices if price is not None]
    return round(sum(known), 4) if known else None


def _status_words(status: int) -> Text:
    return _STATUSES.get(status) or Text("status {status}", "durum {status}").format(status=str(status))


_STATUSES: Mapping[int, Text] = {
    MessageStatus.DELIVERED: Text("delivered", "iletildi"),
    MessageStatus.UNDELIVERED: Text("undelivered", "iletilemedi"),
    MessageStatus.WAITING: Text("waiting", "bekliyor"),
}
_NUMBER = Text("Phone", "Telefon")
_STATUS = Text("SMS status", "SMS durumu")
_ONE_OF_THREE = Text(
    "or campaign or month is needed, and only one of the three",
    "ya da campaign ya da month gerekli, üçünden yalnızca biri",
)
_NOT_WITH_MONTH = Text("must be all with month", "month ile all olmalı")
_OTHER_ENDING = Text("ends in {ending}, but format is {format}", "{ending} ile bitiyor, format ise {format}")
_NO_CAMPAIGN = Text(
    "Nothing was written: there is no campaign of this name.", "Hiçbir şey yazılmadı: bu adda bir kampanya yok."
)
_GET_CAMPAIGNS = Text("get_campaigns lists those made here.", "Buradan yapılanları get_campaigns listeler.")
_NO_ORDERS = Text(
    "Nothing was written: no order was submitted in {month}.",
    "Hiçbir şey yazılmadı: {month} ayında verilen gönderim yok.",
)
_NO_REPORT = Text("Nothing was written: there is no report yet.", "Hiçbir şey yazılmadı: henüz rapor yok.")
_NONE_SUCH = Text("Nothing was written: no recipient is in that state.", "Hiçbir şey yazılmadı: bu durumda alıcı yok.")
_LATER = Text("Call again after their time.", "Zamanları geçtikten sonra yeniden çağırın.")
_WRITTEN = Text("{written} written to {file}.", "{file} dosyasına {written} yazıldı.")
_COUNTS = Text(
    "Delivered {delivered}, undelivered {undelivered}, waiting {waiting}.",
    "İletilen {delivered}, iletilemeyen {undelivered}, bekleyen {waiting}.",
)
_PRICE = Text(
    "Price in all, as far as the provider gives one: {price} (TL if the account pays in lira, else SMS credits).",
    "Sağlayıcının verdiği kadarıyla toplam ücret: {price} (hesap TL ile çalışıyorsa TL, yoksa SMS kredisi).",
)
_SCHEDULED = Text(
    "Scheduled orders that have no report yet: {number}.", "Zamanı gelmediği için raporu olmayan gönderim: {number}."
)
_NOT_SENT = Text(
    "Orders that were not sent (cancelled or rejected): {number}.", "İptal edilen ya da reddedilen gönderim: {number}."
)
_UNKNOWN = Text(
    "Orders of unknown outcome, which are not in the file: {number}.",
    "Sonucu bilinmeyen, dosyada olmayan gönderim: {number}.",
)
_LEFT = Text(
    "Recipients of the campaign to whom nothing was sent: {number}.", "Kampanyada henüz gönderilmemiş alıcı: {number}."
)
_UNREADABLE = Text("Rows of the reports that could not be read: {number}.", "Raporların okunamayan satırı: {number}.")
_FEWER = Text(
    "The provider counts {total} recipients in order {order_id} and shows {read}.",
    "Sağlayıcı {order_id} numaralı gönderimde {total} alıcı sayıyor, {read} tanesini gösteriyor.",
)
_NO_COLUMNS = Text("Without the list's columns. {reason}", "Listenin sütunları yok. {reason}")
_AGAIN = Text(
    "Tell the user where it is. It is a list itself, which send_list reads; ask before sending to anyone again.",
    "Yerini kullanıcıya söyleyin. Dosyanın kendisi de send_list'in okuduğu bir listedir; yeniden göndermeden önce sorun.",
    person=Text(
        "It is a list itself, which send_list reads.", "Dosyanın kendisi de send_list'in okuduğu bir listedir."
    ),
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
