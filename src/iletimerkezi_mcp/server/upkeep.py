"""The upkeep of a running server beside its calls: the provider's time, late audit lines, old ledger entries, pushed reports."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

import anyio
from anyio.abc import TaskGroup

from iletimerkezi_mcp.confirmation.audit import AuditUnavailableError, AuditWriter
from iletimerkezi_mcp.confirmation.policy import CLOCK_TOLERANCE
from iletimerkezi_mcp.ledger.attempts import MAX_FLIGHT_TIME
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.sms.clock import Clock

from .resources.catalogue import order_uri
from .resources.subscriptions import Subscriptions

logger = logging.getLogger(__name__)

_RESOLUTION = timedelta(seconds=5)
"""The least change of the provider's clock that is kept: its time comes in seconds, and answers take a moment."""

_INTERVAL_SECONDS = 3600.0
"""Seconds between two rounds of upkeep."""

_LOOK_SECONDS = 2.0
"""Seconds between two looks at what was pushed about orders that are followed."""

_NEWS = timedelta(seconds=2 * _LOOK_SECONDS)
"""The age up to which a report may have come after the host began to follow its order, or last read it."""


class ProviderTime:
    """Hands the provider's time on to the ledger if it differs from what was handed on last.

    A ledger that does not exist yet is created only for a clock that is wrong: another process has to know of it.
    """

    def __init__(self, ledger: Ledger, tasks: TaskGroup, clock: Clock) -> None:
        self._ledger = ledger
        self._tasks = tasks
        self._clock = clock
        self._difference: timedelta | None = None

    def record(self, time: datetime) -> None:
        """Hand on `time`, which an answer has just shown. Neither blocks nor raises."""
        difference = time - self._clock()
        if self._difference is not None and abs(difference - self._difference) < _RESOLUTION:
            return
        self._difference = difference
        self._tasks.start_soon(self._keep, time, abs(difference) > CLOCK_TOLERANCE)

    async def _keep(self, time: datetime, is_clock_wrong: bool) -> None:
        try:
            await self._ledger.record_provider_time(time, create=is_clock_wrong)
        except LedgerUnavailableError as error:
            logger.warning("%s", error)
            self._difference = None


async def watch_pushed(ledger: Ledger, subscriptions: Subscriptions, clock: Clock) -> None:
    """Notify of each followed order about which something new was pushed, to this process or to another one.

    The ledger is looked at only while an order is followed. A report that says again what is known is nothing new.
    """
    states: dict[str, tuple[int, ...]] = {}
    while True:
        await anyio.sleep(_LOOK_SECONDS)
        followed = subscriptions.followed_orders()
        states = {order_id: state for order_id, state in states.items() if order_id in followed}
        if not followed or not ledger.exists():
            continue
        # The next look will show it; what is wrong with the ledger is logged by those who write to it.
        with suppress(LedgerUnavailableError):
            pushed = await ledger.pushed(followed)
            for order_id in followed:
                counts = pushed.get(order_id)
                state = (
                    ()
                    if counts is None
                    else (counts.delivered, counts.undelivered, counts.waiting, counts.contradicted)
                )
                is_known = order_id in states
                if counts is not None and (states[order_id] != state if is_known else counts.at > clock() - _NEWS):
                    subscriptions.publish(order_uri(order_id))
                states[order_id] = state


async def run_upkeep(ledger: Ledger, audit: AuditWriter) -> None:
    """Every hour, check the audit log and write the lines it lacks, and prune the ledger.

    The second round follows after a minute: a process that was killed may have left an attempt in flight, which is
    unknown only from then on.
    """
    pause = MAX_FLIGHT_TIME.total_seconds()
    while True:
        try:
            audit.check()
        except AuditUnavailableError as error:
            logger.warning("%s", error.reason.to("en", "person"))
        if ledger.exists():
            await audit.write_owed()
            try:
                await ledger.prune()
            except LedgerUnavailableError as error:
                logger.warning("%s", error)
        await anyio.sleep(pause)
        pause = _INTERVAL_SECONDS
