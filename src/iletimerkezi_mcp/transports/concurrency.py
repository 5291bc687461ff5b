"""The limit on requests that are answered at once, over any transport."""

from __future__ import annotations

from typing import Any

import anyio
import mcp.types as mcp_types
from mcp import MCPError
from mcp.server import ServerRequestContext
from mcp.server.context import CallNext, HandlerResult

from iletimerkezi_mcp.language import Language, Text

_TOO_MANY = Text(
    "Too many requests at once; nothing was done. Try again shortly.",
    "Aynı anda çok fazla istek var; hiçbir şey yapılmadı. Biraz sonra yeniden deneyin.",
)

LISTEN = "subscriptions/listen"
"""The request that lasts until its client goes."""


class ConcurrencyLimit:
    """The middleware that counts requests and refuses those beyond `limit`.

    It does not count connections, because the protocol lets a request outlive its connection.
    """

    def __init__(self, limit: int, language: Language = "en") -> None:
        self._language: Language = language
        self._limit = limit
        self._calls = 0
        self._subscriptions = 0
        self._idle = anyio.Event()
        self._idle.set()

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Count one request."""
        if ctx.request_id is None:
            return await call_next(ctx)
        if ctx.method == LISTEN:
            self._admit(self._subscriptions)
            self._subscriptions += 1
            try:
                return await call_next(ctx)
            finally:
                self._subscriptions -= 1
        self._admit(self._calls)
        if not self._calls:
            self._idle = anyio.Event()
        self._calls += 1
        try:
            return await call_next(ctx)
        finally:
            self._calls -= 1
            if not self._calls:
                self._idle.set()

    async def idle(self) -> None:
        """Wait until no request is being answered; subscriptions do not count."""
        await self._idle.wait()

    def _admit(self, number: int) -> None:
        if number >= self._limit:
            raise MCPError(mcp_types.INTERNAL_ERROR, _TOO_MANY.to(self._language))
