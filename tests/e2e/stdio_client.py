"""A server process and a hand-written client on its pipes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from tests import processes
from tests.hosting import Mode
from tests.processes import COMMAND, environment

ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "hand-written", "version": "1"},
}


ACCOUNT = {"ILETIMERKEZI_API_KEY": "a-key-of-the-test", "ILETIMERKEZI_API_HASH": "a-hash-of-the-test"}


HANGING_RESOLVER = """
import socket, sys, time
look_up = socket.getaddrinfo
def hanging(host, *rest, **more):
    if host in ("hangs.invalid", b"hangs.invalid"):
        sys.stderr.write("looking up")
        sys.stderr.flush()
        time.sleep(600)
    return look_up(host, *rest, **more)
socket.getaddrinfo = hanging
"""


class StdioClient:
    """A hand-written JSON-RPC client on a process's pipes, in one of the two protocol versions."""

    def __init__(self, process: Process, mode: Mode) -> None:
        assert process.stdout is not None
        assert process.stdin is not None
        self._in, self._out = process.stdin, BufferedByteReceiveStream(process.stdout)
        self._mode = mode
        self._last = 0
        self.process = process

    async def open(self) -> None:
        """Shake hands, if the protocol version has a handshake."""
        if self._mode == "legacy":
            info = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "h", "version": "1"}}
            await self.ask("initialize", info)
            await self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})

    async def post(self, message: Mapping[str, Any]) -> None:
        await self._in.send(json.dumps(message).encode() + b"\n")

    async def begin(self, method: str, params: Mapping[str, Any]) -> int:
        """Send a request and do not wait for its answer."""
        self._last += 1
        envelope = {"_meta": ENVELOPE} if self._mode == "auto" else {}
        await self.post({"jsonrpc": "2.0", "id": self._last, "method": method, "params": {**params, **envelope}})
        return self._last

    async def ask(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its answer; every line on stdout must be protocol."""
        wanted = await self.begin(method, params)
        while True:
            message = json.loads(await self._out.receive_until(b"\n", 1 << 24))
            assert message["jsonrpc"] == "2.0"
            if message.get("id") == wanted:
                assert isinstance(message, dict)
                return message

    async def next(self) -> dict[str, Any]:
        """Return the next line on stdout."""
        message = json.loads(await self._out.receive_until(b"\n", 1 << 24))
        assert isinstance(message, dict)
        return message

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self.ask("tools/call", {"name": tool, "arguments": arguments})
        content = answer["result"]["structuredContent"]
        assert isinstance(content, dict)
        return content

    async def rest(self) -> bytes:
        """Return what is left on stdout when the process has ended."""
        left = b""
        try:
            while True:
                left += await self._out.receive()
        except anyio.EndOfStream:
            return left


PATIENCE = """
from iletimerkezi_mcp.transports import stdio
from iletimerkezi_mcp.transports.stdin import StdinReader
StdinReader.__init__.__kwdefaults__["hold"] = stdio.STUCK_SECONDS = stdio.LAST_SECONDS = 60.0
"""
"""Has the server wait long enough, at the end of its lines, for an answer that a busy machine may delay."""

PATIENT = [sys.executable, "-c", f"{PATIENCE}\nfrom iletimerkezi_mcp.cli import main\nmain([])"]


@asynccontextmanager
async def spoken(mode: Mode, *flags: str, **variables: str) -> AsyncIterator[StdioClient]:
    """Start a server, and give a hand-written client."""
    async with started([*COMMAND, *flags], mode, **variables) as wire:
        yield wire


@asynccontextmanager
async def started(command: list[str], mode: Mode, **variables: str) -> AsyncIterator[StdioClient]:
    """Start a server by `command`, and give a hand-written client."""
    async with processes.opened(command, env=environment(**variables), stderr=subprocess.PIPE) as process:
        wire = StdioClient(process, mode)
        await wire.open()
        yield wire
