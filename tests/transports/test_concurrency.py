"""Counting requests."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import anyio
import pytest
from mcp import MCPError
from mcp.server import ServerRequestContext

from iletimerkezi_mcp.transports.concurrency import LISTEN, Load


def _context(method: str, request_id: int | None = 1) -> ServerRequestContext[Any, Any]:
    return cast("ServerRequestContext[Any, Any]", SimpleNamespace(method=method, request_id=request_id))


class _Handler:
    def __init__(self) -> None:
        self.started = 0
        self.go = anyio.Event()

    async def __call__(self, _: ServerRequestContext[Any, Any]) -> dict[str, Any]:
        self.started += 1
        await self.go.wait()
        return {}


@pytest.mark.parametrize("method", ["tools/call", LISTEN])
async def test_requests_beyond_the_most_are_refused_and_notifications_never(method: str) -> None:
    load, handler = Load(2), _Handler()
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(load, _context(method), handler)
        tasks.start_soon(load, _context(method, None), handler)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(MCPError, match="nothing was done"):
            await load(_context(method), handler)
        handler.go.set()
    assert await load(_context(method), handler) == {}
    assert handler.started == 4


async def test_the_refusal_is_in_the_operators_language() -> None:
    with pytest.raises(MCPError, match="çok fazla istek"):
        await Load(0, "tr")(_context("tools/call"), _Handler())


async def test_none_waits_for_answers_and_not_for_those_that_listen() -> None:
    load, asked, listening = Load(9), _Handler(), _Handler()
    await load.none()
    seen = []
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            await load.none()
            seen.append("none")

        tasks.start_soon(load, _context(LISTEN), listening)
        for _ in range(2):
            tasks.start_soon(load, _context("tools/call"), asked)
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(watch)
        await anyio.wait_all_tasks_blocked()
        assert seen == []
        asked.go.set()
        await anyio.wait_all_tasks_blocked()
        assert seen == ["none"]
        listening.go.set()
