"""Change notifications in both protocol versions.

A host of the 2025 protocol subscribes to one URI after another; from 2026-07-28 on it opens a stream that names them all.
Nothing is read for subscribers: they hear of what this server does or reads anyway.
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
from mcp.server.session import ServerSession
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

    `session` is the object of the request that subscribed first; it reaches the host for the connection's life.
    `pending` holds the resources whose change is to be told, each once however often it changes while the host does not
    read; so a host that never reads takes a bounded amount of memory.
    """

    session: ServerSession
    principal: str = ""
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
                await self.session.send_resource_updated(uri)
            if scope.cancelled_caught:
                self.pending.clear()
        self.sending = False


class Subscriptions:
    """The hosts that follow resources, and their notification."""

    def __init__(self, tasks: TaskGroup, cache: ReadCache, language: Language) -> None:
        self._tasks = tasks
        self._cache = cache
        self._language = language
        self._bus = InMemorySubscriptionBus()
        # The SDK ends the stream of a host that has left 1,024 notifications unread.
        self._streams = ListenHandler(self._bus, max_subscriptions=MAX_SUBSCRIBERS)
        # Each request has a session object of its own; the parameters of the handshake are one object for the
        # connection's life. A session that has ended takes no notifications, and is dropped when others need its place.
        self._subscribers: OrderedDict[int, _Subscriber] = OrderedDict()

    def subscribe(self, session: ServerSession, uri: str, principal: str = "") -> None:
        """Have a session of the 2025 protocol follow `uri`. Raises :class:`MCPError` if it follows :data:`MAX_URIS` already.

        Beyond :data:`MAX_SUBSCRIBERS` the principal with the most sessions loses the one that subscribed longest ago.
        """
        subscriber = self._subscribers.get(id(session.client_params)) or _Subscriber(session, principal)
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
        self._subscribers[id(session.client_params)] = subscriber
        self._subscribers.move_to_end(id(session.client_params))
        if len(self._subscribers) > MAX_SUBSCRIBERS:
            [(most, _)] = Counter(one.principal for one in self._subscribers.values()).most_common(1)
            del self._subscribers[next(key for key, one in self._subscribers.items() if one.principal == most)]

    def unsubscribe(self, session: ServerSession, uri: str) -> None:
        """End what :meth:`subscribe` began."""
        if subscriber := self._subscribers.get(id(session.client_params)):
            subscriber.uris.discard(uri)
            subscriber.pending.pop(uri, None)
            if not subscriber.uris:
                del self._subscribers[id(session.client_params)]

    async def listen(
        self, context: ServerRequestContext[Any, Any], params: mcp_types.SubscriptionsListenRequestParams
    ) -> mcp_types.SubscriptionsListenResult:
        """Send notifications until the host closes the stream. It is granted the resources that exist, no lists."""
        uris = dict.fromkeys(params.notifications.resource_subscriptions or [])
        existing_uris = [uri for uri in uris if catalogue.exists(uri)][:MAX_URIS]
        notifications = mcp_types.SubscriptionFilter(resource_subscriptions=existing_uris or None)
        return await self._streams(context, params.model_copy(update={"notifications": notifications}))

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
