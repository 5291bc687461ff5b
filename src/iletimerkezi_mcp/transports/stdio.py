"""Serving over stdio, and stopping promptly."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import anyio
from mcp.server import Server
from mcp.server.stdio import stdio_server


async def serve_stdio(server: Server[Any]) -> None:
    """Serve on stdin and stdout until stdin closes or SIGINT or SIGTERM arrives.

    The SDK reads stdin in a thread that sits in a blocking read and cannot be interrupted. After a
    signal the server's own clean-up therefore runs first and the process then leaves by
    ``os._exit(0)``; waiting for that thread would hang until the host closes stdin.
    """
    async with stdio_server() as (incoming, outgoing):
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_stop_on_signal, scope)
                await server.run(incoming, outgoing, server.create_initialization_options())
                tasks.cancel_scope.cancel()
        if scope.cancel_called:
            sys.stderr.flush()
            os._exit(0)


async def _stop_on_signal(scope: anyio.CancelScope) -> None:
    if sys.platform == "win32":
        return
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        await anext(signals)
        scope.cancel()
