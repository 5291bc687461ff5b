"""The state of an order in one word, and in one phrase."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.orders import OrderStatus, OrderSummary
from iletimerkezi_mcp.sms.clock import describe_time

from .answers import iso
from .context import ServerContext

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


def describe_order(summary: OrderSummary, now: datetime) -> Text:
    """Return an order in one phrase: its state, then its counters. Finished never means delivered."""
    match status_of(summary, now):
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
        (summary.delivered, Text("delivered {number}", "iletilen {number}")),
        (summary.undelivered, Text("undelivered {number}", "iletilemeyen {number}")),
        (summary.waiting, Text("waiting {number}", "bekleyen {number}")),
    )
    numbers = [words.format(number=number) for number, words in counters if number is not None]
    if not numbers:
        return Text("{state} (the provider gave no counters)", "{state} (sağlayıcı sayı vermedi)").format(state=state)
    return Text("{state}: {counters}", "{state}: {counters}").format(state=state, counters=Text.join(", ", numbers))


async def labels_of(order_ids: Iterable[str], context: ServerContext) -> dict[str, str]:
    """Return the labels that these orders were given here; none if the ledger cannot be read, for a read goes on."""
    try:
        sent = await context.ledger.orders(tuple(order_ids))
    except LedgerUnavailableError:
        return {}
    return {order_id: attempt.send.label for order_id, attempt in sent.items() if attempt.send and attempt.send.label}


class OrderFields(BaseModel):
    """The fields that an answer has of each order."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    order_id: str | None = None
    status: Status | None = None
    total: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None
    sender: str | None = None
    submitted_at: str | None = None
    send_at: str | None = None
    label: str | None = None


def order_fields(summary: OrderSummary, label: str | None, now: datetime) -> dict[str, Any]:
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
        "label": label,
    }
