"""A host that follows resources, and the notifications that it got."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
import mcp.types as mcp_types
import pytest
from mcp import MCPDeprecationWarning
from mcp.client.session import IncomingMessage

from iletimerkezi_mcp.settings import Settings
from tests.hosting import LIVE, Host, Mode, Wire, hosted

SEND: dict[str, Any] = {"text": "Siparişiniz yola çıktı.", "message_type": "transactional", "label": "Kasım kargoları"}
BALANCE, POLICY = "iletimerkezi://balance", "iletimerkezi://policy"


@dataclass(slots=True)
class Ear:
    """A host that follows, in the way of its protocol version."""

    host: Host
    mode: Mode
    heard: list[str] = field(default_factory=list)
    _news: anyio.Event = field(default_factory=anyio.Event)

    def hear(self, uri: str) -> None:
        """A notification has come."""
        self.heard.append(uri)
        self._news.set()

    async def until(self, *uris: str) -> None:
        """Wait until all of these have been heard, then forget what was."""
        with anyio.fail_after(60):
            while not set(uris) <= set(self.heard):
                self._news = anyio.Event()
                await self._news.wait()
        self.heard.clear()

    @asynccontextmanager
    async def following(self, *uris: str) -> AsyncIterator[Sequence[str]]:
        """Follow `uris`; gives those that were granted."""
        if self.mode == "legacy":
            for uri in uris:
                with pytest.warns(MCPDeprecationWarning):
                    await self.host.client.subscribe_resource(uri)
            yield uris
            for uri in uris:
                with pytest.warns(MCPDeprecationWarning):
                    await self.host.client.unsubscribe_resource(uri)
            return
        async with self.host.client.listen(resource_subscriptions=uris) as stream, anyio.create_task_group() as tasks:

            async def read() -> None:
                async for event in stream:
                    self.hear(event.uri)  # type: ignore[union-attr]

            tasks.start_soon(read)
            yield stream.honored.resource_subscriptions or ()
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def listening(mode: Mode, settings: Settings = LIVE, wire: Wire | None = None) -> AsyncIterator[Ear]:
    """A connected host that can follow resources, the client's own cache switched off."""
    ears: list[Ear] = []

    async def handle(message: IncomingMessage) -> None:
        if isinstance(message, mcp_types.ResourceUpdatedNotification) and mode == "legacy":
            ears[0].hear(message.params.uri)

    async with hosted(replace(settings), mode=mode, wire=wire, message_handler=handle, cache=None) as host:
        ears.append(Ear(host, mode))
        yield ears[0]
