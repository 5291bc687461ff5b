"""A host in the test's own process: the SDK's client, the real server, the sandbox, and a record of the wire.

Every call through :class:`Host` is checked for what holds of every answer, so that no test can forget it: the structure
is valid against the tool's own schema, the text says the same, and the error flag follows the outcome.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import anyio
import httpx
import jsonschema
import mcp.types as mcp_types
from mcp import Client
from mcp.client.extension import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from pydantic import SecretStr

from iletimerkezi_mcp.ledger.clock import Uptime
from iletimerkezi_mcp.provider.timeouts import Timeouts
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.request_context import SimulatedAccount
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from iletimerkezi_mcp.server.approval_pages import Browser
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import DEFAULT_API_URL, Settings
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from iletimerkezi_mcp.tools.registry import Registry
from tests.sandbox.response_variants import DOCUMENTED, ResponseVariant, VaryingProvider

Mode = Literal["auto", "legacy"]
"""`auto` negotiates 2026-07-28, `legacy` the 2025-11-25 handshake."""

ERAS: tuple[Mode, ...] = ("auto", "legacy")

CARDS: dict[str, Any] = {"extensions": [advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})]}
"""The options of an SDK client, over any transport, that make it a host with cards (MCP Apps)."""

LIVE = Settings(
    api_key=SecretStr("live-key-7f3a"), api_hash=SecretStr("live-hash-91c2"), sender="FIRMAADI", brand_code="123456"
)
"""An account that believes it is live; the wire is the simulated provider all the same."""

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ISTANBUL)


QUICK = Timeouts(read_seconds=0.05, backoff_seconds=0.001)
"""Timeouts after which the simulated provider's silence ends; over a real network nothing could be done in that time."""


@dataclass(slots=True)
class ManualClock:
    """A clock that stands still until it is moved."""

    now: datetime = MONDAY
    up: float = 1_000.0

    def __call__(self) -> datetime:
        return self.now

    def uptime(self) -> Uptime:
        """Return the machine's own clock, which cannot be set."""
        return Uptime("boot", self.up)

    def advance(self, **by: float) -> None:
        """Move on by a `timedelta`'s arguments."""
        self.jump(**by)
        self.up += timedelta(**by).total_seconds()

    def jump(self, **by: float) -> None:
        """Set the wall clock, as a person or a time server does; no time passes."""
        self.now += timedelta(**by)


@dataclass(slots=True)
class Wire(httpx.AsyncBaseTransport):
    """The network: the simulated provider, and what was asked of it.

    `broken` may fail or answer in its place. A path in `waiting` is answered once its event is set.
    """

    provider: Provider
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    broken: Callable[[httpx.Request], httpx.Response | None] | None = None
    waiting: dict[str, anyio.Event] = field(default_factory=dict)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        self.requests.append((request.url.path, body["request"]))
        if (event := self.waiting.get(request.url.path)) is not None:
            await event.wait()
        if self.broken is not None and (answer := self.broken(request)) is not None:
            return answer
        return await SandboxTransport(self.provider).handle_async_request(request)

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [path.removeprefix("/v1/").removesuffix("/json") for path, _ in self.requests]


@dataclass(slots=True)
class Host:
    """A connected client, with the wire and the clock that the server works with."""

    client: Client
    wire: Wire
    clock: ManualClock
    schemas: dict[str, dict[str, Any]]

    async def call(self, tool: str, arguments: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Call `tool` and return the structured content, checked against all that every answer promises."""
        result = await self.client.call_tool(tool, {**(arguments or {}), **more})
        return self.check(tool, result)

    async def confirm(self, tool: str, arguments: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Preview, then call again with the code, and return that answer."""
        whole = {**(arguments or {}), **more}
        preview = await self.call(tool, whole)
        assert preview["outcome"] == "preview", preview
        return await self.call(tool, whole, confirm=preview["confirm"])

    def check(self, tool: str, result: mcp_types.CallToolResult) -> dict[str, Any]:
        """Return the structured content of `result`, after the checks."""
        answer: dict[str, Any] | None = result.structured_content
        assert answer is not None
        # Another test checks the schemas themselves, which takes ten times as long.
        jsonschema.Draft202012Validator(self.schemas[tool]).validate(answer)
        text = text_of(result)
        assert answer["outcome"] in text
        assert answer["next_step"] in text
        assert answer["summary"] in text
        for name in ("code", "order_id", "confirm", "preview"):
            if name in answer:
                assert str(answer[name]) in text, name
        assert result.is_error == (
            answer["outcome"] not in {"ok", "preview", "waiting", "dry_run", "done", "under_way", "declined"}
        )
        assert ("SANDBOX" in text or "DENEME" in text) == answer["sandbox"]
        return answer


def text_of(result: mcp_types.CallToolResult) -> str:
    """Return the text of an answer."""
    return "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))


@asynccontextmanager
async def hosted(
    settings: Settings = LIVE,
    *,
    mode: Mode = "auto",
    variant: ResponseVariant = DOCUMENTED,
    account: SimulatedAccount | None = None,
    clock: ManualClock | None = None,
    wire: Wire | None = None,
    timeouts: Timeouts = QUICK,
    over_tcp: bool = False,
    tools: Registry = REGISTRY,
    browser: Browser | None = None,
    **client_options: Any,
) -> AsyncIterator[Host]:
    """Give a host connected to a server with `settings`, whose network is the simulated provider.

    `client_options` go to the SDK's client: an ``elicitation_callback`` makes it a host that can ask, `CARDS` one that
    shows cards.
    Without a state folder the ledger is in a temporary one; a `wire` may be shared by several hosts.
    `tools` are all that there are. With `over_tcp` the server has the real network in place of the `wire`, and
    calls the address of `settings`.
    """
    assert not over_tcp or (settings.api_url != DEFAULT_API_URL and timeouts is not QUICK)
    clock = clock or ManualClock()
    with tempfile.TemporaryDirectory() as folder, SandboxDatabase(clock=clock) as database:
        if settings.state_dir is None:
            settings = replace(settings, state_dir=Path(folder))
        wire = wire or Wire(VaryingProvider(database, account, variant))
        server = build_server(
            settings,
            tools=tools,
            clock=clock,
            uptime=clock.uptime,
            transport=None if over_tcp else lambda: wire,
            timeouts=timeouts,
            browser=browser,
        )
        async with Client(server, mode=mode, raise_exceptions=True, **client_options) as client:
            offered = (await client.list_tools()).tools
            schemas = {tool.name: tool.output_schema or {} for tool in offered}
            yield Host(client, wire, clock, schemas)
