"""The simulated provider as an HTTP server on loopback, for tests and for other clients."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from iletimerkezi_mcp.http_server import SignalFreeServer, listen, origin
from iletimerkezi_mcp.language import Text

from .answers import Garbled, Lost, Silent
from .provider import Provider

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""The only hosts to serve on: nothing here is meant for a network."""

LARGEST_PORT = 65_535

LINGER_SECONDS = 0
"""How long requests in flight may hold up the end of the server: only those that get no answer are."""


class NotLoopbackError(ValueError):
    """The sandbox was asked to listen where other machines could reach it."""

    def __init__(self, host: str) -> None:
        hosts = ", ".join(LOOPBACK)
        self.reason = Text(
            f"The sandbox serves this machine alone: the host must be one of {hosts}, not {host}.",
            f"Deneme ortamı yalnızca bu makineye hizmet verir: adres {hosts} olabilir, {host} olamaz.",
        )
        super().__init__(self.reason.en)


class PortError(OSError):
    """The sandbox cannot listen at this port; `reason` says why."""

    def __init__(self, port: int, said: str) -> None:
        self.reason = Text(
            f"The sandbox cannot listen at port {port} ({said}); choose another one with --port, 0 takes a free one.",
            f"Deneme ortamı {port} numaralı bağlantı noktasını dinleyemiyor ({said}); --port ile başka birini seçin, "
            "0 boş olan birini alır.",
        )
        super().__init__(self.reason.en)


def app(provider: Provider) -> Starlette:
    """The ASGI application that answers every path by `provider`."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        found = provider.answer(request.url.path, await request.body(), method=request.method)
        match found:
            case Lost():
                await _break_off(send)
            case Silent():
                # The body has been read, so the next thing to be told is that the client has gone.
                await receive()
            case Garbled():
                await Response(found.content, media_type="text/html")(scope, receive, send)
            case _:
                response = Response(
                    found.content, found.http_status, dict(found.headers), media_type="application/json"
                )
                await response(scope, receive, send)

    return Starlette(routes=[Mount("/", app=answer)])


async def _break_off(send: Send) -> None:
    """End the connection without an answer, as nearly as ASGI lets one: the promised body never comes."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"64")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": True})


@contextlib.asynccontextmanager
async def serving(provider: Provider, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve `provider` while the block runs; gives the origin, such as ``http://127.0.0.1:8025``.

    Port 0 takes a free one. Raises :class:`NotLoopbackError` for another host and :class:`PortError` for a port
    that is in use, not allowed or none at all.
    """
    if host not in LOOPBACK:
        raise NotLoopbackError(host)
    if not 0 <= port <= LARGEST_PORT:
        raise PortError(port, f"0-{LARGEST_PORT}")
    try:
        listener = listen(host, port)
    except OSError as error:
        raise PortError(port, error.strerror or type(error).__name__) from error
    with listener:
        config = uvicorn.Config(
            app(provider),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=LINGER_SECONDS,
        )
        server = SignalFreeServer(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield origin(host, listener)
        finally:
            server.should_exit = True
            await running


async def serve(provider: Provider, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until cancelled or interrupted; `on_ready` is told the origin. Raises as :func:`serving` does."""
    async with serving(provider, host, port) as origin:
        on_ready(origin)
        await anyio.sleep_forever()


def run(provider: Provider, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C, for the command line. Raises as :func:`serving` does."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(provider, host, port, on_ready))
