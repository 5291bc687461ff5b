"""Clients that are too slow, and too many of them."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from dataclasses import replace

import anyio
import httpx
import pytest
from anyio.abc import SocketStream

from iletimerkezi_mcp.transports.limits import BOUNDS

from .served import ALI, ENVELOPE, HANDSHAKE, TRANSPORTS, Served, Streamable, Transport, by_hand, served, sse_session

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": ENVELOPE}}


async def _closed(stream: SocketStream) -> bytes:
    """What is said until the other side has closed the connection."""
    heard = b""
    try:
        while True:
            heard += await stream.receive()
    except (anyio.EndOfStream, anyio.BrokenResourceError):
        return heard


@pytest.mark.parametrize("said", [b"", b"GET /mcp HTTP/1.1\r\nHost: 127", b"G"])
async def test_headers_that_do_not_come_are_not_waited_for(said: bytes) -> None:
    async with served(bounds=replace(BOUNDS, head=0.05)) as at, await at.connect() as stream:
        if said:
            await stream.send(said)
        assert await _closed(stream) == b""


async def test_a_second_request_has_as_little_time_for_its_headers() -> None:
    async with served(bounds=replace(BOUNDS, head=0.05)) as at, await at.connect() as stream:
        await stream.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await stream.receive()).startswith(b"HTTP/1.1 401 ")
        await stream.send(b"GET / HTTP/1.1\r\nHost: ")
        assert await _closed(stream) == b""


async def test_a_refused_body_is_not_read_for_ever() -> None:
    async with served(bounds=replace(BOUNDS, head=0.05)) as at, await at.connect() as stream:
        await stream.send(b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999\r\n\r\n{")
        assert (await stream.receive()).startswith(b"HTTP/1.1 401 ")
        await stream.send(b" ")
        assert await _closed(stream) == b""


async def test_an_idle_connection_is_closed() -> None:
    async with served(bounds=replace(BOUNDS, keep_alive=0)) as at, await at.connect() as stream:
        await stream.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await _closed(stream)).startswith(b"HTTP/1.1 401 ")


async def test_what_is_no_http_is_400() -> None:
    async with served() as at, await at.connect() as stream:
        await stream.send(b"\x16\x03\x01 hello\r\n\r\n")
        assert (await _closed(stream)).startswith(b"HTTP/1.1 400 ")


async def test_connections_beyond_the_most_are_503_until_one_is_closed() -> None:
    async with served(bounds=replace(BOUNDS, connections=2)) as at:
        async with await at.connect() as one, await at.connect() as two:
            for stream in (one, two):
                await stream.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert (await stream.receive()).startswith(b"HTTP/1.1 401 ")
            async with await at.connect() as third:
                await third.send(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert (await _closed(third)).startswith(b"HTTP/1.1 503 ")
        async with httpx.AsyncClient(trust_env=False) as http:
            while (await http.get(at.origin + "/healthz")).status_code != 200:
                """The server has not noticed yet that they are closed."""


def _deaf(at: Served) -> socket.socket:
    """A connection whose kernel takes as little as it can of what the server says."""
    parts = httpx.URL(at.address)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    connection.connect((parts.host, parts.port))
    connection.setblocking(False)
    return connection


def _post(headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": str(len(body))}.items()]
    return "\r\n".join(["POST /mcp HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode() + body


async def test_a_client_that_never_reads_its_answers_is_cut_off() -> None:
    async with served(bounds=replace(BOUNDS, stall=0.05)) as at, httpx.AsyncClient() as http:
        wire = Streamable(http, at.address, "auto")
        asked = _post(wire.headers_for(LIST), json.dumps(LIST).encode())
        with _deaf(at) as deaf, suppress(BrokenPipeError, ConnectionResetError):
            while True:
                await anyio.wait_writable(deaf)
                deaf.send(asked)
        assert "result" in await wire.ask("tools/list")


async def test_a_client_that_reads_slowly_and_steadily_is_not() -> None:
    async with served(bounds=replace(BOUNDS, stall=0.001, trickle=0)) as at, httpx.AsyncClient() as http:
        wire = Streamable(http, at.address, "auto")
        # The answer repeats the id, and so is more than the connection holds.
        large = {**LIST, "id": "i" * 7_900_000}
        asked = _post(wire.headers_for(LIST), json.dumps(large).encode())
        heard = b""
        async with await at.connect() as slow:
            await slow.send(asked)
            while not heard.endswith(b"}"):
                heard += await slow.receive(1 << 20)
        assert json.loads(heard.partition(b"\r\n\r\n")[2])["id"] == large["id"]


@pytest.mark.parametrize(("untaken", "end"), [(1_000_000, 404), (3, 503)])
async def test_an_sse_client_that_never_reads_is_heard_no_more_and_others_are(untaken: int, end: int) -> None:
    bounds = replace(BOUNDS, stall=0.5 if end == 404 else 1_000, unsent=1, untaken=untaken)
    async with (
        served("sse", bounds=bounds) as at,
        httpx.AsyncClient(headers={"Authorization": f"Bearer {ALI}"}) as http,
    ):
        with _deaf(at) as deaf:
            head = f"GET /sse HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {ALI}\r\n\r\n"
            deaf.send(head.encode())
            heard = b""
            while b"session_id=" not in heard or not heard.endswith(b"\r\n\r\n"):
                await anyio.wait_readable(deaf)
                heard += deaf.recv(65_536)
            place = heard.decode().partition("data: ")[2].split()[0]
            status, number = 202, 0
            while status == 202:
                number += 1
                status = (await http.post(at.origin + place, json={**LIST, "id": number})).status_code
            assert status == end
            async with sse_session(at.address, "auto") as wire:
                assert "result" in await wire.ask("tools/list")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_sessions_beyond_the_most_are_503_until_one_ends(transport: Transport) -> None:
    async with served(transport, bounds=replace(BOUNDS, sessions=1)) as at:
        async with by_hand(transport, at.address, "legacy") as wire:
            if isinstance(wire, Streamable):
                other = Streamable(wire.http, at.address, "legacy")
                assert (await other.post(other.request("initialize", HANDSHAKE))).status_code == 503
                assert "result" in await wire.ask("tools/list")
                assert (await wire.http.delete(at.address, headers=wire.headers)).status_code == 200
            else:
                answer = await wire.http.get(at.address, headers={"Authorization": f"Bearer {ALI}"})
                assert answer.status_code == 503
        while True:
            try:
                async with by_hand(transport, at.address, "legacy") as wire:
                    assert "result" in await wire.ask("tools/list")
                    break
            except AssertionError:
                """The server has not noticed yet that the client has gone."""
