"""Serving over HTTP with SSE, the transport of the protocol's first year."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
from mcp.server import Server
from mcp.server.runner import serve_dual_era_loop
from mcp.server.sse import SseServerTransport
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from iletimerkezi_mcp.language import Language

from .limits import HttpLimits
from .middleware import MessageReader
from .route import ExactRoute


def sse_app(server: Server[Any], path: str, limits: HttpLimits, language: Language) -> Router:
    """Return the ASGI application: a GET of `path` opens a session, and POSTs to ``/messages`` below belong to one."""
    sessions = _Sessions(server, f"{path}/messages", limits)
    messages = MessageReader(sessions.receive, language, limits.body)
    return Router(
        [
            ExactRoute(path, sessions.serve, ["GET"], slash=True),
            ExactRoute(f"{path}/messages", messages, ["POST"], slash=True),
        ],
        redirect_slashes=False,
        lifespan=sessions.lifespan,
    )


class _Sessions:
    def __init__(self, server: Server[Any], messages: str, limits: HttpLimits) -> None:
        self._server = server
        self._flush_timeout = limits.flush_timeout
        self._transport = SseServerTransport(messages, max_request_body_size=limits.body)
        self._open: dict[anyio.CancelScope, anyio.Event] = {}
        self._state: Any = None

    @asynccontextmanager
    async def lifespan(self, _: Router) -> AsyncIterator[None]:
        """Run the server once for all sessions. At the end each session sends what is left for its stream, and is closed."""
        async with self._server.lifespan(self._server) as self._state:
            try:
                yield
            finally:
                for session in self._open:
                    session.cancel()
                with anyio.move_on_after(self._flush_timeout, shield=True):
                    for end in list(self._open.values()):
                        await end.wait()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        session, end = anyio.CancelScope(), anyio.Event()
        self._open[session] = end
        try:
            async with self._transport.connect_sse(scope, receive, send) as (incoming, outgoing):
                with session:
                    await serve_dual_era_loop(self._server, incoming, outgoing, lifespan_state=self._state)
        finally:
            del self._open[session]
            end.set()

    async def receive(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The session may end while an accepted message waits to be taken.
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await self._transport.handle_post_message(scope, receive, send)
