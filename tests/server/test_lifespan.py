"""The end of a server's lifespan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client

from iletimerkezi_mcp.ledger.entries import Entries
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server.build import build_server
from tests.calls import SEND, SEND_SMS
from tests.hosting import LIVE


class Silent(httpx.AsyncBaseTransport):
    """A provider that takes a request and never answers."""

    def __init__(self) -> None:
        self.asked = anyio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.set()
        await anyio.sleep_forever()
        raise AssertionError


async def test_the_ledger_is_closed_after_a_cancelled_change_has_written_its_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def recorded(kind: type, name: str) -> None:
        method = getattr(kind, name)

        def record(self: object, *arguments: Any, **options: Any) -> Any:
            result = method(self, *arguments, **options)
            calls.append(name)
            return result

        monkeypatch.setattr(kind, name, record)

    recorded(Entries, "record_outcome")
    recorded(SqliteLedger, "close")
    network = Silent()
    server = build_server(replace(LIVE, state_dir=tmp_path), transport=lambda: network, grace=lambda: 0)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks, Client(server) as client:
            preview = (await client.call_tool(SEND_SMS, SEND)).structured_content
            assert preview is not None
            tasks.start_soon(client.call_tool, SEND_SMS, {**SEND, "confirm": preview["confirm"]})
            await network.asked.wait()
            tasks.cancel_scope.cancel()
    assert calls == ["record_outcome", "close"]
