"""A server on a real socket in the test's own process, and two ways to speak to it by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

import anyio
import httpx
import httpx2
from anyio.abc import SocketStream
from mcp import Client
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from pydantic import SecretStr

from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS, Timeouts
from iletimerkezi_mcp.server.build import McpServer, build_server
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.transports.config import NetworkService
from iletimerkezi_mcp.transports.http import serve
from iletimerkezi_mcp.transports.limits import HTTP_LIMITS, HttpLimits
from iletimerkezi_mcp.transports.shutdown import Shutdown
from tests.connections import http_client
from tests.hosting import Mode

Transport = Literal["sse", "streamable-http"]

TRANSPORTS: tuple[Transport, ...] = ("streamable-http", "sse")

ALI, AYSE = "ali-secret-" + "a" * 40, "ayse-secret-" + "b" * 40

SANDBOX = Settings(sandbox=True, http_port=0, http_token=SecretStr(f"ali:{ALI},ayse:{AYSE}"))

ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "hand-written", "version": "1"},
}
HANDSHAKE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "h", "version": "1"}}
ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


def bearer(secret: str = ALI) -> dict[str, str]:
    """Return the header that shows a token."""
    return {"Authorization": f"Bearer {secret}"}


@dataclass(slots=True)
class Served:
    """A running server: where it is, and how to stop it."""

    address: str
    transport: Transport
    stop: Shutdown
    over: anyio.Event = field(default_factory=anyio.Event)

    @property
    def origin(self) -> str:
        """The address without its path."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    async def connect(self) -> SocketStream:
        """Return a connection to send anything over."""
        parts = urlsplit(self.address)
        assert parts.hostname is not None
        return await anyio.connect_tcp(parts.hostname, parts.port or 80)

    @asynccontextmanager
    async def client(self, mode: Mode = "auto", secret: str = ALI, **options: Any) -> AsyncIterator[Client]:
        """Give the SDK's client, connected."""
        async with sdk_client(self.transport, self.address, mode, secret, **options) as client:
            yield client


@asynccontextmanager
async def sdk_client(
    transport: Transport, address: str, mode: Mode = "auto", secret: str = ALI, **options: Any
) -> AsyncIterator[Client]:
    """Give the SDK's client, connected to `address` with a token."""
    if transport == "sse":
        async with Client(sse_client(address, headers=bearer(secret)), mode=mode, **options) as client:
            yield client
        return
    async with (
        httpx2.AsyncClient(headers=bearer(secret), timeout=60, trust_env=False) as http,
        Client(streamable_http_client(address, http_client=http), mode=mode, **options) as client,
    ):
        yield client


@asynccontextmanager
async def served(
    transport: Transport = "streamable-http",
    *,
    settings: Settings = SANDBOX,
    http_limits: HttpLimits = HTTP_LIMITS,
    grace: float = 60,
    network: httpx.AsyncBaseTransport | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    build: Callable[..., McpServer] = build_server,
    **changes: Any,
) -> AsyncIterator[Served]:
    """Serve while the block runs, and stop as on SIGTERM at its end. `changes` are made to `settings`.

    `network` takes the place of the sandbox, and `timeouts` bound the time that it may take. `build` makes the
    server.
    """
    settings = replace(settings, transport=transport, **changes)
    stop = Shutdown(grace)
    service = NetworkService.of(settings)
    server = build(
        settings,
        grace=stop.seconds_left,
        transport=None if network is None else lambda: network,
        timeouts=timeouts,
    )
    ready = anyio.Event()
    found = Served("", transport, stop)

    def is_ready(address: str) -> None:
        found.address = address
        ready.set()

    async def run() -> None:
        await serve(server, service, stop, is_ready, http_limits)
        found.over.set()

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
            await ready.wait()
            try:
                yield found
            finally:
                stop.request()


class Streamable:
    """A hand-written JSON-RPC client on streamable HTTP, in one of the two protocol versions."""

    def __init__(self, http: httpx.AsyncClient, address: str, mode: Mode, secret: str = ALI) -> None:
        self.http = http
        self.address = address
        self.mode = mode
        self.headers = {**ACCEPT, **bearer(secret)}
        self._last = 0

    async def open(self, *, stateless: bool = False) -> None:
        """Shake hands, if the protocol version has a handshake."""
        if self.mode == "legacy":
            response = await self.post(self.request("initialize", HANDSHAKE))
            assert response.status_code == 200, response.text
            if not stateless:
                self.headers["Mcp-Session-Id"] = response.headers["mcp-session-id"]
            self.headers["MCP-Protocol-Version"] = "2025-11-25"
            accepted = await self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})
            assert accepted.status_code == 202

    def request(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return a request with a new id, with the protocol version's envelope."""
        self._last += 1
        envelope = {"_meta": ENVELOPE} if self.mode == "auto" else {}
        return {"jsonrpc": "2.0", "id": self._last, "method": method, "params": {**params, **envelope}}

    def headers_for(self, message: Mapping[str, Any]) -> dict[str, str]:
        """Return the headers that go with a message."""
        if self.mode == "legacy":
            return self.headers
        named = {"Mcp-Name": message["params"]["name"]} if "name" in message.get("params", {}) else {}
        return {**self.headers, "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": message["method"], **named}

    async def post(self, message: Mapping[str, Any]) -> httpx.Response:
        """Return the whole answer to one POST."""
        return await self.http.post(self.address, json=message, headers=self.headers_for(message))

    async def ask(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a request and return its JSON-RPC answer, however it came."""
        request = self.request(method, params or {})
        response = await self.post(request)
        return answer_in(response, request["id"])

    async def call(self, tool: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call a tool and return its structured content."""
        answer = await self.ask("tools/call", {"name": tool, "arguments": arguments or {}})
        content = answer["result"]["structuredContent"]
        assert isinstance(content, dict)
        return content


def answer_in(response: httpx.Response, wanted: int) -> dict[str, Any]:
    """Return the JSON-RPC answer in a response: its body, or an event of its stream."""
    assert response.status_code == 200, response.text
    if response.headers["content-type"].startswith("text/event-stream"):
        events = [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: {")]
        [message] = [event for event in events if event.get("id") == wanted and "method" not in event]
    else:
        message = response.json()
    assert isinstance(message, dict)
    return message


class Sse:
    """A hand-written JSON-RPC client on SSE, in one of the two protocol versions."""

    def __init__(
        self, http: httpx.AsyncClient, messages: str, lines: AsyncIterator[str], mode: Mode, secret: str
    ) -> None:
        self.http = http
        self.secret = secret
        self.messages = messages
        self.mode = mode
        self._lines = lines
        self._last = 0

    async def open(self, handshake: Mapping[str, Any] = HANDSHAKE) -> None:
        """Shake hands, if the protocol version has a handshake."""
        if self.mode == "legacy":
            await self.ask("initialize", handshake)
            await self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})

    async def post(self, message: Mapping[str, Any], secret: str | None = None) -> httpx.Response:
        """Post a message to the session."""
        return await self.http.post(self.messages, json=message, headers=bearer(secret or self.secret))

    async def begin(self, method: str, params: Mapping[str, Any]) -> int:
        """Send a request and do not wait for its answer."""
        self._last += 1
        envelope = {"_meta": ENVELOPE} if self.mode == "auto" else {}
        message = {"jsonrpc": "2.0", "id": self._last, "method": method, "params": {**params, **envelope}}
        assert (await self.post(message)).status_code == 202
        return self._last

    async def heard_any(self) -> dict[str, Any]:
        """Return the next message. Raises EOFError at the stream's end."""
        async for line in self._lines:
            if line.startswith("data: {"):
                message = json.loads(line[6:])
                assert isinstance(message, dict)
                return message
        raise EOFError

    async def heard(self, wanted: int) -> dict[str, Any]:
        """Return the answer to the request with this id."""
        while (message := await self.heard_any()).get("id") != wanted:
            """Another message."""
        return message

    async def ask(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        return await self.heard(await self.begin(method, params or {}))

    async def call(self, tool: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call a tool and return its structured content."""
        answer = await self.ask("tools/call", {"name": tool, "arguments": arguments or {}})
        content = answer["result"]["structuredContent"]
        assert isinstance(content, dict)
        return content


@asynccontextmanager
async def sse_session(
    address: str, mode: Mode, secret: str = ALI, handshake: Mapping[str, Any] = HANDSHAKE
) -> AsyncIterator[Sse]:
    """Give an open SSE session."""
    async with (
        http_client() as http,
        http.stream("GET", address, headers={"Accept": "text/event-stream", **bearer(secret)}) as stream,
    ):
        assert stream.status_code == 200, await stream.aread()
        lines = stream.aiter_lines()
        async for line in lines:
            if line.startswith("data: /"):
                parts = urlsplit(address)
                wire = Sse(http, f"{parts.scheme}://{parts.netloc}{line[6:]}", lines, mode, secret)
                break
        await wire.open(handshake)
        yield wire


@asynccontextmanager
async def by_hand(transport: Transport, address: str, mode: Mode, secret: str = ALI) -> AsyncIterator[Sse | Streamable]:
    """Give a hand-written client on either transport, its session open."""
    if transport == "sse":
        async with sse_session(address, mode, secret) as wire:
            yield wire
        return
    async with http_client() as http:
        streamable = Streamable(http, address, mode, secret)
        await streamable.open()
        yield streamable
