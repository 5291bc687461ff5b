"""The limit on open connections, and one token's share of them."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import anyio
import httpx
import pytest
from pydantic import SecretStr

from iletimerkezi_mcp import http_server
from iletimerkezi_mcp.transports import http as transport_http
from iletimerkezi_mcp.transports.limits import HTTP_LIMITS
from tests.calls import GET_BALANCE
from tests.connections import http_client

from .served import (
    ACCEPT,
    ALI,
    AYSE,
    ENVELOPE,
    SANDBOX,
    TRANSPORTS,
    Served,
    Streamable,
    Transport,
    bearer,
    by_hand,
    served,
    sse_session,
)

HEALTH_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


async def test_idle_connections_make_room_for_new_ones_and_keep_no_session_waiting() -> None:
    async with (
        served(http_limits=replace(HTTP_LIMITS, connections=4)) as at,
        by_hand("streamable-http", at.address, "legacy") as wire,
        AsyncExitStack() as stack,
    ):
        assert isinstance(wire, Streamable)
        async with wire.http.stream("GET", at.address, headers=wire.headers) as stream:
            assert stream.status_code == 200
            for _ in range(10):
                idle = await stack.enter_async_context(await at.connect())
                await idle.send(HEALTH_REQUEST)
                assert (await idle.receive()).startswith(b"HTTP/1.1 200 ")
                assert "result" in await wire.ask("tools/list")
            half = await stack.enter_async_context(await at.connect())
            await half.send(HEALTH_REQUEST[:-2])
            assert "result" in await wire.ask("tools/list")
            at.stop.request()
            assert await stream.aread() == b""


async def test_a_connection_beyond_the_limit_is_closed_if_all_others_are_busy() -> None:
    async with (
        served(http_limits=replace(HTTP_LIMITS, connections=1)) as at,
        by_hand("streamable-http", at.address, "legacy") as wire,
    ):
        assert isinstance(wire, Streamable)
        async with wire.http.stream("GET", at.address, headers=wire.headers) as stream:
            assert stream.status_code == 200
            async with await at.connect() as connection:
                with pytest.raises(anyio.EndOfStream):
                    await connection.receive()
            at.stop.request()
            assert await stream.aread() == b""


FOUR = replace(HTTP_LIMITS, connections=4)
"""A limit of which each of two tokens may keep two busy."""

LISTENING = {"notifications": {"resourceSubscriptions": ["iletimerkezi://policy"]}, "_meta": ENVELOPE}
LISTEN = {"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": LISTENING}
MODERN = {**ACCEPT, "MCP-Protocol-Version": "2026-07-28"}


async def is_refused(http: httpx.AsyncClient, at: Served) -> bool:
    """Return True if a further request of Ali's is refused because of his open connections."""
    async with http.stream("GET", at.address, headers={**bearer(ALI), "Accept": "text/event-stream"}) as stream:
        if stream.status_code != 503:
            return False
        assert stream.headers["retry-after"]
        assert "Too many requests" in json.loads(await stream.aread())["error"]["message"]
        return True


async def works(transport: Transport, at: Served, secret: str) -> None:
    async with by_hand(transport, at.address, "legacy", secret) as wire:
        assert (await wire.call(GET_BALANCE))["outcome"] == "ok"


async def test_one_tokens_sse_sessions_are_half_of_the_connections() -> None:
    async with served("sse", http_limits=FOUR) as at, http_client() as http:
        for _ in range(2):
            async with sse_session(at.address, "legacy", AYSE), AsyncExitStack() as ali:
                for _ in range(2):
                    headers = {**bearer(ALI), "Accept": "text/event-stream"}
                    stream = await ali.enter_async_context(http.stream("GET", at.address, headers=headers))
                    assert stream.status_code == 200
                assert await is_refused(http, at)
            await works("sse", at, AYSE)
            while await is_refused(http, at):
                """The server has yet to see that the connections are closed."""


async def test_one_tokens_streams_and_subscriptions_are_half_of_the_connections_together() -> None:
    async with served(http_limits=FOUR) as at, http_client() as http, AsyncExitStack() as opened:
        session = await opened.enter_async_context(by_hand("streamable-http", at.address, "legacy"))
        assert isinstance(session, Streamable)
        stream = await opened.enter_async_context(http.stream("GET", at.address, headers=session.headers))
        assert stream.status_code == 200
        async with AsyncExitStack() as closing:
            headers = {**MODERN, **bearer(ALI), "Mcp-Method": "subscriptions/listen"}
            listening = http.stream("POST", at.address, json=LISTEN, headers=headers)
            assert (await closing.enter_async_context(listening)).status_code == 200
            assert await is_refused(http, at)
            assert (await session.post(session.request("tools/list", {}))).status_code == 503
            await works("streamable-http", at, AYSE)
        while (await session.post(session.request("tools/list", {}))).status_code == 503:
            """The server has yet to see that the stream is closed."""
        at.stop.request()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_one_tokens_unfinished_bodies_keep_half_of_the_connections_busy(transport: Transport) -> None:
    async with served(transport, http_limits=FOUR) as at, http_client() as http:
        async with AsyncExitStack() as opened:
            path = at.address.removeprefix(at.origin) + ("/messages?session_id=0" if transport == "sse" else "")
            head = {"Host": "127.0.0.1", "Content-Length": "1000", "Expect": "100-continue", **ACCEPT, **bearer(ALI)}
            lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
            for _ in range(2):
                connection = await opened.enter_async_context(await at.connect())
                await connection.send("\r\n".join(lines).encode())
                # Said by the server once it waits for the body.
                assert (await connection.receive()).startswith(b"HTTP/1.1 100 ")
            assert await is_refused(http, at)
            await works(transport, at, AYSE)
        while await is_refused(http, at):
            """The server has yet to see that the connections are closed."""


async def test_the_only_token_may_keep_all_connections_busy() -> None:
    settings = replace(SANDBOX, http_token=SecretStr(f"ali:{ALI}"))
    async with served("sse", settings=settings, http_limits=FOUR) as at, AsyncExitStack() as opened:
        for _ in range(3):
            await opened.enter_async_context(by_hand("sse", at.address, "auto"))


async def test_a_connection_whose_answer_is_not_read_makes_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def listen(host: str, port: int) -> socket.socket:
        listener = http_server.listen(host, port)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        return listener

    monkeypatch.setattr(transport_http, "listen", listen)
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": ENVELOPE}}
    async with served(http_limits=replace(HTTP_LIMITS, connections=1)) as at:
        unread = socket.socket()
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        unread.setblocking(False)
        with unread:
            await asyncio.get_running_loop().sock_connect(unread, ("127.0.0.1", urlsplit(at.address).port))
            async with http_client() as http:
                request = http.build_request(
                    "POST", at.address, json=listing, headers={**MODERN, **bearer(ALI), "Mcp-Method": "tools/list"}
                )
            head = b"".join(b"%b: %b\r\n" % pair for pair in request.headers.raw)
            await asyncio.get_running_loop().sock_sendall(
                unread, b"POST /mcp HTTP/1.1\r\n" + head + b"\r\n" + request.content
            )
            assert (await asyncio.get_running_loop().sock_recv(unread, 12)) == b"HTTP/1.1 200"
            for _ in range(3):
                async with await at.connect() as connection:
                    await connection.send(HEALTH_REQUEST)
                    assert (await connection.receive()).startswith(b"HTTP/1.1 200 ")
