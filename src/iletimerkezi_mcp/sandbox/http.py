"""The simulated provider as an HTTP server on loopback, for tests and for other clients."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import anyio
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from iletimerkezi_mcp.http_server import SignalFreeServer, listen, origin
from iletimerkezi_mcp.language import ExplainedError, Text

from .answers import ConnectionLoss, HtmlPage, Silence
from .provider import Provider

HOST = "127.0.0.1"
"""This machine alone: nothing here is meant for a network."""

_CANNOT_LISTEN = Text(
    "The sandbox cannot listen at port {port} ({error}); choose another one with --port, 0 takes a free one.",
    "Deneme ortamı {port} numaralı portu dinleyemiyor ({error}); --port ile başka birini seçin, 0 boş "
    "olan birini alır.",
)


class PortError(ExplainedError):
    """The sandbox cannot listen at this port."""


class ProviderApp:
    """The ASGI application that answers every path by `provider`."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = self._provider.answer(request.url.path, await request.body(), method=request.method)
        match answer:
            case ConnectionLoss():
                await _break_off(send)
            case Silence():
                # The body has been read, so the next thing to be told is that the client has gone.
                await receive()
            case HtmlPage():
                await Response(answer.content, media_type="text/html")(scope, receive, send)
            case _:
                headers = dict(answer.headers)
                response = Response(answer.content, answer.http_status, headers, media_type="application/json")
                await response(scope, receive, send)


async def _break_off(send: Send) -> None:
    """End the connection without an answer, as nearly as ASGI lets one: the promised body never comes."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"64")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": True})


@contextlib.asynccontextmanager
async def serving(provider: Provider, port: int = 0) -> AsyncIterator[str]:
    """Serve `provider` on loopback while the block runs, and give the origin, such as ``http://127.0.0.1:8025``.

    Port 0 takes a free one. Raises :class:`PortError` for a port that is in use or not allowed.
    """
    try:
        listener = listen(HOST, port)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PortError(_CANNOT_LISTEN.format(port=str(port), error=reason)) from error
    with listener:
        config = uvicorn.Config(
            ProviderApp(provider),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            # Only requests that get no answer are in flight.
            timeout_graceful_shutdown=0,
        )
        server = SignalFreeServer(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield origin(HOST, listener)
        finally:
            server.should_exit = True
            await running


def run(
    provider: Provider,
    port: int,
    on_ready: Callable[[str], None],
    meanwhile: Callable[[], Awaitable[None]] = anyio.sleep_forever,
) -> None:
    """Serve until Ctrl-C, for the command line; `on_ready` is told the origin. Raises :class:`PortError`.

    `meanwhile` runs beside it, and does not end by itself.
    """

    async def serve() -> None:
        async with serving(provider, port) as address:
            on_ready(address)
            await meanwhile()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
