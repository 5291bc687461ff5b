"""Serving on a socket, from listening to the end."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import uvicorn
from mcp.server import Server
from starlette.responses import PlainTextResponse
from starlette.routing import Router
from starlette.types import ASGIApp

from iletimerkezi_mcp.http_server import LimitedConnection, SignalFreeServer, listen, origin
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.server.build import McpServer
from iletimerkezi_mcp.settings import SettingsError

from .concurrency import ConcurrencyLimit
from .config import NetworkService
from .delivery import DeliveryApp, Intake
from .limits import HTTP_LIMITS, HttpLimits
from .middleware import BodyLimit, ConnectionShare, Drain, MessageReader, NameCheck, RedactedErrors, require_token
from .route import ExactRoute
from .sessions import SharedSessionManager, WatchedApp
from .shutdown import Shutdown
from .sse import sse_app

HEALTH = "/healthz"
"""The path for health checks: 200 while calls are accepted, for any Host and without a token."""

LOG_LEVELS = {
    "mcp.server.transport_security": logging.ERROR,
    "mcp.server.streamable_http_manager": logging.ERROR,
    "mcp.server.sse": logging.CRITICAL,
    "uvicorn.error": logging.ERROR,
}
"""The lowest level that each logger writes. Below it, any network client could fill the log, even with its messages."""

_CANNOT_LISTEN = Text(
    "cannot listen at {address} port {port} ({reason}); choose with --host and --port, 0 takes a free port.",
    "{address} adresinin {port} numaralı portu dinlenemiyor ({reason}); --host ve --port ile başkasını seçin, "
    "0 boş bir port alır.",
)


_HEALTH = ExactRoute(HEALTH, PlainTextResponse("ok"), ["GET", "HEAD"])


async def serve(
    server: McpServer,
    service: NetworkService,
    stop: Shutdown,
    on_ready: Callable[[str], None],
    limits: HttpLimits = HTTP_LIMITS,
) -> None:
    """Serve until `stop` is requested; `on_ready` is called with the address, such as ``http://127.0.0.1:8000/mcp``.

    From then on new requests are refused. Calls under way may take the time that is left; the rest are cancelled, and
    the outcome of their changes is recorded. Raises :class:`SettingsError` if the address cannot be listened at.
    """
    calls = ConcurrencyLimit(limits.calls, service.language, _share(limits.calls, service))
    server.middleware.insert(0, calls)
    mcp_app = (
        sse_app(server, service.path, limits, service.language)
        if service.transport == "sse"
        else _streamable(server, service, limits)
    )
    drain = Drain(RedactedErrors(_with_access_checks(mcp_app, service, limits), service.redactor), service.language)
    app: ASGIApp = drain
    delivery = None
    if service.delivery is not None:
        # Outside of all checks, and while the server stops too: it is not known that a report would come again.
        app = delivery = DeliveryApp(app, service.delivery, Intake(server.ledger))
    with _listen(service.address, service.port) as listener:
        http = _http_server(app, limits)
        async with anyio.create_task_group() as tasks:
            async with mcp_app.lifespan_context(mcp_app):
                tasks.start_soon(http.serve, [listener])
                on_ready(f"{origin(service.address, listener)}{service.path}")
                await stop.requested.wait()
                drain.begin()
                await _finish(drain, calls, stop)
            with anyio.move_on_after(limits.flush_timeout):
                await drain.idle()
            drain.cancel_all()
            if delivery is not None:
                delivery.stop()
            http.should_exit = True


@asynccontextmanager
async def delivering(ledger: Ledger, digest: bytes, address: str, port: int) -> AsyncIterator[str]:
    """Take pushed reports while the block runs, and serve nothing else but health checks; give the origin.

    Raises :class:`SettingsError` if the address cannot be listened at.
    """
    app = DeliveryApp(Router([_HEALTH], redirect_slashes=False), digest, Intake(ledger))
    with _listen(address, port) as listener:
        http = _http_server(app, HTTP_LIMITS)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(http.serve, [listener])
            try:
                yield origin(address, listener)
            finally:
                app.stop()
                http.should_exit = True


async def _finish(drain: Drain, calls: ConcurrencyLimit, stop: Shutdown) -> None:
    """Wait for the requests under way, until the time is over or a second signal comes."""
    with anyio.move_on_after(stop.seconds_left()):
        async with anyio.create_task_group() as tasks:

            async def cancel_if_forced() -> None:
                await stop.forced.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(cancel_if_forced)
            await drain.idle()
            await calls.idle()
            tasks.cancel_scope.cancel()


def _streamable(server: Server[Any], service: NetworkService, limits: HttpLimits) -> Router:
    """Return the SDK's application, which serves all protocol versions at one path."""
    manager = SharedSessionManager(
        server,
        share=_share(limits.sessions, service),
        stateless=service.stateless,
        session_idle_timeout=limits.session_idle,
        max_request_body_size=limits.body,
        max_sessions=limits.sessions,
    )
    # Without sessions, a GET stream would never carry anything, and there is nothing to DELETE.
    methods = ["POST"] if service.stateless else ["GET", "POST", "DELETE"]
    app = MessageReader(WatchedApp(manager), service.language, limits.body)
    route = ExactRoute(service.path, app, methods, slash=True)
    return Router([route], redirect_slashes=False, lifespan=lambda _: manager.run())


def _share(limit: int, service: NetworkService) -> int:
    """Return the part of `limit` that one token may use: half, so that it never shuts the others out."""
    several = service.tokens is not None and len(service.tokens.names) > 1
    return max(1, limit // 2) if several else limit


def _with_access_checks(app: ASGIApp, service: NetworkService, limits: HttpLimits) -> ASGIApp:
    """Return `app` behind the checks of Host, Origin and token, and beside it the path for health checks."""
    app = BodyLimit(app, limits.bodies, _share(limits.bodies, service), service.language)
    if service.tokens is not None:
        share = ConnectionShare(app, _share(limits.connections, service), service.language)
        app = require_token(share, service.tokens)
    app = NameCheck(app, service.security)
    return Router([_HEALTH], redirect_slashes=False, default=app)


def _http_server(app: ASGIApp, limits: HttpLimits) -> SignalFreeServer:
    for name, level in LOG_LEVELS.items():
        logging.getLogger(name).setLevel(level)
    return SignalFreeServer(
        uvicorn.Config(
            app,
            http=LimitedConnection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=limits.connections,
            # The event loop accepts as many in one turn, and closes those that find no place some turns later.
            backlog=min(100, max(1, limits.connections // 8)),
            timeout_keep_alive=int(limits.keep_alive),
            timeout_graceful_shutdown=int(limits.flush_timeout),
        )
    )


def _listen(address: str, port: int) -> socket.socket:
    try:
        return listen(address, port)
    except OSError as error:
        raise SettingsError(
            _CANNOT_LISTEN.format(address=address, port=str(port), reason=error.strerror or str(error))
        ) from error
