"""A loopback HTTP server that answers each request as the test has scripted."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import anyio

from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS
from tests.loop_clock import LoopClock


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """One request as the server got it, and the number of the connection that it came over."""

    connection: int
    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


BOUND = 60.0

Step = Callable[[asyncio.StreamWriter], Awaitable[None]]


class ScriptedServer:
    """Answers the first request with the first step, and so on; a request beyond the script is a test's mistake.

    `greeting` is sent first on every connection, `tls` its certificate. A test may
    use the server for `bound` seconds.
    """

    def __init__(
        self, *steps: Step, greeting: bytes = b"", tls: ssl.SSLContext | None = None, bound: float = BOUND
    ) -> None:
        self._greeting = greeting
        self._tls = tls
        self._steps = list(steps)
        self.requests: list[ReceivedRequest] = []
        self.got_one = anyio.Event()
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._bound = asyncio.timeout(bound)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"
        await self._bound.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._bound.__aexit__(kind, error, trace)
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._connections += 1
        number = self._connections
        try:
            writer.write(self._greeting)
            while (request := await self._read(reader, number)) is not None:
                self.requests.append(request)
                self.got_one.set()
                await self._steps.pop(0)(writer)
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader, connection: int) -> ReceivedRequest | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        except asyncio.IncompleteReadError:
            return None
        line, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return ReceivedRequest(connection, line, headers, body)


def answer(body: bytes | dict[str, Any], status: int = 200, **headers: str) -> Step:
    """A whole answer; the connection stays open."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    async def step(writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([*lines, "", ""]).encode("ascii") + content)

    return step


def raw(content: bytes) -> Step:
    """These bytes, then the end of the connection."""

    async def step(writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()
        writer.close()

    return step


async def drop(writer: asyncio.StreamWriter) -> None:
    """The end of the connection, and no answer."""
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    """A reset of the connection, and no answer."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def silence(writer: asyncio.StreamWriter) -> None:
    """No answer for as long as the server lives."""
    await anyio.sleep_forever()


async def outlast(writer: asyncio.StreamWriter) -> None:
    """No answer until the client has run out of patience, which is at once: its clock is put forward."""
    await LoopClock().outlast(DEFAULT_TIMEOUTS.call_seconds)


def closed_port() -> int:
    """A port of loopback on which no server listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
