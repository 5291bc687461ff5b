"""A host with cards: `tests/node/host.mjs` shows them in Chromium, and the test says what the person does."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from tests import processes
from tests.hosting import Mode
from tests.node.tools import FOLDER, NODE, environment
from tests.processes import COMMAND

CHROMIUM = shutil.which("chromium")

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: no real browser was used")


@dataclass(frozen=True, slots=True)
class CardHost:
    """The host's process; :meth:`do` is one of the commands of `host.mjs`."""

    process: Process
    out: BufferedByteReceiveStream

    async def do(self, what: str, **options: Any) -> Any:
        """Run a command of the host, and return its answer."""
        assert self.process.stdin is not None
        await self.process.stdin.send(json.dumps({"do": what, **options}).encode() + b"\n")
        answer = json.loads(await self.out.receive_until(b"\n", 1 << 24))
        assert "error" not in answer, f"{what}: {answer['error']}\n{answer.get('text')}"
        return answer["ok"]

    async def start(self, *flags: str, mode: Mode = "auto", cards: bool = True, **variables: str) -> Any:
        """Connect to a new server on stdio, in the sandbox."""
        own = processes.environment(**variables)
        return await self.do(
            "connect", command=COMMAND[0], args=[*COMMAND[1:], "--sandbox", *flags], env=own, mode=mode, cards=cards
        )

    async def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a tool as a model does, and return the structured content."""
        result: dict[str, Any] = (await self.do("call", tool=tool, input=arguments))["structuredContent"]
        return result


@asynccontextmanager
async def card_host(home: Path) -> AsyncIterator[CardHost]:
    """Give a host with its browser."""
    assert CHROMIUM is not None
    command = [str(NODE), str(FOLDER / "host.mjs"), CHROMIUM]
    pipe = subprocess.PIPE
    async with processes.opened(command, env=environment(home), stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        yield CardHost(process, BufferedByteReceiveStream(process.stdout))
        assert process.stdin is not None
        await process.stdin.aclose()
        await process.wait()
