"""The limit on open connections."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace

import anyio
import pytest

from iletimerkezi_mcp.transports.limits import HTTP_LIMITS

from .served import Streamable, by_hand, served

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
