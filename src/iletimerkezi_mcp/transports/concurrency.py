"""How many requests are being answered, whichever way they came in."""

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


class Load:
    """The server's middleware that counts requests, and refuses those beyond `most`.

    A request outlives its connection where the protocol says so, so connections do not count them.
    """

    def __init__(self, most: int, language: Language = "en") -> None:
        self._language: Language = language
        self._most = most
        self._answering = 0
        self._listening = 0
        self._none = anyio.Event()
        self._none.set()

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Count one request."""
        if ctx.request_id is None:
            return await call_next(ctx)
        if ctx.method == LISTEN:
            self._admit(self._listening)
            self._listening += 1
            try:
                return await call_next(ctx)
            finally:
                self._listening -= 1
        self._admit(self._answering)
        if not self._answering:
            self._none = anyio.Event()
        self._answering += 1
        try:
            return await call_next(ctx)
        finally:
            self._answering -= 1
            if not self._answering:
                self._none.set()

    async def none(self) -> None:
        """Wait until no request is being answered; those that listen do not count."""
        await self._none.wait()

    def _admit(self, number: int) -> None:
        if number >= self._most:
            raise MCPError(mcp_types.INTERNAL_ERROR, _TOO_MANY.to(self._language))
