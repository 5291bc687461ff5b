"""Sends of unknown outcome, settled by what a read of orders shows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Literal

from iletimerkezi_mcp.confirmation.change_result import CONFIRMED_BY
from iletimerkezi_mcp.confirmation.reconciliation import Finding, Reading, covers, is_pushed_whole, may_be, reconcile
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.orders import OrderReport, OrderStatus, OrderSummary
from iletimerkezi_mcp.sms.clock import describe_time

from .answers import AnswerPart, iso
from .context import ServerContext
from .paging import CANONICAL

_IS_ORDER = Text(
    "The send made at {time}, whose outcome was unknown, is order {order_id}: the only one in the list with its sender, "
    "time and number of recipients. {confirmed_by}",
    "{time} tarihli, sonucu bilinmeyen gönderim bulundu: gönderim no {order_id}. Listede başlığı, zamanı ve alıcı sayısı uyan "
    "tek gönderim bu. {confirmed_by}",
)
_IS_REPORT = Text(
    "The send made at {time}, whose outcome was unknown, is order {order_id}: its sender, time and numbers are this "
    "send's, and no other order read so far may be it. {confirmed_by}",
    "{time} tarihli, sonucu bilinmeyen gönderim bulundu: gönderim no {order_id}. Başlığı, zamanı ve numaraları uyuyor; şimdiye "
    "kadar okunan başka hiçbir gönderim bu gönderim olamaz. {confirmed_by}",
)
_MAY_BE = Text(
    "The send made at {time}, whose outcome is unknown, may be one of these orders: {order_ids}. It stays unknown; "
    "get_report of each settles it if only one has no other numbers than this send's.",
    "{time} tarihli, sonucu bilinmeyen gönderim şunlardan biri olabilir: {order_ids}. Hangisi olduğunu görmek için "
    "her birini get_report ile okuyun: yalnızca birinin bütün numaraları bu gönderiminse durum netleşir.",
)
_MAY_BE_ONE = Text(
    "The send made at {time}, whose outcome is unknown, may be order {order_id}. It stays unknown; get_report settles it if "
    "the order has no other numbers than this send's.",
    "{time} tarihli, sonucu bilinmeyen gönderim {order_id} numaralı gönderim olabilir. Sonucu hâlâ bilinmiyor; o gönderimin "
    "bütün numaraları bu gönderiminse get_report durumu netleştirir.",
)
_READ_THE_LIST = Text(
    "The send made at {time}, whose outcome is unknown, may be this order, {order_id}, and another one too: read "
    "get_reports of that day, all pages, then this report again.",
    "{time} tarihli, sonucu bilinmeyen gönderim bu ({order_id}) ya da başka bir gönderim olabilir: o günün get_reports "
    "listesinin bütün sayfalarını, sonra bu raporu yeniden okuyun.",
)
_READ_THE_PAGES = Text(
    "The send made at {time}, whose outcome is unknown, may be this order, {order_id}: so far all of its numbers are this "
    "send's. Read the other pages of this report.",
    "{time} tarihli, sonucu bilinmeyen gönderim bu ({order_id}) olabilir: şimdiye kadar okunan bütün numaraları bu "
    "gönderimin. Bu raporun diğer sayfalarını da okuyun.",
)
_IS_PUSHED = Text(
    "The send made at {time}, whose outcome was unknown, is order {order_id}: reports were pushed about all of its numbers, "
    "which are this send's, and its sender and time fit. {confirmed_by}",
    "{time} tarihli, sonucu bilinmeyen gönderim bulundu: gönderim no {order_id}. Bütün numaraları için iletim bildirimi geldi, "
    "bu numaralar bu gönderimin; başlığı ve zamanı da uyuyor. {confirmed_by}",
)
_PUSHED_FOR = Text(
    "The send made at {time}, whose outcome is unknown, is not in this list, but reports about its recipients were pushed. "
    "get_report settles it if it is one of these orders: {order_ids}.",
    "{time} tarihli, sonucu bilinmeyen gönderim bu listede yok ama alıcıları için iletim bildirimi geldi. Şunlardan biriyse "
    "get_report durumu netleştirir: {order_ids}.",
)
_NOT_THERE = Text(
    "The send made at {time}, whose outcome was unknown, is not in this list; it may be sent again after a new preview.",
    "{time} tarihli, sonucu bilinmeyen gönderim bu listede yok; yeni bir önizlemeyle yeniden gönderilebilir.",
)
_NOT_YET = Text(
    "The send made at {time}, whose outcome is unknown, is not in this list, but it may still come: read the list again "
    "after {again}.",
    "{time} tarihli, sonucu bilinmeyen gönderim bu listede yok ama henüz düşmemiş olabilir: listeyi şu saatten sonra "
    "yeniden okuyun: {again}.",
)


class Settlement(AnswerPart):
    """The result of a read for a send of unknown outcome: `undecided` leaves it unknown; `order_ids` may be its order."""

    sent_at: str
    confirmed_by: str
    outcome: Literal["done", "not_found", "undecided"]
    order_ids: list[str]


async def settle_by_list(reading: Reading, context: ServerContext) -> tuple[list[Settlement], list[Text]]:
    """Settle the sends of unknown outcome by a list of orders; nothing is settled if the ledger cannot be used."""
    settlements: list[Settlement] = []
    lines: list[Text] = []
    try:
        if sends := await context.ledger.unsettled_sends():
            known = await context.ledger.orders([order.order_id for order in reading.orders])
            for finding in reconcile(sends, reading, known, await context.ledger.pushed_claims()):
                await _settle(finding, _IS_ORDER, context, settlements, lines)
    except LedgerUnavailableError:
        return [], []
    return settlements, lines


async def record_not_sent(orders: Sequence[OrderSummary], context: ServerContext) -> None:
    """Record which orders from here the provider does not send: they hold nothing back and count no longer.

    Each of `orders` that has such an order's number must say so, and describe the order that was sent from here.
    """
    others = {order.order_id for order in orders if order.status != OrderStatus.NOT_SENT or _may_arrive(order)}
    not_sent = [order for order in orders if order.order_id not in others]
    with suppress(LedgerUnavailableError):
        sent = await context.ledger.orders([order.order_id for order in not_sent]) if not_sent else {}
        difference = await clock_difference(context) if sent else timedelta()
        cancelled = {order_id for order_id, attempt in sent.items() if attempt.state == "done"}
        cancelled -= {
            order.order_id
            for order in not_sent
            if order.order_id in cancelled and not may_be(sent[order.order_id], order, difference)
        }
        if cancelled:
            await context.ledger.cancel(cancelled)


def _may_arrive(order: OrderSummary) -> bool:
    return bool(order.delivered or order.waiting)


async def clock_difference(context: ServerContext) -> timedelta:
    """Return the provider's clock minus this machine's; zero if it is not known."""
    if context.client.clock_difference is not None:
        return context.client.clock_difference
    try:
        return (await context.ledger.usage()).clock_difference or timedelta()
    except LedgerUnavailableError:
        return timedelta()


async def settle_by_report(report: OrderReport, context: ServerContext) -> tuple[list[Settlement], list[Text]]:
    """Settle a send of unknown outcome as this order if all numbers of the report are its recipients.

    Only one send may fit, and the order must belong to none yet. Every page of the report must have been read: another
    program may have written to some of the same people in that minute. For the same reason all orders of the days must
    have been read since the send, and no other one may be left that can be it; one whose report shows another number is
    not. None of that is needed if reports were pushed about every number of the order, and about no other order.
    """
    order, numbers = report.summary, [row.number for row in report.rows]
    if not order.total or order.submitted_at is None or not numbers:
        return [], []
    if report.unreadable or not all(CANONICAL.fullmatch(number) for number in numbers):
        return [], []
    try:
        sends = await context.ledger.unsettled_sends()
        if not sends or await context.ledger.orders([order.order_id]):
            return [], []
        difference = await clock_difference(context)
        reads = context.recent_reads
        fitting, shown = [], 0
        for attempt in sends:
            if may_be(attempt, order, difference):
                fits = await context.ledger.are_recipients(attempt, numbers)
                if rests_on := reads.remember_page_of_report(attempt.id, order.order_id, numbers, fits=fits):
                    fitting.append(attempt)
                    shown = rests_on
        settlements: list[Settlement] = []
        lines: list[Text] = []
        # One that is in flight only competes: its own answer settles it.
        if len(fitting) == 1 and fitting[0].state != "in_flight":
            (attempt,) = fitting
            pushed = (await context.ledger.pushed_claims()).get(attempt.id, {})
            if is_pushed_whole(order, pushed, context.clock()):
                finding = Finding(attempt, (order,), certain=True, pushed=tuple(pushed))
                await _settle(finding, _IS_PUSHED, context, settlements, lines)
                return settlements, lines
            left = [
                other
                for other in reads.orders()
                if reads.may_fit(attempt.id, other.order_id) and may_be(attempt, other, difference)
            ]
            known = await context.ledger.orders([other.order_id for other in left])
            candidates = tuple(other for other in left if other.order_id not in known)
            listed = _is_listed(attempt, difference, context)
            certain = len(candidates) == 1 and listed and shown >= order.total
            await _settle(Finding(attempt, candidates, certain=certain), _IS_REPORT, context, settlements, lines)
            if len(candidates) == 1 and not certain:
                more = _READ_THE_PAGES if listed else _READ_THE_LIST
                lines[:] = [more.format(time=describe_time(attempt.started), order_id=order.order_id)]
    except LedgerUnavailableError:
        return [], []
    return settlements, lines


def _is_listed(attempt: Attempt, difference: timedelta, context: ServerContext) -> bool:
    """Return whether all orders that may be `attempt`'s were read, each day's whole list, after it had ended."""
    uptime, now = context.uptime().seconds, context.clock()
    return any(
        covers(start, end, attempt, difference) and now - timedelta(seconds=uptime - since) >= attempt.corrected_end
        for start, end, since in context.recent_reads.whole_lists()
    )


async def _settle(
    finding: Finding, found: Text, context: ServerContext, settlements: list[Settlement], lines: list[Text]
) -> None:
    attempt, time = finding.attempt, describe_time(finding.attempt.started)
    order_ids: list[str] = list(dict.fromkeys(order.order_id for order in finding.orders)) or list(finding.pushed)
    if attempt.state == "not_found" and not order_ids:
        return
    outcome: Literal["done", "not_found", "undecided"] = "undecided"
    if finding.certain:
        if not await context.ledger.settle_unknown(attempt, order_ids[0]):
            return
        outcome = "done"
        words = _IS_PUSHED if finding.pushed else found
        lines.append(words.format(time=time, order_id=order_ids[0], confirmed_by=CONFIRMED_BY[attempt.way]))
    elif order_ids and not finding.orders:
        lines.append(_PUSHED_FOR.format(time=time, order_ids=", ".join(order_ids)))
    elif len(order_ids) == 1:
        lines.append(_MAY_BE_ONE.format(time=time, order_id=order_ids[0]))
    elif order_ids:
        lines.append(_MAY_BE.format(time=time, order_ids=", ".join(order_ids)))
    elif finding.conclusive_from is not None:
        lines.append(_NOT_YET.format(time=time, again=describe_time(finding.conclusive_from)))
    else:
        if not await context.ledger.settle_unknown(attempt, None):
            return
        outcome = "not_found"
        lines.append(_NOT_THERE.format(time=time))
    settlements.append(
        Settlement(
            sent_at=iso(attempt.started) or "",
            confirmed_by=attempt.confirmed_by,
            outcome=outcome,
            order_ids=order_ids,
        )
    )
