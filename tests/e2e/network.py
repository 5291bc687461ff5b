"""A server process on a socket."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from tests import processes
from tests.processes import COMMAND, environment
from tests.transports.served import ALI, AYSE, Transport

TOKENS = {"ILETIMERKEZI_HTTP_TOKEN": f"ali:{ALI},ayse:{AYSE}"}


@dataclass
class Started:
    """A running process: its address and what it has said at its start."""

    process: Process
    address: str
    said: str
    errors: BufferedByteReceiveStream

    async def end(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Tell it to stop, see that it ends well, and return the rest of what it prints."""
        self.process.send_signal(how)
        assert await self.process.wait() == 0
        rest = b""
        try:
            while True:
                rest += await self.errors.receive()
        except anyio.EndOfStream:
            return rest.decode()


DELIVERY_SECRET = "d3livery-Secret_" + "x9" * 16


@asynccontextmanager
async def started(transport: Transport, *flags: str, notices: int = 0, **variables: str) -> AsyncIterator[Started]:
    """Start a server process and wait until it is ready; `notices` counts the lines that it prints beside its address."""
    command = [*COMMAND, "--transport", transport, *flags]
    async with running(command, {**TOKENS, **variables}, notices) as process:
        yield process


@asynccontextmanager
async def started_delivery(*flags: str, **variables: str) -> AsyncIterator[Started]:
    """Start a process that takes pushed reports and does nothing else; its address is the origin."""
    settings = {"ILETIMERKEZI_DELIVERY_SECRET": DELIVERY_SECRET, **variables}
    async with running([*COMMAND, "delivery", *flags], settings) as process:
        process.address = process.address.partition("/delivery/")[0]
        yield process


@asynccontextmanager
async def running(command: Sequence[str], variables: Mapping[str, str], notices: int = 0) -> AsyncIterator[Started]:
    """Start a server by its whole `command` but for the port, and wait until it is ready."""
    command = [*command, "--port", "0"]
    async with processes.opened(command, env=environment(**variables), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        errors = BufferedByteReceiveStream(process.stderr)
        lines = [(await errors.receive_until(b"\n", 10_000)).decode() for _ in range(1 + notices)]
        address = next(word for word in lines[0].split() if word.startswith("http")).rstrip(".")
        yield Started(process, address, "\n".join(lines), errors)
