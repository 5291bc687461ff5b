"""The limit on requests that are answered at once, over any transport."""

from __future__ import annotations

from collections import Counter
from typing import Any

import anyio
import mcp.types as mcp_types
from mcp import MCPError
from mcp.server import ServerRequestContext
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.context import CallNext, HandlerResult

from iletimerkezi_mcp.language import Language, Text

TOO_MANY = Text(
    "Too many requests at once; nothing was done. Try again shortly.",
    "Aynı anda çok fazla istek var; hiçbir şey yapılmadı. Biraz sonra yeniden deneyin.",
)

LISTEN = "subscriptions/listen"
"""The request that lasts until its client goes."""


class ConcurrencyLimit:
    """The middleware that counts requests and refuses those beyond `limit`, and beyond `share` of one principal.

    It does not count connections, because the protocol lets a request outlive its connection. `share` keeps one token
    from using up what the others need; None if there is one principal only.
    """

    def __init__(self, limit: int, language: Language = "en", share: int | None = None) -> None:
        self._language: Language = language
        self._limit = limit
        self._share = limit if share is None else share
        self._calls = Counter[str]()
        self._subscriptions = Counter[str]()
        self._idle = anyio.Event()
        self._idle.set()

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Count one request."""
        if ctx.request_id is None:
            return await call_next(ctx)
        counter = self._subscriptions if ctx.method == LISTEN else self._calls
        token = get_access_token()
        principal = "" if token is None else token.client_id
        if counter.total() >= self._limit or counter[principal] >= self._share:
            raise MCPError(mcp_types.INTERNAL_ERROR, TOO_MANY.to(self._language))
        if not self._calls.total():
            self._idle = anyio.Event()
        counter[principal] += 1
        try:
            return await call_next(ctx)
        finally:
            counter[principal] -= 1
            if not self._calls.total():
                self._idle.set()

    async def idle(self) -> None:
        """Wait until no request is being answered; subscriptions do not count."""
        await self._idle.wait()
