"""Orders that somebody follows: read from time to time until they are over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.types import OrderId, OrderSummary
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.reports import Status, status_of

from .reading import NO_SUCH_ORDER, Reader

logger = logging.getLogger(__name__)

MAX_READ = 20
"""Orders that are read in turn; the next one's turn comes when one of them is over or left."""

OVER: frozenset[Status] = frozenset({"finished", "not_sent"})
"""What an order stays."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """What somebody who follows an order wants to hear of."""

    status: Status
    counters: tuple[int | None, ...] = ()

    @classmethod
    def of(cls, summary: OrderSummary | None, now: datetime) -> _Standing:
        """`summary` None: the provider only said that its time has not come."""
        status = "scheduled" if summary is None else status_of(summary, now)
        if summary is None or status == "scheduled":
            return cls("scheduled")
        return cls(status, (summary.total, summary.delivered, summary.undelivered, summary.waiting))


@dataclass(slots=True)
class _Followed:
    last: _Standing | None
    over: bool = False


class Following:
    """The orders that somebody follows, in the order in which they came. `moved` is told of each that has changed."""

    def __init__(self, app: ServerContext, reader: Reader, moved: Callable[[OrderId], None]) -> None:
        self._app = app
        self._reader = reader
        self._moved = moved
        self._orders: dict[OrderId, _Followed] = {}

    @property
    def busy(self) -> bool:
        """Whether an order is still to be read."""
        return any(not followed.over for followed in self._orders.values())

    def keep(self, orders: Iterable[OrderId]) -> list[OrderId]:
        """Follow these and no others; those of them that are new and whose turn it is already."""
        wanted = dict.fromkeys(orders)
        self._orders = {order_id: followed for order_id, followed in self._orders.items() if order_id in wanted}
        new = [order_id for order_id in wanted if order_id not in self._orders]
        for order_id in new:
            seen = self._app.recent_reads.order(order_id)
            last = None if seen is None else _Standing.of(seen.summary, seen.at)
            self._orders[order_id] = _Followed(last, last is not None and last.status in OVER)
        turn = self._turn()
        return [order_id for order_id in new if order_id in turn]

    async def read_all(self) -> None:
        """Read those whose turn it is, one after another."""
        for order_id in self._turn():
            await self.read(order_id)

    async def read(self, order_id: OrderId) -> None:
        """Read one, and tell where it has moved. What fails is tried again next time."""
        try:
            await self._reader.order(order_id)
        except ApiError as error:
            if error.code == NO_SUCH_ORDER and (gone := self._orders.get(order_id)):
                gone.over = True
            return
        except Exception:
            # Nobody waits for this read, and a defect in it must not take the server down.
            logger.exception("An order that is followed could not be read.")
            return
        followed, seen = self._orders.get(order_id), self._app.recent_reads.order(order_id)
        if followed is None or seen is None:
            return
        last, followed.last = followed.last, _Standing.of(seen.summary, self._app.clock())
        followed.over = followed.last.status in OVER
        if last is not None and last != followed.last:
            self._moved(order_id)

    def _turn(self) -> list[OrderId]:
        return [order_id for order_id, followed in self._orders.items() if not followed.over][:MAX_READ]
