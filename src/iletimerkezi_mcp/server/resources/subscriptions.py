"""Change notifications in both protocol versions.

A host of the 2025 protocol subscribes to one URI after another; from 2026-07-28 on it opens a stream that names them all.
The provider is asked for nothing because of subscribers: they hear of what this server does or reads anyway, and of what
was pushed.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any

import anyio
import mcp.types as mcp_types
from anyio.abc import TaskGroup
from mcp import MCPError
from mcp.server import ServerRequestContext
from mcp.server.connection import Connection
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated

from iletimerkezi_mcp.confirmation.pending_change import PendingChange
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from iletimerkezi_mcp.provider.outcomes import OUTCOMES

from . import catalogue
from .read_cache import ReadCache

MAX_URIS = 50
"""Resources that one session or stream may follow at once."""

MAX_SUBSCRIBERS = 200
"""Streams, and as many sessions of the 2025 protocol, that may follow resources at once."""

NOTIFY_SECONDS = 10.0
"""The time that a host has to take a notification. Then it is dropped, and so are those that wait behind it."""


@dataclass(slots=True, eq=False)
class _Subscriber:
    """A session of the 2025 protocol, the `principal` whose it is, and the `uris` that it follows.

    `pending` holds the resources whose change is to be told, each once however often it changes while the host does not
    read; so a host that never reads takes a bounded amount of memory.
    """

    connection: Connection
    principal: str
    uris: set[str] = field(default_factory=set)
    pending: dict[str, None] = field(default_factory=dict)
    sending: bool = False

    async def notify(self) -> None:
        """Send what is pending, one notification after another."""
        while self.pending:
            uri = next(iter(self.pending))
            # It may change again, and has to be told again, from the moment at which the host can have read it.
            del self.pending[uri]
            with anyio.move_on_after(NOTIFY_SECONDS) as scope:
                await self.connection.send_resource_updated(uri)
            if scope.cancelled_caught:
                self.pending.clear()
        self.sending = False

    def stop(self) -> None:
        """Follow nothing any more."""
        self.uris.clear()
        self.pending.clear()


class Subscriptions:
    """The hosts that follow resources, and their notification."""

    def __init__(self, tasks: TaskGroup, cache: ReadCache, language: Language) -> None:
        self._tasks = tasks
        self._cache = cache
        self._language = language
        self._bus = InMemorySubscriptionBus()
        # The SDK ends the stream of a host that has left 1,024 notifications unread.
        self._streams = ListenHandler(self._bus, max_subscriptions=MAX_SUBSCRIBERS)
        # A session stays until it ends, so that this is noticed once for each.
        self._subscribers: OrderedDict[Connection, _Subscriber] = OrderedDict()
        self._streamed = Counter[str]()

    def subscribe(self, connection: Connection, uri: str, principal: str = "") -> None:
        """Have a session of the 2025 protocol follow `uri`. Raises :class:`MCPError` if it follows :data:`MAX_URIS` already.

        Beyond :data:`MAX_SUBSCRIBERS` the principal with the most sessions loses the one that subscribed longest ago.
        """
        subscriber = self._subscribers.get(connection)
        if subscriber is None:
            subscriber = self._subscribers[connection] = _Subscriber(connection, principal)
            connection.exit_stack.callback(self._subscribers.pop, connection)
        if len(subscriber.uris | {uri}) > MAX_URIS:
            raise MCPError(
                mcp_types.INVALID_PARAMS,
                Text(
                    "One session may follow at most {maximum} resources; unsubscribe from one first.",
                    "Bir oturum en çok {maximum} kaynak izleyebilir; önce birini bırakın.",
                )
                .format(maximum=MAX_URIS)
                .to(self._language),
            )
        subscriber.uris.add(uri)
        self._subscribers.move_to_end(connection)
        following = [each for each in self._subscribers.values() if each.uris]
        if len(following) > MAX_SUBSCRIBERS:
            [(most, _)] = Counter(each.principal for each in following).most_common(1)
            next(each for each in following if each.principal == most).stop()

    def unsubscribe(self, connection: Connection, uri: str) -> None:
        """End what :meth:`subscribe` began."""
        if subscriber := self._subscribers.get(connection):
            subscriber.uris.discard(uri)
            subscriber.pending.pop(uri, None)

    async def listen(
        self, context: ServerRequestContext[Any, Any], params: mcp_types.SubscriptionsListenRequestParams
    ) -> mcp_types.SubscriptionsListenResult:
        """Send notifications until the host closes the stream. It is granted the resources that exist, no lists."""
        uris = dict.fromkeys(params.notifications.resource_subscriptions or [])
        existing_uris = [uri for uri in uris if catalogue.exists(uri)][:MAX_URIS]
        notifications = mcp_types.SubscriptionFilter(resource_subscriptions=existing_uris or None)
        self._streamed.update(existing_uris)
        try:
            return await self._streams(context, params.model_copy(update={"notifications": notifications}))
        finally:
            self._streamed -= Counter(existing_uris)

    def followed_orders(self) -> set[str]:
        """Return the orders that any session or stream follows."""
        uris = self._streamed.keys() | {uri for subscriber in self._subscribers.values() for uri in subscriber.uris}
        return {order_id for uri in uris if (order_id := catalogue.order_of(uri)) is not None}

    def publish_change(self, change: PendingChange, outcome: AttemptOutcome) -> None:
        """Notify of the resources that a change has changed, or may have changed."""
        if OUTCOMES[outcome.outcome].changed == "no":
            return
        if change.order_id is not None:
            self.publish(catalogue.order_uri(change.order_id))
        if change.order_id is not None or change.message is not None:
            self.publish(catalogue.BALANCE)
            self.publish(catalogue.POLICY)

    def publish(self, uri: str) -> None:
        """Notify the hosts that follow `uri` of a change, and forget the copy of it that was read before."""
        self._cache.forget(uri)
        self._tasks.start_soon(self._bus.publish, ResourceUpdated(uri))
        for subscriber in self._subscribers.values():
            if uri in subscriber.uris:
                subscriber.pending[uri] = None
                if not subscriber.sending:
                    subscriber.sending = True
                    self._tasks.start_soon(subscriber.notify)

    def close(self) -> None:
        """End the streams in the way that tells hosts that the server stops."""
        self._streams.close()
