"""The calls of the tools' pages, played against the real server in the sandbox from one fixed moment."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import anyio
import httpx
import mcp.types as mcp_types
from mcp import Client

from iletimerkezi_mcp.ledger.clock import Uptime
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.sms.clock import ISTANBUL

MONDAY: Final = datetime(2026, 11, 23, 10, 0, tzinfo=ISTANBUL)
BETWEEN_CALLS: Final = timedelta(minutes=1)

CODE: Final = "K7Q2M9XW4TBA"
"""Stands in a page for a confirmation code, which is another one each time."""


@dataclass(frozen=True, slots=True)
class Example:
    """The calls of one page that were made: their answers as text, and the requests that reached the provider, by path."""

    answers: list[str] = field(default_factory=list)
    requests: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Clock:
    """A clock that only moves when it is set."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def uptime(self) -> Uptime:
        """Return the time since the machine started."""
        return Uptime("boot", (self.now - MONDAY).total_seconds())


class _Recorder(SandboxTransport):
    """Records each request, and lets the simulated provider answer."""

    def __init__(self, provider: Provider, requests: list[tuple[str, Any]]) -> None:
        super().__init__(provider)
        self._requests = requests

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Record the request and pass it on."""
        self._requests.append((request.url.path, json.loads(await request.aread())))
        return await super().handle_async_request(request)


@cache
def play(calls: tuple[str, ...]) -> Example:
    """Make `calls`, each the JSON of a `tools/call`, one after the other in one database.

    :data:`CODE` is replaced by the code of the last preview.
    """
    return anyio.run(_play, calls)


async def _play(calls: tuple[str, ...]) -> Example:
    clock = _Clock()
    example = Example()
    settings = load_settings({}, {"sandbox": "1", "language": "en"})
    with SandboxDatabase(clock=clock) as database:
        provider = Provider(database)
        server = build_server(
            settings,
            clock=clock,
            uptime=clock.uptime,
            transport=lambda: _Recorder(provider, example.requests),
        )
        code = CODE
        async with Client(server) as client:
            for call in calls:
                params = json.loads(call.replace(CODE, code))
                result = await client.call_tool(params["name"], params["arguments"])
                text = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
                code = (result.structured_content or {}).get("confirm", code)
                example.answers.append(text.replace(code, CODE))
                clock.now += BETWEEN_CALLS
    return example
