"""Counting requests."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import anyio
import pytest
from mcp import MCPError
from mcp.server import ServerRequestContext

from iletimerkezi_mcp.transports.concurrency import LISTEN, ConcurrencyLimit


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
async def test_requests_beyond_the_limit_are_refused_and_notifications_never(method: str) -> None:
    calls, handler = ConcurrencyLimit(2), _Handler()
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(calls, _context(method), handler)
        tasks.start_soon(calls, _context(method, None), handler)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(MCPError, match="nothing was done"):
            await calls(_context(method), handler)
        handler.go.set()
    assert await calls(_context(method), handler) == {}
    assert handler.started == 4


async def test_the_refusal_is_in_the_operators_language() -> None:
    with pytest.raises(MCPError, match="çok fazla istek"):
        await ConcurrencyLimit(0, "tr")(_context("tools/call"), _Handler())


async def test_idle_waits_for_answers_and_not_for_those_that_listen() -> None:
    calls, asked, listening = ConcurrencyLimit(9), _Handler(), _Handler()
    await calls.idle()
    seen = []
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            await calls.idle()
            seen.append("none")

        tasks.start_soon(calls, _context(LISTEN), listening)
        for _ in range(2):
            tasks.start_soon(calls, _context("tools/call"), asked)
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(watch)
        await anyio.wait_all_tasks_blocked()
        assert seen == []
        asked.go.set()
        await anyio.wait_all_tasks_blocked()
        assert seen == ["none"]
        listening.go.set()
