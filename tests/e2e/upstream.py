"""The provider's address as a test scripts it: what arrives is written down, and an answer waits where it is told to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import anyio
from anyio.abc import ByteStream, Listener, SocketAttribute
from anyio.streams.buffered import BufferedByteReceiveStream

from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sms.clock import system_clock

Stage = Literal["arrived", "ordered", "answered"]
"""The stage of a changing request: read whole; carried out and not answered; answered."""

CHANGES = frozenset({"send-sms", "cancel-order", "add-blacklist", "delete-blacklist", "consent/create"})

_GONE = (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.ClosedResourceError)


@dataclass(frozen=True, slots=True)
class Posted:
    """A request that arrived whole: its operation and what stands in its envelope."""

    operation: str
    request: dict[str, Any]

    @property
    def account(self) -> str:
        """The hash that it came with, by which a test tells the senders apart."""
        authentication: dict[str, str] = self.request["authentication"]
        return authentication["hash"]


Answer = Callable[[str, bytes], bytes | None]
"""The raw HTTP answer to an operation and a body; None, or ``Connection: close`` in it, ends the connection."""


def raw(status: int, body: bytes, *headers: tuple[str, str], reason: str = "OK") -> bytes:
    """Return an HTTP answer as it goes over the wire."""
    lines = [
        f"HTTP/1.1 {status} {reason}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {is_}" for name, is_ in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(slots=True)
class Upstream:
    """A server on loopback. `stop_at` holds a changing request at that stage until `released`."""

    listener: Listener[ByteStream]
    answer: Answer
    stop_at: Stage | None = None
    released: anyio.Event = field(default_factory=anyio.Event)
    reached: dict[Stage, anyio.Event] = field(
        default_factory=lambda: {"arrived": anyio.Event(), "ordered": anyio.Event(), "answered": anyio.Event()}
    )
    posted: list[Posted] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.listener.extra(SocketAttribute.local_port)}"

    @property
    def changes(self) -> list[Posted]:
        """The requests so far that change something."""
        return [one for one in self.posted if one.operation in CHANGES]

    async def serve(self) -> None:
        """Accept what comes, and what has been waiting to be accepted."""
        await self.listener.serve(self._attend)

    async def _attend(self, stream: ByteStream) -> None:
        with suppress(*_GONE):
            async with stream:
                incoming = BufferedByteReceiveStream(stream)
                while await self._exchange(stream, incoming):
                    """The connection is kept for the next one."""

    async def _exchange(self, stream: ByteStream, incoming: BufferedByteReceiveStream) -> bool:
        head = (await incoming.receive_until(b"\r\n\r\n", 1 << 16)).decode("ascii")
        start, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        body = await incoming.receive_exactly(int(headers["content-length"]))
        operation = start.split()[1].removeprefix("/v1/").removesuffix("/json")
        self.posted.append(Posted(operation, json.loads(body)["request"]))
        changing = operation in CHANGES
        await self._stage("arrived", changing)
        answer = self.answer(operation, body)
        await self._stage("ordered", changing)
        if answer is None:
            return False
        await stream.send(answer)
        await self._stage("answered", changing)
        return headers.get("connection") != "close" and b"Connection: close" not in answer

    async def _stage(self, stage: Stage, changing: bool) -> None:
        if not changing:
            return
        self.reached[stage].set()
        if stage == self.stop_at:
            await self.released.wait()


def simulated(provider: Provider) -> Answer:
    """Answer as the simulated provider does."""

    def answer(operation: str, body: bytes) -> bytes:
        reply = provider.answer(f"/v1/{operation}/json", body)
        assert isinstance(reply, JsonAnswer)
        return raw(reply.http_status, reply.content, ("Content-Type", "application/json"), *reply.headers)

    return answer


@asynccontextmanager
async def upstream(
    answer: Answer | None = None, *, stop_at: Stage | None = None, accepting: bool = True
) -> AsyncIterator[Upstream]:
    """Give a running upstream: the simulated provider, unless there is another `answer`.

    One that is not `accepting` lets connections wait, until somebody calls its :meth:`Upstream.serve`.
    """
    with SandboxDatabase(clock=system_clock) as database:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        async with listener, anyio.create_task_group() as tasks:
            made = Upstream(listener, answer or simulated(Provider(database)), stop_at)
            if accepting:
                tasks.start_soon(made.serve)
            yield made
            tasks.cancel_scope.cancel()
