"""The parts that both HTTP servers of this package share: the one that serves MCP, and the sandbox's."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator

import uvicorn


class SignalFreeServer(uvicorn.Server):
    """A server that leaves signals to the program that runs the event loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


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
