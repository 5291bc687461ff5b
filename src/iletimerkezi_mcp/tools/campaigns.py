"""The campaigns that were made here, and what became of each of their orders: `get_campaigns`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

import anyio

from iletimerkezi_mcp.language import TELL_USER, Text, for_model, for_onlooker, plural, sentences
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.ledger.pushed_reports import PushedCounts
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.codes import lookup
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.orders import OrderId, OrderStatus, OrderSummary
from iletimerkezi_mcp.sms.clock import ISTANBUL, describe_time
from iletimerkezi_mcp.sms.escape import quoted, within_quotes

from .answers import AnswerPart, ReadAnswer, ToolReply, iso
from .arguments import Arguments, argument
from .context import ServerContext
from .errors import PreconditionError
from .fields import capped_text
from .list_text import read_list_again
from .open_list import FILE_NAME_SHOWN
from .order_report import MAYBE_NO_CONSENT, read_report
from .order_status import OrderFields, describe_order, is_commercial, label_of, order_fields, when_to_read_again
from .pushed import describe_pushed, pushed_part, read_pushed
from .tool import DELIVERY_CARD, ReadTool

LISTED = 30
"""The most campaigns that are listed: the newest ones."""

ORDERS_LISTED = 50
"""The most orders that an answer lists; a campaign may have thousands."""

Progress = Literal["under_way", "interrupted", "finished", "stopped", "cancelled"]

Reports = Mapping[int, OrderSummary | ApiError | None]
"""The report of each accepted order, by the step's id; None if its time has not come."""


class CampaignsArguments(Arguments):
    campaign: Annotated[str | None, capped_text(40, "One with its orders, e.g. k-3f9a2c. Left out: all.")] = None


class CampaignFields(AnswerPart):
    """One campaign, and its recipients by their order: `accepted`, `cancelled` since, `sending` right now, `unknown`; `left` were never handed over.

    What was accepted goes out at `send_at`, or from then to `last_send_at`; if nothing was, it has `started`.
    """

    campaign: str
    file: str
    progress: Progress
    recipients: int
    accepted: int
    cancelled: int
    sending: int
    unknown: int
    left: int
    orders: int
    send_at: str | None = None
    last_send_at: str | None = None
    started: str | None = None


class CampaignOrder(OrderFields):
    """One order of a campaign; the provider has none if the `outcome` is not `done` or `cancelled`."""

    outcome: str


class CampaignsAnswer(ReadAnswer):
    """All but `campaigns` is of the one that was asked for; the counters add up those of all orders that could be read.

    `orders` are at most 50: those not accepted before those not delivered in whole, and these before the others.
    `up_to_row` is the last row of the list that was handed over, or may have been, if some were not.
    """

    campaigns: list[CampaignFields] | None = None
    orders: list[CampaignOrder] | None = None
    up_to_row: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None


async def find_campaign(name: str, context: ServerContext) -> Campaign:
    """Return the campaign of this name. Raises :class:`.PreconditionError` if none is on record."""
    campaign = await context.ledger.campaign(name)
    if campaign is None:
        raise PreconditionError(_NO_CAMPAIGN.format(campaign=quoted(name)), _LIST_THEM)
    return campaign


async def get_campaigns(arguments: CampaignsArguments, context: ServerContext) -> ToolReply:
    """List all campaigns, or read what became of each order of one."""
    if arguments.campaign is None:
        return _listing(await context.ledger.campaigns(), context)
    return await _one(arguments.campaign, context)


def _listing(campaigns: Sequence[Campaign], context: ServerContext) -> ToolReply:
    shown = campaigns[:LISTED]
    number = plural(len(campaigns), "campaign", "campaigns", "kampanya")
    in_memory = context.settings.sandbox and context.settings.state_dir is None
    summary = _ALL.format(campaigns=number) if campaigns else _NONE_IN_MEMORY if in_memory else _NONE
    if len(campaigns) > LISTED:
        summary = _NEWEST.format(campaigns=number, shown=LISTED)
    return context.reply(
        CampaignsAnswer,
        summary,
        SEE_ORDERS.format(campaign=argument("campaign", campaigns[0].name)) if campaigns else _BEGIN_ONE,
        context.say(Text.join("\n", [_describe(campaign, context.clock()) for campaign in shown])) or None,
        campaigns=list(map(_fields, shown)),
    )


async def _one(name: str, context: ServerContext) -> ToolReply:
    asked = context.clock()
    reports = await _read_reports(await _settle_pushed(await find_campaign(name, context), context), context)
    # A report may have shown that an order does not go out, which is on record then.
    campaign = await find_campaign(name, context)
    pushed = await read_pushed((step.order_id for step in campaign.steps if step.order_id is not None), context)
    orders = _to_list([_order(step, reports, pushed, asked, context) for step in campaign.steps])
    summaries = [report for report in reports.values() if isinstance(report, OrderSummary)]
    totals = {
        name: sum(getattr(summary, name) or 0 for summary in summaries)
        for name in ("delivered", "undelivered", "waiting")
    }
    lines = [line for _, line in orders]
    if len(campaign.steps) > len(orders):
        lines.append(_NOT_LISTED.format(number=len(campaign.steps) - len(orders)))
    if len(summaries) > 1:
        lines.append(_TOTALS.format(**totals))
    lines += _what_stopped(campaign)
    up_to_row = None
    if campaign.can_continue:
        try:
            if (up_to_row := await _last_row(campaign, context)) is not None:
                lines.append(_UP_TO_ROW.format(row=str(up_to_row)))
        except ListError as error:
            lines.append(_LIST_UNREAD.format(reason=error.reason))
    return context.reply(
        CampaignsAnswer,
        Text("{campaign}.", "{campaign}.").format(campaign=_describe(campaign, asked)),
        _next_step(campaign, reports, context.clock()),
        context.say(Text.join("\n", lines)) or None,
        campaigns=[_fields(campaign)],
        orders=[order for order, _ in orders],
        up_to_row=up_to_row,
        **totals,
    )


def _to_list(orders: Sequence[tuple[CampaignOrder, Text]]) -> list[tuple[CampaignOrder, Text]]:
    """Return the orders that an answer lists, in the order in which they were made."""

    def rank(place: int) -> int:
        order = orders[place][0]
        if order.outcome not in ("done", "cancelled"):
            return 0
        return 2 if order.outcome == "cancelled" or order.delivered == order.handed_over else 1

    return [orders[place] for place in sorted(sorted(range(len(orders)), key=rank)[:ORDERS_LISTED])]


async def _last_row(campaign: Campaign, context: ServerContext) -> int | None:
    """Return the last row of the list that was handed over, or may have been. Raises :class:`.ListError`."""
    reading = await read_list_again(campaign, context)
    handed_over = await context.ledger.handed_over(campaign.name, reading.numbers) or ()
    rows = (row for number, row in zip(reading.numbers, reading.rows, strict=True) if number in handed_over)
    return max(rows, default=None)


async def _read_reports(campaign: Campaign, context: ServerContext) -> Reports:
    """Read the report of each order that was accepted, side by side as far as the client lets them."""
    reports: dict[int, OrderSummary | ApiError | None] = {}

    async def read(step: int, order_id: OrderId) -> None:
        try:
            report = await read_report(provider.ReportQuery(order_id), context)
        except ApiError as error:
            reports[step] = error
        else:
            reports[step] = None if report is None else report[0].summary

    async with anyio.create_task_group() as tasks:
        for step in campaign.steps:
            if step.state == "done" and step.order_id is not None:
                tasks.start_soon(read, step.id, OrderId(step.order_id))
    return reports


async def _settle_pushed(campaign: Campaign, context: ServerContext) -> Campaign:
    """Read the report of the order that pushed reports name for a step of unknown outcome: it settles the step if it fits."""
    claims = await context.ledger.pushed_claims() if campaign.in_doubt else {}
    named = [list(claims.get(step.id, ())) for step in campaign.in_doubt if step.state == "unknown"]
    order_ids = [of_step[0] for of_step in named if len(of_step) == 1]
    for order_id in order_ids:
        with suppress(ApiError):
            await read_report(provider.ReportQuery(OrderId(order_id)), context)
    return await find_campaign(campaign.name, context) if order_ids else campaign


def _order(
    step: Attempt, reports: Reports, pushed: Mapping[str, PushedCounts], asked: datetime, context: ServerContext
) -> tuple[CampaignOrder, Text]:
    """Return an order in the answer's fields, and in a sentence; `asked` is when the first report was asked for."""
    now, report, send = context.clock(), reports.get(step.id), step.send
    summary = OrderSummary(
        OrderId(step.order_id or ""),
        OrderStatus.SENDING,
        sender=None if send is None else send.sender,
        send_at=None if send is None else send.send_at,
    )
    facts, other = _STEP_STATES[step.state], {"status": "not_sent" if step.state == "cancelled" else None}
    if isinstance(report, OrderSummary):
        facts, summary, other = describe_order(report, now), report, {}
    elif report is not None:
        facts = _UNREAD.format(reason=report.reason)
    elif step.id in reports:
        facts, other = describe_order(replace(summary, send_at=None), now, scheduled=True), {"status": "scheduled"}
    counts = pushed.get(step.order_id or "")
    own = order_fields(summary, step, now, pushed_part(counts, asked))
    fields = {**own, **other, "order_id": step.order_id, "outcome": step.state}
    line = _ORDER.format(
        order_id=step.order_id or "-",
        time=describe_time(_send_time(step)),
        recipients=plural(step.count, "recipient", "recipients", "alıcı"),
        facts=facts,
    )
    if counts is not None:
        line = Text.join("\n", [line, describe_pushed(counts, asked)])
    return CampaignOrder(**fields), line


def _send_time(step: Attempt) -> datetime:
    """Return when an order goes out: at its time, or at once."""
    return (step.send and step.send.send_at) or step.started


def _send_times(campaign: Campaign) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last order that were accepted go out; None if none was."""
    times = sorted(_send_time(step) for step in campaign.steps if step.state == "done")
    return (times[0], times[-1]) if times else (None, None)


def _fields(campaign: Campaign) -> CampaignFields:
    first, last = map(iso, _send_times(campaign))
    return CampaignFields(
        campaign=campaign.name,
        file=within_quotes(campaign.file, FILE_NAME_SHOWN),
        progress=_progress(campaign),
        recipients=campaign.recipients,
        **_recipients(campaign),
        orders=len(campaign.steps),
        send_at=first,
        last_send_at=None if last == first else last,
        started=None if first else iso(campaign.started),
    )


def _describe(campaign: Campaign, now: datetime) -> Text:
    """Return a campaign in one phrase: its names, its list, how many it is for, when it goes out and how far it has come."""
    first, last = _send_times(campaign)
    template = _BEGUN if first is None else _SCHEDULED if first > now else _SENT
    times = dict.fromkeys(describe_time(time or campaign.started) for time in (first, last))
    label = label_of(campaign.steps[0]) if campaign.steps else None
    return _CAMPAIGN.format(
        campaign=campaign.name if label is None else _LABELLED.format(campaign=campaign.name, label=label),
        file=quoted(campaign.file),
        when=template.format(time=Text.join(" – ", times)),
        recipients=plural(campaign.recipients, "recipient", "recipients", "alıcı"),
        progress=_PROGRESS[_progress(campaign)],
        **_recipients(campaign),
    )


def _recipients(campaign: Campaign) -> dict[str, int]:
    """Return the numbers of a campaign's recipients, by what became of their order."""
    accepted, cancelled = campaign.recipients_of("done"), campaign.recipients_of("cancelled")
    sending, unknown = campaign.recipients_of("in_flight"), campaign.recipients_of("unknown")
    counts = {"accepted": accepted, "cancelled": cancelled, "sending": sending}
    return {**counts, "unknown": unknown, "left": campaign.left}


def _progress(campaign: Campaign) -> Progress:
    """Return how far a campaign is: one with all its orders accepted is finished, though it stopped before that was known."""
    if campaign.state == "cancelled" or campaign.running or campaign.left or campaign.in_doubt:
        return "interrupted" if campaign.interrupted else campaign.state
    return "finished" if campaign.recipients_of("done") else "cancelled"


def _what_stopped(campaign: Campaign) -> list[Text]:
    """Return why a campaign did not come to its end, unless its last order, which is of unknown outcome, says it."""
    progress = _progress(campaign)
    if progress == "interrupted":
        return [_INTERRUPTED]
    if progress != "stopped" or not campaign.steps or campaign.steps[-1] in campaign.in_doubt:
        return []
    code = campaign.steps[-1].status_code
    if code is None:
        return [_STOPPED_BEFORE]
    return [_REFUSED.format(code=str(code), reason=lookup(code, provider.SEND_SMS).meaning)]


def _next_step(campaign: Campaign, reports: Reports, now: datetime) -> Text:
    if campaign.running:
        return _CALL_AGAIN
    if campaign.in_doubt:
        return settle_first(campaign.in_doubt[0].started)
    name = argument("campaign", campaign.name)
    if campaign.can_continue:
        return sentences(_LEFT.format(left=campaign.left), HOW_TO_CONTINUE.format(campaign=name))
    if None in reports.values():
        return _STILL_SCHEDULED.format(campaign=name)
    next_step = _WRITE_REPORT.format(campaign=name)
    waiting = [report for report in reports.values() if isinstance(report, OrderSummary) and report.waiting]
    if waiting:
        return sentences(_STILL_WAITING, when_to_read_again(waiting, now), next_step)
    if not reports:
        return TELL_USER
    undelivered = any(isinstance(report, OrderSummary) and report.undelivered for report in reports.values())
    return sentences(next_step, MAYBE_NO_CONSENT) if undelivered and is_commercial(campaign.steps[0]) else next_step


def settle_first(started: datetime) -> Text:
    """Return the next step while an order that was begun at this time is of unknown outcome."""
    return _SETTLE_FIRST.format(start=argument("start", started.astimezone(ISTANBUL).date().isoformat()))


_NO_CAMPAIGN = Text("No campaign {campaign} was made here.", "Burada {campaign} adlı bir kampanya yapılmadı.")
_LIST_THEM = Text("get_campaigns without a name lists them all.", "Adsız get_campaigns hepsini listeler.")
SEE_ORDERS = for_onlooker(
    Text("get_campaigns with {campaign} shows its orders.", "get_campaigns, {campaign} ile gönderimlerini gösterir."),
    "Ask in the chat for the orders of the campaign.",
    "Kampanyanın gönderimlerini sohbette sorun.",
)
_NONE_IN_MEMORY = Text(
    "No campaign was made here since this server started: the sandbox is in memory. With ILETIMERKEZI_STATE_DIR it lasts.",
    "Bu sunucu başlayalı burada kampanya yapılmadı: deneme ortamı bellektedir. ILETIMERKEZI_STATE_DIR ile kalıcı olur.",
)
_NONE = Text("No campaign was made here in the last 90 days.", "Burada son 90 günde kampanya yapılmadı.")
_ALL = Text("{campaigns} made here in the last 90 days:", "Son 90 günde burada yapılan {campaigns}:")
_NEWEST = Text(
    "{campaigns} made here in the last 90 days; the newest {shown}:",
    "Son 90 günde burada yapılan: {campaigns}; en yeni {shown} tanesi:",
)
_LABELLED = Text("{campaign} (“{label}”)", "{campaign} (“{label}”)")
_BEGIN_ONE = Text("send_list makes one.", "send_list ile kampanya yapılır.")
_CAMPAIGN = Text(
    "{campaign}: list {file}, {recipients}, {when}, {progress}; accepted {accepted}, cancelled {cancelled}, "
    "being handed over {sending}, of unknown outcome {unknown}, never handed over {left}",
    "{campaign}: {file} listesi, {recipients}, {when}, {progress}; kabul edilen {accepted}, iptal edilen "
    "{cancelled}, şu anda aktarılan {sending}, sonucu bilinmeyen {unknown}, sağlayıcıya hiç aktarılmayan {left}",
)
_BEGUN = Text("begun at {time}", "başlangıç {time}")
_SCHEDULED = Text("scheduled for {time}", "ileri tarihli: {time}")
_SENT = Text("send time {time}", "gönderim zamanı {time}")
_PROGRESS: dict[Progress, Text] = {
    "under_way": Text("under way", "sürüyor"),
    "interrupted": Text("interrupted", "yarıda kaldı"),
    "finished": Text("all orders accepted", "bütün gönderimler kabul edildi"),
    "stopped": Text("stopped", "durdu"),
    "cancelled": Text("cancelled", "iptal edildi"),
}
_ORDER = Text(
    "Order {order_id} ({time}, {recipients}): {facts}", "Gönderim no {order_id} ({time}, {recipients}): {facts}"
)
_NOT_LISTED = Text("Orders that are not listed: {number}.", "Burada gösterilmeyen gönderim: {number}.")
_TOTALS = Text(
    "All orders: {delivered} delivered, {undelivered} undelivered, {waiting} waiting.",
    "Bütün gönderimler: iletilen {delivered}, iletilemeyen {undelivered}, bekleyen {waiting}.",
)
_UNREAD = Text("accepted; its report could not be read. {reason}", "kabul edildi; raporu okunamadı. {reason}")
_STEP_STATES: dict[str, Text] = {
    "done": Text(
        "accepted, its order number is unknown: get_reports lists it",
        "kabul edildi, gönderim numarası bilinmiyor: get_reports listeler",
    ),
    "unknown": Text("of unknown outcome: it may have gone out", "sonucu bilinmiyor: gitmiş olabilir"),
    "in_flight": Text("being handed over now", "şu anda aktarılıyor"),
    "refused": Text("refused by the provider, nobody got it", "sağlayıcı reddetti, kimseye gitmedi"),
    "nothing_done": Text("did not leave, nobody got it", "yola çıkmadı, kimseye gitmedi"),
    "not_found": Text("not in the list of orders, taken as not sent", "gönderim listesinde yok, gitmemiş sayılıyor"),
    "cancelled": Text("cancelled, nobody got it", "iptal edildi, kimseye gitmedi"),
}
_INTERRUPTED = Text("The program that sent it has ended on the way.", "Kampanyayı gönderen program yarıda kapanmış.")
_REFUSED = Text("It stopped because of code {code}: {reason}", "Şu kod yüzünden durdu, {code}: {reason}")
_STOPPED_BEFORE = Text("It stopped before the next order left.", "Bir sonraki gönderim yola çıkmadan durdu.")
_UP_TO_ROW = Text(
    "The rows of the list up to {row} were handed over, or left out; the rest begins after it.",
    "Listenin {row}. satırına kadar olanlar sağlayıcıya aktarıldı ya da dışarıda bırakıldı; kalan ondan sonra başlıyor.",
)
_LIST_UNREAD = Text(
    "Which rows are left cannot be said, and they cannot be sent: {reason}",
    "Hangi satırların kaldığı söylenemiyor, kalanlar gönderilemez: {reason}",
)
_CALL_AGAIN = Text(
    "It goes on by itself; call this again in a minute.", "Kendiliğinden sürüyor; bir dakika sonra yeniden çağırın."
)
_SETTLE_FIRST = Text(
    "Five minutes after it call get_reports with {start}, all pages, which may settle the unknown order; then "
    "get_campaigns. Until then send nothing again.",
    "Beş dakika sonra get_reports'u {start} ile, bütün sayfalarıyla okuyun: sonucu bilinmeyen gönderim belli olabilir; "
    "sonra get_campaigns çağırın. O zamana kadar hiçbir şeyi yeniden göndermeyin.",
)
_LEFT = Text("Left: {left}.", "Kalan: {left}.")
HOW_TO_CONTINUE = sentences(
    for_model("Ask the user.", "Kullanıcıya sorun."),
    Text(
        "send_list with {campaign} and all else as it was previews only the rest, and asks again; cancel_campaign ends it.",
        "send_list, {campaign} ile ve gerisi aynı kalarak yalnızca kalanı önizler ve yeniden sorar; cancel_campaign bitirir.",
    ),
    for_model("Never send the list anew.", "Listeyi baştan göndermeyin."),
)
_STILL_SCHEDULED = Text(
    "Until its time cancel_campaign with {campaign} can stop what is scheduled.",
    "Zamanı gelene kadar cancel_campaign, {campaign} ile ileri tarihli olanları durdurabilir.",
)
_STILL_WAITING = Text("Messages of it are still waiting.", "Kampanyanın bekleyen mesajları var.")
_WRITE_REPORT = Text(
    "save_report with {campaign} writes into a file who got it and who did not.",
    "save_report, {campaign} ile kime ulaştığını, kime ulaşmadığını dosyaya yazar.",
)


GET_CAMPAIGNS = ReadTool(
    name="get_campaigns",
    title="Campaigns and their orders",
    description="Lists the campaigns that send_list made here, with what is left of each, without a request; or reads every "
    "order of one (one report each): status, counters, totals, what stopped it, which order is unknown. Free.",
    summary=Text(
        "the campaigns made here, and how far each has come", "burada yapılan kampanyalar ve nereye vardıkları"
    ),
    arguments=CampaignsArguments,
    answer=CampaignsAnswer,
    read=get_campaigns,
    card=DELIVERY_CARD,
    example={},
)
