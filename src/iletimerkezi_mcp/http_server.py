"""The parts that the HTTP servers of this package share: the one that serves MCP, the sandbox's, and that of the pages."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol


class SignalFreeServer(uvicorn.Server):
    """A server that leaves signals to the program that runs the event loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


class LimitedConnection(H11Protocol):
    """A connection that takes the place of an idle one if ``limit_concurrency`` connections are open.

    uvicorn's own reading of that limit is a 503 to every request, on the connections of sessions under way and at the
    health check too, so that a peer with many idle connections could stop the service. A connection is idle if no whole
    request head has come, or the last request is answered: one without a token cannot be anything else for long. If no
    other is idle, the new connection is closed. What the client of an idle one has not read of its answer is dropped.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limit, self.limit_concurrency = self.limit_concurrency, None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        others = [other for other in self.connections if isinstance(other, LimitedConnection)]
        super().connection_made(transport)
        if self._limit is not None and len(others) >= self._limit:
            idle = [other for other in others if other.is_idle()]
            # Rather one without any request yet: the others may belong to clients with a session.
            min(idle, key=LimitedConnection.is_used, default=self).transport.abort()

    def is_used(self) -> bool:
        """Return True if a request came on this connection."""
        return bool(self.cycle)

    def is_idle(self) -> bool:
        """Return True if no request is being answered here, and the connection is not gone already.

        One that is being closed stays until its client has read what is left.
        """
        is_gone = self.transport.is_closing() and not self.transport.get_write_buffer_size()
        return not is_gone and (not self.is_used() or self.cycle.response_complete)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at `host` and `port`, 0 for a free one; ``::`` is every address of both IP versions.

    Raises :class:`OSError`.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    dualstack = host == "::" and socket.has_dualstack_ipv6()
    listener = socket.create_server((host, port), family=family, dualstack_ipv6=dualstack)
    # Each connection inherits it; asyncio sets it only on sockets that name their protocol, as this one does not.
    # Without it an answer's body waits for the client to acknowledge its headers, which takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def origin(host: str, listener: socket.socket) -> str:
    """Return the origin of `listener`, opened at `host`, such as ``http://127.0.0.1:8000``."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
