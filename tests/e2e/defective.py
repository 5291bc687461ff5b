"""The server as talkative as it can be made, and with a defect where one is asked for.

``python -m tests.e2e.defective WHERE`` runs the command line with every library's debug log on. WHERE ``request`` has
the HTTP client raise something that nobody foresees, with the whole request in it, for a call of one operation;
``start`` has the server fail at its start with all that the environment holds; ``nowhere`` breaks nothing. Repeats
of a request follow at once.
"""

from __future__ import annotations

import logging
import os
import random
import sys
from typing import Any

import httpx

LIBRARIES = ("anyio", "asyncio", "httpcore", "httpx", "iletimerkezi_mcp", "mcp")
BROKEN = "/v1/get-balance/json", "/v1/add-blacklist/json"
"""The paths of the operations that meet the defect."""


def _break_request() -> None:
    handle = httpx.AsyncHTTPTransport.handle_async_request

    async def broken(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.path in BROKEN:
            raise LookupError(f"nobody foresaw {request.content!r}")
        return await handle(self, request)

    vars_of: Any = httpx.AsyncHTTPTransport
    vars_of.handle_async_request = broken


def _break_start() -> None:
    from iletimerkezi_mcp.transports import stdio

    async def broken(*_: object) -> None:
        raise LookupError(f"nobody foresaw {dict(os.environ)!r}")

    module: Any = stdio
    module.serve_stdio = broken


def main(where: str) -> int:
    """Run the server."""
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.DEBUG)
    # The client's pause before a repeat is a random part of half a second; it takes this function when it is loaded.
    random.random = lambda: 0.0
    from iletimerkezi_mcp.cli import main as command_line

    if where == "request":
        _break_request()
    if where == "start":
        _break_start()
    return command_line([])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
