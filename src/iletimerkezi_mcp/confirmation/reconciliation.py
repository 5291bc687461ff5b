"""Finding a send of unknown outcome in a list of orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.provider.orders import OrderSummary
from iletimerkezi_mcp.sms.clock import ISTANBUL

BEFORE = timedelta(minutes=2)
AFTER = timedelta(minutes=5)
"""How far the provider's time of an order may lie from the attempt's, for clocks differ and orders queue."""


@dataclass(slots=True)
class _Reading:
    """The pages of one range, read one after another while its count stayed the same."""

    count: int
    since: datetime
    pages: dict[int, tuple[OrderSummary, ...]]


class OrdersRead:
    """The pages of orders that were read, so that several of them together can show that an order is not there."""

    def __init__(self) -> None:
        self._ranges: dict[tuple[date, date], _Reading] = {}

    def page(
        self, start: date, end: date, page: int, count: int, orders: tuple[OrderSummary, ...], asked_at: datetime
    ) -> tuple[tuple[OrderSummary, ...], datetime | None]:
        """Take in a page; give all orders known of its range, and since when they are all known (None: not yet)."""
        reading = self._ranges.get((start, end))
        if reading is None or reading.count != count or page in reading.pages:
            reading = _Reading(count, asked_at, {})
            self._ranges[start, end] = reading
        reading.pages[page] = orders
        known = tuple(order for number in sorted(reading.pages) for order in reading.pages[number])
        return known, reading.since if len({order.order_id for order in known}) >= count else None


def candidates(attempt: Attempt, orders: Sequence[OrderSummary]) -> list[OrderSummary]:
    """The orders that may be `attempt`: as many recipients, the same sender, made at about that minute."""
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
    """Whether a complete list of this range, asked for then, would show `attempt` if the provider had taken it."""
    first = (attempt.started - BEFORE).astimezone(ISTANBUL).date()
    last = (attempt.started + AFTER).astimezone(ISTANBUL).date()
    return start <= first and last <= max(end, first) and asked_at >= attempt.started
