"""Serving on a socket, from listening to the end."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable, Generator
from typing import Any

import anyio
import uvicorn
from mcp.server import Server

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import SettingsError

from .concurrency import Load
from .config import Service
from .guard import Guard
from .limits import BOUNDS, Bounds
from .shutdown import Stop
from .slow_clients import patient
from .sse import SseApp
from .streamable import StreamableApp

LOUD = {
    "mcp.server.transport_security": logging.ERROR,
    "mcp.server.streamable_http_manager": logging.ERROR,
    "mcp.server.sse": logging.CRITICAL,
    "uvicorn.error": logging.ERROR,
}
"""From where on these are heard: below it, anybody on the network could fill the log, and with what a message says."""


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs the event loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def serve(
    server: Server[Any],
    service: Service,
    stop: Stop,
    on_ready: Callable[[str], None],
    bounds: Bounds = BOUNDS,
) -> None:
    """Serve until `stop` is asked; `on_ready` is told the address, such as ``http://127.0.0.1:8000/mcp``.

    Then no call is taken any more, those under way finish within the time that is left, and what is not finished by
    then is broken off and settled. Raises :class:`SettingsError` where the address cannot be listened at.
    """
    load = Load(bounds.calls, service.language)
    server.middleware.insert(0, load)
    app = (SseApp if service.transport == "sse" else StreamableApp)(server, service, bounds)
    guard = Guard(app, service, bounds)
    for name, level in LOUD.items():
        logging.getLogger(name).setLevel(level)
    with _listener(service) as listener:
        # Each connection has it from here; asyncio sets it only on sockets that name their protocol, as this one does
        # not. Without it an answer's body waits for the host to acknowledge its headers, which takes it 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        http = _http_server(guard, bounds)
        async with anyio.create_task_group() as tasks:
            async with app.running():
                tasks.start_soon(http.serve, [listener])
                on_ready(_address(service, listener))
                await stop.asked.wait()
                guard.take_no_more()
                await _finish(guard, load, stop)
                guard.end_streams()
            guard.end_all()
            http.should_exit = True


async def _finish(guard: Guard, load: Load, stop: Stop) -> None:
    """Wait for what is under way, as long as there is time and nobody hurries."""
    with anyio.move_on_after(stop.left()) as scope:
        async with anyio.create_task_group() as tasks:

            async def hurry() -> None:
                await stop.hurried.wait()
                scope.cancel()

            tasks.start_soon(hurry)
            await guard.quiet()
            await load.none()
            scope.cancel()


def _http_server(guard: Guard, bounds: Bounds) -> _Server:
    return _Server(
        uvicorn.Config(
            guard,
            http=patient(bounds),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            # Calls that go on after their answer (SSE) count as well as connections.
            limit_concurrency=bounds.connections + 1,
            timeout_keep_alive=int(bounds.keep_alive),
            timeout_graceful_shutdown=int(bounds.farewell),
        )
    )


def _listener(service: Service) -> socket.socket:
    try:
        if service.host == "::" and socket.has_dualstack_ipv6():
            return socket.create_server(("::", service.port), family=socket.AF_INET6, dualstack_ipv6=True)
        family = socket.AF_INET6 if ":" in service.host else socket.AF_INET
        return socket.create_server((service.host, service.port), family=family)
    except OSError as error:
        said = error.strerror or str(error)
        raise SettingsError(
            Text(
                f"cannot listen at {service.host} port {service.port} ({said}); choose with --host and --port, 0 takes a free one.",
                f"{service.host} adresinin {service.port} numaralı bağlantı noktası dinlenemiyor ({said}); --host ve "
                "--port ile seçin, 0 boş olan birini alır.",
            )
        ) from error


def _address(service: Service, listener: socket.socket) -> str:
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"http://{host}:{listener.getsockname()[1]}{service.path}"
