"""A client whose network gives one and the same answer, whatever it is, and counts how often it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
import pytest
from anyio.lowlevel import checkpoint
from pydantic import SecretStr

from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider import client as client_module
from iletimerkezi_mcp.provider.client import ApiClient, Credentials
from tests.provider.calls import CALLS

KEY, HASH = "key-canary-5f2e", "hash-canary-91ab"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

REQUESTS: dict[str, Any] = {name: call.request for name, call in CALLS.items()}
"""A request of every operation."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as it comes over the wire."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[:7]
        yield self._body[7:]


@dataclass(slots=True)
class Answering(httpx.AsyncBaseTransport):
    """The network."""

    answer: Answered
    asked: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked += 1
        return httpx.Response(self.answer.status, headers=list(self.answer.headers), stream=_Stream(self.answer.body))


def ask(operation: str, answer: Answered) -> tuple[Any, int]:
    """Return what the client makes of `answer`, its result or what it raises, and how many requests it took."""
    network = Answering(answer)

    async def run() -> Any:
        async with ApiClient(
            base_url="http://127.0.0.1:9",
            credentials=Credentials(SecretStr(KEY), SecretStr(HASH)),
            transport=lambda: network,
            clock=lambda: NOW,
        ) as client:
            return await client.call(OPERATIONS[operation], REQUESTS[operation])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client_module, "sleep", lambda _: checkpoint())
        try:
            return anyio.run(run), network.asked
        except Exception as raised:  # noqa: BLE001 -- whatever it is, the property judges it
            return raised, network.asked
