"""The state of an order in one word, and in one phrase."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.orders import OrderStatus, OrderSummary
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.senders import quote_sender

from .answers import AnswerPart, iso
from .context import ServerContext
from .pushed import Pushed

Status = Literal["scheduled", "sending", "finished", "not_sent", "other"]


def status_of(summary: OrderSummary, now: datetime) -> Status:
    """Return the meaning of an order's status number; one that is being sent later than `now` is scheduled."""
    match summary.status:
        case OrderStatus.SENDING:
            return "scheduled" if summary.send_at is not None and summary.send_at > now else "sending"
        case OrderStatus.FINISHED:
            return "finished"
        case OrderStatus.NOT_SENT:
            return "not_sent"
    return "other"


def describe_order(summary: OrderSummary, now: datetime, *, scheduled: bool = False) -> Text:
    """Return an order in one phrase: its state, then its counters. Finished never means delivered.

    `scheduled` if the provider has just said that its time has not come.
    """
    if scheduled and summary.send_at is None:
        return Text("scheduled, its time has not come", "ileri tarihli, zamanı gelmedi")
    match "scheduled" if scheduled else status_of(summary, now):
        case "scheduled":
            assert summary.send_at is not None
            return Text("scheduled for {time}", "ileri tarihli: {time}").format(time=describe_time(summary.send_at))
        case "not_sent":
            return Text("not sent (cancelled or rejected)", "gönderilmedi (iptal edildi ya da reddedildi)")
        case "other":
            return Text("in a state that is not documented ({status})", "belgelenmemiş durum ({status})").format(
                status=str(summary.status)
            )
        case "sending":
            return _with_counters(Text("still sending", "gönderim sürüyor"), summary)
    return _with_counters(Text("finished", "gönderim bitti"), summary)


def _with_counters(state: Text, summary: OrderSummary) -> Text:
    counters = (
        (summary.delivered, Text("{number} delivered", "iletilen {number}")),
        (summary.undelivered, Text("{number} undelivered", "iletilemeyen {number}")),
        (summary.waiting, Text("{number} waiting", "bekleyen {number}")),
    )
    numbers = [words.format(number=number) for number, words in counters if number is not None]
    if not numbers:
        return Text("{state} (the provider gave no counters)", "{state} (sağlayıcı sayı vermedi)").format(state=state)
    return Text("{state}, {counters}", "{state}, {counters}").format(state=state, counters=Text.join(", ", numbers))


_READ_AGAIN = {
    timedelta(hours=1): Text("Read it again in a few minutes.", "Birkaç dakika sonra yeniden okuyun."),
    timedelta(days=2): Text(
        "It has been on its way for over an hour: read it again in a few hours.",
        "Bir saati aşkın süredir yolda: birkaç saat sonra yeniden okuyun.",
    ),
    timedelta.max: Text(
        "It has been on its way for over two days: iletiMerkezi can say what came of those that still wait.",
        "İki günü aşkın süredir yolda: hâlâ bekleyenlerin ne olduğunu iletiMerkezi söyleyebilir.",
    ),
}
"""The advice on reading a report again, by the age up to which it holds. How long the provider tries is not documented."""


def when_to_read_again(orders: Iterable[OrderSummary], now: datetime) -> Text:
    """Return when to read `orders` again, some of whose messages are on their way, by the age of the newest."""
    newest = max((order.send_at or order.submitted_at or now for order in orders), default=now)
    return next(words for age, words in _READ_AGAIN.items() if now - newest < age)


async def sent_from_here(order_ids: Iterable[str], context: ServerContext) -> dict[str, Attempt]:
    """Return those orders that were sent from here; none if the ledger cannot be read, for a read goes on."""
    try:
        return await context.ledger.orders(tuple(order_ids))
    except LedgerUnavailableError:
        return {}


def label_of(attempt: Attempt | None) -> str | None:
    """Return the user's own name for an order that was sent from here."""
    return None if attempt is None or attempt.send is None else attempt.send.label


_BLOCKED_LEFT_OUT = Text(
    "Recipients left out after they were handed over: {number}; the provider leaves out numbers on the account's blacklist.",
    "Sağlayıcıya aktarılıp gönderim dışında kalan alıcı: {number}; sağlayıcı, hesabın kara listesindeki numaraları çıkarır.",
)
_UNALLOWED_LEFT_OUT = Text(
    "Recipients left out after they were handed over: {number}; the provider leaves out numbers on the account's blacklist "
    "and, from a commercial text, those that İYS does not allow.",
    "Sağlayıcıya aktarılıp gönderim dışında kalan alıcı: {number}; sağlayıcı, hesabın kara listesindeki numaraları, ticari "
    "iletide ayrıca İYS izni olmayanları çıkarır.",
)


def left_out(orders: Iterable[tuple[OrderSummary, Attempt | None]]) -> list[Text]:
    """Return how many recipients `orders` count less than they were given, and why, if one of them does."""
    reduced = [(attempt, number) for summary, attempt in orders if (number := number_left_out(summary, attempt))]
    if not reduced:
        return []
    commercial = any(is_commercial(attempt) for attempt, _ in reduced)
    template = _UNALLOWED_LEFT_OUT if commercial else _BLOCKED_LEFT_OUT
    return [template.format(number=sum(number for _, number in reduced))]


def is_commercial(attempt: Attempt | None) -> bool:
    """Return True if a commercial text was sent from here."""
    return attempt is not None and attempt.send is not None and attempt.send.message_type == "commercial"


def number_left_out(summary: OrderSummary, attempt: Attempt | None) -> int:
    """Return how many recipients fewer the provider counts than this server handed over."""
    return 0 if attempt is None or summary.total is None else max(attempt.count - summary.total, 0)


def order_facts(summary: OrderSummary, attempt: Attempt | None) -> list[Text | str]:
    """Return what is known of an order, in phrases: its label, its recipients and its sender."""
    facts: list[Text | str] = []
    if label := label_of(attempt):
        facts.append(f"“{label}”")
    if attempt is not None and number_left_out(summary, attempt):
        facts.append(
            Text(
                "{number} recipients of the {handed_over} that were handed over",
                "{number} alıcı (sağlayıcıya aktarılan: {handed_over})",
            ).format(number=summary.total or 0, handed_over=attempt.count)
        )
    elif (number := summary.total if attempt is None or summary.total is not None else attempt.count) is not None:
        facts.append(plural(number, "recipient", "recipients", "alıcı"))
    if summary.sender:
        facts.append(Text("sender {sender}", "başlık {sender}").format(sender=quote_sender(summary.sender)))
    return facts


class OrderFields(AnswerPart):
    """The fields that an answer has of each order; `handed_over` counts the recipients that this server gave it."""

    order_id: str | None = None
    status: Status | None = None
    total: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None
    sender: str | None = None
    submitted_at: str | None = None
    send_at: str | None = None
    handed_over: int | None = None
    label: str | None = None
    pushed: Pushed | None = None


def order_fields(
    summary: OrderSummary, attempt: Attempt | None, now: datetime, pushed: Pushed | None = None
) -> dict[str, Any]:
    """Return the values of :class:`OrderFields`."""
    return {
        "order_id": summary.order_id,
        "status": status_of(summary, now),
        "total": summary.total,
        "delivered": summary.delivered,
        "undelivered": summary.undelivered,
        "waiting": summary.waiting,
        "sender": summary.sender,
        "submitted_at": iso(summary.submitted_at),
        "send_at": iso(summary.send_at),
        "handed_over": None if attempt is None else attempt.count,
        "label": label_of(attempt),
        "pushed": pushed,
    }
