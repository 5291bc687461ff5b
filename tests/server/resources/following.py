"""What a host that follows resources has heard, and a pause that ends when the test says so."""

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
class Ticks:
    """The server's pause between two looks."""

    seconds: list[float] = field(default_factory=list)
    _paused: anyio.Event = field(default_factory=anyio.Event)
    _go: anyio.Event = field(default_factory=anyio.Event)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self._go = anyio.Event()
        self._paused.set()
        await self._go.wait()

    async def paused(self) -> None:
        """The server pauses; all that it had to do before is done."""
        with anyio.fail_after(5):
            await self._paused.wait()

    async def tick(self) -> None:
        """Let one pause end."""
        await self.paused()
        self._paused = anyio.Event()
        self._go.set()


@dataclass(slots=True)
class Ear:
    """A host that follows, in the way of its era."""

    host: Host
    ticks: Ticks
    mode: Mode
    heard: list[str] = field(default_factory=list)
    _news: anyio.Event = field(default_factory=anyio.Event)

    def hear(self, uri: str) -> None:
        """A notification has come."""
        self.heard.append(uri)
        self._news.set()

    async def until(self, *uris: str) -> None:
        """Wait until all of these have been heard, then forget what was."""
        with anyio.fail_after(5):
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
    ticks = Ticks()
    ears: list[Ear] = []

    async def handle(message: IncomingMessage) -> None:
        if isinstance(message, mcp_types.ResourceUpdatedNotification) and mode == "legacy":
            ears[0].hear(message.params.uri)

    async with hosted(replace(settings), mode=mode, wire=wire, sleep=ticks, message_handler=handle, cache=None) as host:
        ears.append(Ear(host, ticks, mode))
        yield ears[0]
