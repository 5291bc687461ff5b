"""Serving over HTTP with SSE, the transport of the protocol's first year."""

from __future__ import annotations

import contextvars
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

import anyio
from mcp.server import Server
from mcp.server.runner import serve_dual_era_loop
from mcp.server.sse import SseServerTransport
from mcp.shared.message import SessionMessage
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from .config import Service
from .limits import Bounds

T = TypeVar("T")
In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", covariant=True)


class SseApp:
    """The ASGI application: a GET of the path opens a session, and POSTs to ``/messages`` below it belong to one."""

    def __init__(self, server: Server[Any], service: Service, bounds: Bounds) -> None:
        self._server = server
        self._path = service.path
        self._messages = f"{service.path}/messages"
        self._bounds = bounds
        self._transport = SseServerTransport(self._messages, service.security, bounds.body)
        self._sessions: set[anyio.CancelScope] = set()
        self._waiting: Counter[bytes] = Counter()
        self._ended = anyio.Event()
        self._state: Any = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take sessions while the block runs: one life of the server for all of them."""
        async with self._server.lifespan(self._server) as self._state:
            try:
                yield
            finally:
                await self._end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        match scope["path"], scope["method"]:
            case self._path, "GET":
                await self._open(scope, receive, send)
            case self._messages, _:
                await self._take(scope, receive, send)
            case self._path, _:
                await PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET"})(scope, receive, send)
            case _:
                await PlainTextResponse("Not Found", 404)(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        session: bytes = scope["query_string"]
        if self._waiting[session] >= self._bounds.untaken:
            await PlainTextResponse("Read your stream", 503, {"Retry-After": "5"})(scope, receive, send)
            return
        self._waiting[session] += 1
        try:
            # The session may end while a message that was accepted waits to be taken.
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                await self._transport.handle_post_message(scope, receive, send)
        finally:
            self._waiting[session] -= 1
            if not self._waiting[session]:
                del self._waiting[session]

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(self._sessions) >= self._bounds.sessions:
            await PlainTextResponse("Too many open sessions", 503, {"Retry-After": "60"})(scope, receive, send)
            return
        session = anyio.CancelScope()
        self._sessions.add(session)
        try:
            async with self._transport.connect_sse(scope, receive, send) as (incoming, redactor):
                flow = _Flow(self._bounds.unsent)
                with session:
                    await serve_dual_era_loop(
                        self._server, _Inflow(incoming, flow), _Outflow(redactor, flow), lifespan_state=self._state
                    )
        finally:
            self._sessions.discard(session)
            if not self._sessions:
                self._ended.set()

    async def _end(self) -> None:
        self._ended = anyio.Event()
        for session in self._sessions:
            session.cancel()
        if self._sessions:
            with anyio.move_on_after(self._bounds.farewell, shield=True):
                await self._ended.wait()


class _Flow:
    """How much waits to be written to a session's stream."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting = 0
        self._changed = anyio.Event()

    async def write(self, stream: _Writable[T], item: T) -> None:
        self._waiting += 1
        try:
            await stream.send(item)
        finally:
            self._waiting -= 1
            self._changed.set()

    async def room(self) -> None:
        """Wait until the client has read enough of what it was sent to be heard again."""
        while self._waiting >= self._most:
            self._changed = anyio.Event()
            await self._changed.wait()


class _Closable(Protocol):
    async def aclose(self) -> None: ...


class _Writable(_Closable, Protocol[In]):
    async def send(self, item: In, /) -> None: ...


class _Readable(_Closable, Protocol[Out]):
    last_context: contextvars.Context | None

    async def receive(self) -> Out: ...


class _Pipe:
    """What the two directions have in common."""

    def __init__(self, inner: _Closable) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class _Inflow(_Pipe, Generic[T]):
    """What a client sends, taken only while there is room for what it is sent."""

    def __init__(self, stream: _Readable[T], flow: _Flow) -> None:
        super().__init__(stream)
        self._stream = stream
        self._flow = flow

    @property
    def last_context(self) -> contextvars.Context | None:
        """The context of whoever sent the last message: whose token it came with."""
        return self._stream.last_context

    async def receive(self) -> T:
        await self._flow.room()
        return await self._stream.receive()

    def __aiter__(self) -> _Inflow[T]:
        return self

    async def __anext__(self) -> T:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None


class _Outflow(_Pipe):
    """What a client is sent."""

    def __init__(self, stream: _Writable[SessionMessage], flow: _Flow) -> None:
        super().__init__(stream)
        self._stream = stream
        self._flow = flow

    async def send(self, item: SessionMessage, /) -> None:
        await self._flow.write(self._stream, item)
