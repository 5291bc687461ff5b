"""The reconciliation of sends of unknown outcome with the orders that the provider shows.

It is joint: an order that might be two sends, or a send that might be two orders, settles nothing, for the next send of
the same text depends on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.provider.orders import OrderStatus, OrderSummary
from iletimerkezi_mcp.sms.clock import ISTANBUL

MAX_EARLY = timedelta(minutes=2)
MAX_LATE = timedelta(minutes=5)
"""The most by which the provider's time of an order may be earlier or later than the attempt's: orders queue."""

ORDER_DELAY = timedelta(minutes=5)
"""The time after the end of an attempt within which the provider may still make its order."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The orders of a range of days that were read, in provider time.

    An order whose rows differed is there once for each, and then none of them is certain. `complete_since` is when the
    first page was asked for, by the wall clock as it is now, if all pages are here: every order made before then is among
    `orders`. It is None if a page is missing. `difference` is the provider's clock minus this machine's, and `at` when the
    last page was asked for.
    """

    start: date
    end: date
    orders: Sequence[OrderSummary]
    complete_since: datetime | None
    difference: timedelta
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """The conclusion from a reading about one send: its order if `certain`, else the orders that it may have become.

    Without any order the send made none; with `conclusive_from` that is not sure yet, and a list read from then on shows it.
    Nor is it if reports about its recipients were pushed: `pushed` are their orders, or the one that they made `certain`.
    """

    attempt: Attempt
    orders: tuple[OrderSummary, ...] = ()
    certain: bool = False
    conclusive_from: datetime | None = None
    pushed: tuple[str, ...] = ()


def reconcile(
    sends: Sequence[Attempt],
    reading: Reading,
    known: Collection[str],
    pushed: Mapping[int, Mapping[str, int]] = MappingProxyType({}),
) -> list[Finding]:
    """Return what `reading` shows of each of the unsettled `sends` whose outcome is unknown.

    One in flight competes for an order too, but its own answer settles it. `known` are the orders that already belong to
    an attempt. `pushed` is as :meth:`.Ledger.pushed_claims` has it: it picks among orders that `reading` shows and that fit
    anyway, and takes none away, for whoever has the secret of that path may have made it up.
    """
    orders = [order for order in reading.orders if order.order_id not in known]
    claims = {
        attempt.id: [order for order in orders if may_be(attempt, order, reading.difference)] for attempt in sends
    }
    rows = Counter(order.order_id for order in reading.orders)
    findings = []
    for attempt in sends:
        if attempt.state == "in_flight":
            continue
        candidates = claims[attempt.id]
        reported = pushed.get(attempt.id, {})
        others = [orders for number, orders in claims.items() if number != attempt.id]
        picked = [order for order in candidates if is_pushed_whole(order, reported, reading.at)]
        if len(picked) == 1 == rows[picked[0].order_id] and not _contested(picked, others):
            findings.append(Finding(attempt, tuple(picked), certain=True, pushed=tuple(reported)))
            continue
        covered = reading.complete_since is not None and covers(reading.start, reading.end, attempt, reading.difference)
        conclusive_from = attempt.corrected_end + ORDER_DELAY
        # Until then its order may still come, and the one that is there be another program's.
        final = reading.complete_since is not None and reading.complete_since >= conclusive_from
        if candidates:
            one = len(candidates) == rows[candidates[0].order_id] == 1 and not _contested(candidates, others)
            certain = one and covered and final and _is_whole(candidates[0], attempt)
            findings.append(Finding(attempt, tuple(candidates), certain))
        elif covered:
            findings.append(
                Finding(attempt, conclusive_from=None if final else conclusive_from, pushed=tuple(reported))
            )
    return findings


def is_pushed_whole(order: OrderSummary, reported: Mapping[str, int], now: datetime) -> bool:
    """Return whether reports about a send's recipients are about `order` alone, and about every number of it.

    Its messages must be on their way by `now`: a send that is taken for an order which does not go out, or may yet be
    cancelled, would hold nothing back.
    """
    is_out = order.status in (OrderStatus.SENDING, OrderStatus.FINISHED) and (order.send_at or now) <= now
    return is_out and dict(reported) == {order.order_id: order.total}


def _contested(orders: Sequence[OrderSummary], others: Sequence[Sequence[OrderSummary]]) -> bool:
    """Return whether one of `orders` may be another send's: if that one has made it, it must not be taken for not made."""
    return any(order in other for other in others for order in orders)


def may_be(attempt: Attempt, order: OrderSummary, difference: timedelta) -> bool:
    """Return whether `order` may be what the provider made of `attempt`; a field that cannot be read excludes nothing.

    An order may have fewer recipients than were handed over: the blacklist and İYS take some out.
    """
    assert attempt.send is not None
    if order.total is not None and order.total > attempt.count:
        return False
    if order.sender is not None and order.sender.strip().casefold() != attempt.send.sender.casefold():
        return False
    if order.submitted_at is None:
        return True
    first, last = _span(attempt, difference)
    return first <= order.submitted_at <= last


def _is_whole(order: OrderSummary, attempt: Attempt) -> bool:
    return order.total == attempt.count and order.sender is not None and order.submitted_at is not None


def _span(attempt: Attempt, difference: timedelta) -> tuple[datetime, datetime]:
    """Return when the provider may say that the order was made, whichever clock is right."""
    moments = [
        clock + shift for clock in (attempt.started, attempt.corrected_start) for shift in (timedelta(), difference)
    ]
    return min(moments) - MAX_EARLY, max(moments) + MAX_LATE


def covers(start: date, end: date, attempt: Attempt, difference: timedelta) -> bool:
    """Return whether the order that the provider may have made of `attempt` is one of the days from `start` to `end`."""
    first, last = (moment.astimezone(ISTANBUL).date() for moment in _span(attempt, difference))
    return start <= first and last <= end
