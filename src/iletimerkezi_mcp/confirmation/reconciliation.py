"""The reconciliation of sends of unknown outcome with a list of orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.provider.orders import OrderSummary
from iletimerkezi_mcp.sms.clock import ISTANBUL

BEFORE = timedelta(minutes=2)
AFTER = timedelta(minutes=5)
"""The most by which the provider's time of an order may differ from the attempt's: clocks differ and orders queue."""


def candidates(attempt: Attempt, orders: Sequence[OrderSummary]) -> list[OrderSummary]:
    """Return the orders that may be `attempt`: as many recipients, the same sender, made at about that minute."""
    send = attempt.send
    assert send is not None
    return [
        order
        for order in orders
        if order.total == attempt.count
        and order.sender == send.sender
        and order.submitted_at is not None
        and attempt.started - BEFORE <= order.submitted_at <= attempt.started + AFTER
    ]


def is_covered(attempt: Attempt, start: date, end: date, asked_at: datetime) -> bool:
    """Return True if a complete list of this range, read at `asked_at`, would show `attempt` had it been accepted."""
    first = (attempt.started - BEFORE).astimezone(ISTANBUL).date()
    last = (attempt.started + AFTER).astimezone(ISTANBUL).date()
    return start <= first and last <= max(end, first) and asked_at >= attempt.started
