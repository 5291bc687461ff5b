"""A host that costs next to nothing, so that what is measured is the server and not its caller."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from .process import processor_seconds
from .wire import HASH, KEY

LONGEST_LINE = 16 * 1024 * 1024
PRODUCT = (sys.executable, "-m", "iletimerkezi_mcp")
FLOOR = (sys.executable, "-m", "benchmarks.floor")
ANSWER_SECONDS = 60.0
"""The longest that an answer may take before the run is given up."""

_LEFT_OUT = ("ILETIMERKEZI_", "PYTHONDONTWRITEBYTECODE")
"""Variables of the caller that no server gets. An installed package has its bytecode: a start must not compile it anew."""

_HANDSHAKE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "benchmarks", "version": "1"},
}


@dataclass(slots=True)
class Host:
    """One server process and its pipes."""

    process: asyncio.subprocess.Process
    began: float
    open: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    last: int = 0

    @property
    def pid(self) -> int:
        """The server's process."""
        return self.process.pid

    def computed(self) -> float:
        """Return the processor seconds of the server so far."""
        return processor_seconds(self.process.pid)

    def ask(self, method: str, params: Mapping[str, Any]) -> asyncio.Future[dict[str, Any]]:
        """Send a request, and return the future of its result."""
        self.last += 1
        line = json.dumps({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}, ensure_ascii=False)
        return self.send(self.last, line.encode() + b"\n")

    def send(self, number: int, line: bytes) -> asyncio.Future[dict[str, Any]]:
        """Send a request that has been written out already."""
        answer = asyncio.get_running_loop().create_future()
        self.open[number] = answer
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        return answer

    async def request(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the result of a request."""
        return await asyncio.wait_for(self.ask(method, params), ANSWER_SECONDS)

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the structured answer of a tool."""
        return structure(await self.request("tools/call", {"name": tool, "arguments": arguments}))

    def line(self, tool: str, arguments: Mapping[str, Any]) -> tuple[int, bytes]:
        """Write a call out, to be sent later at no cost."""
        self.last += 1
        message = {
            "jsonrpc": "2.0",
            "id": self.last,
            "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        }
        return self.last, json.dumps(message, ensure_ascii=False).encode() + b"\n"

    async def handshake(self) -> None:
        """Open a session in the 2025 protocol, as most hosts do."""
        await self.request("initialize", _HANDSHAKE)
        assert self.process.stdin is not None
        self.process.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    async def read(self) -> None:
        """Hand every answer to the request that waits for it."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            message = json.loads(line)
            answer = self.open.pop(message.get("id"), None)
            if answer is None or answer.done():
                continue
            if "result" in message:
                answer.set_result(message["result"])
            else:
                answer.set_exception(RuntimeError(str(message.get("error"))))
        for answer in self.open.values():
            answer.set_exception(RuntimeError("the server ended"))


def structure(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the structured content of a call's result."""
    found: dict[str, Any] = result["structuredContent"]
    return found


@asynccontextmanager
async def hosting(command: tuple[str, ...], **variables: str) -> AsyncIterator[Host]:
    """Start a server by `command`, in a folder of its own, and open the session."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        settings = {"ILETIMERKEZI_LANG": "en", "ILETIMERKEZI_STATE_DIR": folder, **variables}
        began = perf_counter()
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**kept, **settings},
            limit=LONGEST_LINE,
        )
        host = Host(process, began)
        reading = asyncio.create_task(host.read())
        try:
            await host.handshake()
            yield host
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await asyncio.wait_for(process.wait(), ANSWER_SECONDS)
            await reading


def account(origin: str, **more: str) -> dict[str, str]:
    """Return the settings of an account whose provider is at `origin`, with codes of any size and no limit in the way."""
    return {
        "ILETIMERKEZI_API_URL": origin,
        "ILETIMERKEZI_API_KEY": KEY,
        "ILETIMERKEZI_API_HASH": HASH,
        "ILETIMERKEZI_SENDER": "FIRMAADI",
        "ILETIMERKEZI_CONFIRM": "code",
        "ILETIMERKEZI_MAX_RECIPIENTS": "1000000",
        "ILETIMERKEZI_MAX_CREDITS_PER_DAY": "none",
        **more,
    }
