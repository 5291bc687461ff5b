"""A TCP proxy on loopback before the served sandbox, with a fault or without."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self

import httpx

from tests.connections import http_client
from tests.loop_clock import LoopClock
from tests.provider.scripted import reset

from .answer import Answer
from .fault import Altered, Broken, Fault, Instead, Unreachable


class Proxy:
    """ManualClock every request on to the sandbox at `origin`; what `fault` says then happens to it.

    `connections` counts those that were made, `arrived` the requests that came whole, by their operation. With `tls`
    every connection is encrypted.
    """

    def __init__(self, origin: str, *, tls: ssl.SSLContext | None = None) -> None:
        self.fault: Fault | None = None
        self.arrived: Counter[str] = Counter()
        self.connections = 0
        self._tls = tls
        # A kept connection could be closed when the clock is put forward.
        self._sandbox = http_client(base_url=origin, limits=httpx.Limits(max_keepalive_connections=0))
        self._tasks: set[asyncio.Task[None]] = set()
        self._attended = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def __aenter__(self) -> Self:
        self._clock = LoopClock()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        await self._sandbox.aclose()

    async def quiet(self) -> None:
        """Return when nothing that came is being attended to: a server that gave up is ahead of what it asked for."""
        await self._idle.wait()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            if self.fault is not None and isinstance(self.fault.way, Unreachable):
                await self._turn_away(self.fault.way, reader, writer)
                return
            nth = 0
            while (came := await self._read(reader)) is not None:
                nth += 1
                path, body = came
                self.arrived[path.removeprefix("/v1/").removesuffix("/json")] += 1
                self._attended += 1
                self._idle.clear()
                try:
                    await self._attend(Carried(reader, writer, self._sandbox, self._clock, path, body, nth))
                finally:
                    self._attended -= 1
                    if not self._attended:
                        self._idle.set()
        except (ConnectionError, asyncio.CancelledError):
            """The server has hung up, or the test is over."""
        finally:
            writer.transport.abort()

    async def _turn_away(self, way: Unreachable, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match way.at:
            case "reset" | "reset, no tls":
                await reset(writer)
            case "silent":
                # The handshake has begun, so the limit on it counts.
                await reader.read(1)
                await _outlast(reader, self._clock)
            case _:
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                await writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> tuple[str, bytes] | None:
        with suppress(asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            start, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            return start.split()[1], await reader.readexactly(int(headers["content-length"]))
        return None

    async def _attend(self, exchange: Carried) -> None:
        match self.fault and self.fault.way:
            case Broken(way):
                await way(exchange)
            case Instead(answer):
                await exchange.answer(answer(exchange.asked))
            case Altered(turn):
                await exchange.answer(turn(exchange.asked, await exchange.forward()))
            case _:
                await exchange.answer(await exchange.forward())


class Carried:
    """A request on a connection of the proxy."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        sandbox: httpx.AsyncClient,
        clock: LoopClock,
        path: str,
        asked: bytes,
        nth: int,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._sandbox = sandbox
        self._clock = clock
        self._path = path
        self.asked = asked
        self.nth = nth

    async def forward(self) -> Answer:
        reply = await self._sandbox.post(self._path, content=self.asked)
        return Answer(reply.status_code, reply.content)

    async def write(self, content: bytes) -> None:
        self._writer.write(content)
        await self._writer.drain()

    async def answer(self, answer: Answer) -> None:
        """Let the server have the whole of `answer`."""
        self._writer.write(answer.head)
        for chunk in answer.content():
            await self.write(chunk)

    async def pause(self) -> None:
        await self._clock.tick()

    async def outlast(self) -> None:
        await _outlast(self._reader, self._clock)

    async def reset(self) -> None:
        await reset(self._writer)


async def _outlast(reader: asyncio.StreamReader, clock: LoopClock) -> None:
    """Let time pass until the server has ended the connection."""
    end = asyncio.ensure_future(reader.read())
    try:
        while not end.done():
            await clock.tick()
        await end
    finally:
        end.cancel()
