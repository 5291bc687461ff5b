"""Telling hosts that a resource has changed, in both protocol eras.

Hosts of the 2025 era subscribe to one URI after another (:mod:`.sessions`); from 2026-07-28 on they open a stream
that names them all. What changes: the balance and the policy by what is done here, an order by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import anyio
import mcp.types as mcp_types
from anyio.abc import TaskGroup
from mcp.server import ServerRequestContext
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated

from iletimerkezi_mcp.confirmation.pending_change import PendingChange
from iletimerkezi_mcp.ledger.attempts import Settled
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.provider.types import OrderId
from iletimerkezi_mcp.tools.context import ServerContext

from . import catalogue
from . import uris as addresses
from .legacy_subscribers import MAX_FOLLOWED, Sessions
from .order_polling import Following
from .read_cache import ReadCache
from .reading import Reader

POLL_SECONDS = 20.0
"""How often an order that somebody follows is read."""

MAX_STREAMS = 200
"""Streams of notifications at once."""

Sleep = Callable[[float], Awaitable[object]]


class Subscriptions:
    """Who follows what, and what there is to tell them."""

    def __init__(
        self, app: ServerContext, reader: Reader, live: ReadCache, tasks: TaskGroup, *, sleep: Sleep = anyio.sleep
    ) -> None:
        self._app = app
        self._live = live
        self._tasks = tasks
        self._sleep = sleep
        self._bus = InMemorySubscriptionBus()
        self._streams = ListenHandler(self._bus, max_subscriptions=MAX_STREAMS)
        self._streamed: Counter[str] = Counter()
        self._sessions = Sessions(tasks, app.settings.language)
        self._following = Following(app, reader, self._moved)
        self._ticking = False

    def subscribe(self, session: ServerSession, uri: str, *, networked: bool) -> None:
        """A host of the 2025 era follows `uri`. Raises :class:`MCPError` where there is none, or for too many."""
        self._must_exist(uri)
        self._sessions.subscribe(session, uri, networked=networked)
        self._look_around()

    def unsubscribe(self, session: ServerSession, uri: str) -> None:
        """It does not any more. Raises :class:`MCPError` where there is no such resource."""
        self._must_exist(uri)
        self._sessions.unsubscribe(session, uri)
        self._look_around()

    async def listen(
        self, context: ServerRequestContext[Any, Any], params: mcp_types.SubscriptionsListenRequestParams
    ) -> mcp_types.SubscriptionsListenResult:
        """A stream of notifications, until the host closes it. It is granted what exists and can change."""
        wanted = params.notifications.resource_subscriptions or []
        granted = [uri for uri in dict.fromkeys(wanted) if addresses.exists(uri)][:MAX_FOLLOWED]
        only = mcp_types.SubscriptionFilter(resource_subscriptions=granted or None)
        with self._streaming(granted):
            return await self._streams(context, params.model_copy(update={"notifications": only}))

    def settled(self, deed: PendingChange, outcome: Settled) -> None:
        """Something was done here, or may have been."""
        if OUTCOMES[outcome.outcome].changed == "no":
            return
        if deed.order_id is not None:
            self._live.forget(addresses.order_uri(deed.order_id))
            self._changed(addresses.order_uri(deed.order_id))
        if deed.order_id is not None or deed.message is not None:
            self._live.forget(addresses.BALANCE)
            self._changed(addresses.BALANCE)
            self._changed(addresses.POLICY)

    def close(self) -> None:
        """End the streams in the way that tells hosts that it is on purpose."""
        self._streams.close()

    @contextmanager
    def _streaming(self, uris: Sequence[str]) -> Iterator[None]:
        self._streamed.update(uris)
        self._look_around()
        try:
            yield
        finally:
            self._streamed.subtract(uris)
            self._streamed = +self._streamed
            self._look_around()

    def _must_exist(self, uri: str) -> None:
        if not addresses.exists(uri):
            raise catalogue.not_found(self._app.redactor.told(uri), self._app.settings.language)

    def _look_around(self) -> None:
        """Follow the orders that somebody still follows; tick while there is something to do at a tick."""
        heard = {*self._streamed, *self._sessions.uris()}
        orders = [order_id for uri in sorted(heard) if (order_id := addresses.order_of(uri)) is not None]
        for order_id in self._following.keep(orders):
            self._tasks.start_soon(self._following.read, order_id)
        if not self._ticking and self._due():
            self._ticking = True
            self._tasks.start_soon(self._tick)

    def _due(self) -> bool:
        return self._following.busy or self._sessions.networked

    async def _tick(self) -> None:
        while self._due():
            await self._sleep(POLL_SECONDS)
            self._sessions.check()
            await self._following.read_all()
        self._ticking = False

    def _moved(self, order_id: OrderId) -> None:
        self._changed(addresses.order_uri(order_id))

    def _changed(self, uri: str) -> None:
        self._sessions.tell(uri)
        self._tasks.start_soon(self._bus.publish, ResourceUpdated(uri))
