"""The server on its transport: the program without a command."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings

from .streams import hide_secrets, require_streams, say

_AT_A_TERMINAL = (
    Text(
        "this is an MCP server: a host (an assistant's application) starts it and talks JSON with it on stdin and stdout. "
        "On a terminal there is nothing to type.",
        "bu bir MCP sunucusudur: onu bir istemci (asistan uygulaması) başlatır, stdin ve stdout üzerinden onunla JSON ile "
        "haberleşir. Terminalde yazılacak bir şey yoktur.",
    ),
    Text(
        "try “iletimerkezi-mcp demo” to see it work, “config --list” to add it to a host, “doctor” to check a set-up, "
        "“--help” for all else.",
        "çalışırken görmek için “iletimerkezi-mcp demo”, bir istemciye eklemek için “config --list”, kurulumu denetlemek "
        "için “doctor”, gerisi için “--help” deneyin.",
    ),
    Text("Ctrl-C ends it.", "Kapatmak için Ctrl-C."),
)


def serve(settings: Settings) -> int:
    """Serve on the transport of `settings` until the host has gone or a signal comes, and return the exit code."""
    # The objects of a start live as long as the process: collecting them costs a tenth of the start and stalls large
    # calls later.
    gc.disable()
    import anyio

    run = _stdio(settings) if settings.transport == "stdio" else _network(settings)
    gc.freeze()
    gc.enable()
    anyio.run(run)
    return 0


def _stdio(settings: Settings) -> Callable[[], Awaitable[None]]:
    require_streams("stdin", "stdout")
    if sys.stdin.isatty():
        what_it_is, what_to_try, how_to_end = _AT_A_TERMINAL
        say(what_it_is, settings.language)
        say(what_to_try, settings.language)
        say(how_to_end, settings.language)
    from pydantic import BaseModel

    # The SDK declares far more models than a session uses. Each is built when it is first used, which saves a fourteenth
    # of the start.
    BaseModel.model_config["defer_build"] = True
    from iletimerkezi_mcp.server.browser import graphical_browser
    from iletimerkezi_mcp.server.build import build_server
    from iletimerkezi_mcp.transports.stdio import serve_stdio

    redactor = Redactor(settings.secrets, mask_numbers=settings.mask_numbers)
    # A browser that is started for a page, and what that starts, last longer than this process.
    hide_secrets()
    return partial(serve_stdio, build_server(settings, browser=graphical_browser()), settings.language, redactor)


def _network(settings: Settings) -> Callable[[], Awaitable[None]]:
    import anyio

    from iletimerkezi_mcp.server.build import build_server

    # The log is masked by it; a process that has no file left to open could not load it then.
    from iletimerkezi_mcp.sms import masking  # noqa: F401
    from iletimerkezi_mcp.transports.config import NetworkService
    from iletimerkezi_mcp.transports.http import serve as serve_http
    from iletimerkezi_mcp.transports.shutdown import Shutdown

    service = NetworkService.of(settings)
    shutdown = Shutdown(settings.grace)
    server = build_server(settings, grace=shutdown.seconds_left, stopping=shutdown.requested.is_set)

    def ready(address: str) -> None:
        for text in (service.announcement(address), *service.notices(), *service.delivery_announcement(address)):
            say(text, settings.language)

    async def run() -> None:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                await tasks.start(shutdown.on_signals)
                await serve_http(server, service, shutdown, ready)
                scope.cancel()
        # Everything is settled. A thread that still looks a name up would hold the process for seconds.
        os._exit(0)

    return run
