"""Reading a resource: its document, its freshness, and the protocol's error if there is none."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import mcp.types as mcp_types
from mcp import MCPError

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.tools.account import get_balance, get_sender
from iletimerkezi_mcp.tools.context import ServerContext

from . import catalogue, documents, tables
from .policy import policy
from .read_cache import CachedDocument, ReadCache

LIVE_LIFE = timedelta(seconds=30)
"""The time for which balance and senders are answered without a new request."""

ORDER_LIFE = timedelta(seconds=5)
"""The same for an order, which changes faster."""

TABLE_LIFE = timedelta(hours=1)
"""The time for which a host may keep a table or a list; they change with the server only."""

NO_SUCH_ORDER = 455
"""The provider's code for an order that the account does not have (contract, section 5)."""


class Reader:
    """Reads the resources of one running server. `tools` are the names of those that are offered."""

    def __init__(self, context: ServerContext, cache: ReadCache, tools: list[str]) -> None:
        self._context = context
        self._cache = cache
        self._tools = tools

    async def read(self, uri: str, caller: Caller) -> mcp_types.ReadResourceResult:
        """Return the resource at `uri` as JSON. Raises :class:`MCPError`, invalid params if there is none."""
        try:
            # The policy is told anew each time: it says how a change is confirmed from this client.
            if uri == catalogue.POLICY:
                cached = CachedDocument(await policy(self._context, self._tools, caller), timedelta(0))
            else:
                cached = await self._document(uri)
        except ApiError as error:
            raise self._failure(self._context.redactor.redact(uri), error) from None
        document = self._context.redactor.redact(cached.document)
        return mcp_types.ReadResourceResult(
            contents=[
                mcp_types.TextResourceContents(
                    uri=uri, mime_type=catalogue.JSON, text=json.dumps(document, ensure_ascii=False, indent=1)
                )
            ],
            ttl_ms=int(cached.fresh_for / timedelta(milliseconds=1)),
        )

    async def senders(self) -> list[str]:
        """Return the approved senders, from the cache if they are fresh. Raises :class:`.ApiError`."""
        cached = await self._document(catalogue.SENDERS)
        senders: list[str] = cached.document["senders"]
        return senders

    async def _document(self, uri: str) -> CachedDocument:
        context = self._context
        match uri:
            case catalogue.BALANCE:
                return await self._cache.read(uri, LIVE_LIFE, lambda: documents.account(get_balance, context))
            case catalogue.SENDERS:
                return await self._cache.read(uri, LIVE_LIFE, lambda: documents.account(get_sender, context))
            case catalogue.STATUS_CODES:
                return CachedDocument(tables.status_codes(context.settings.language), TABLE_LIFE)
            case catalogue.MESSAGE_LIMITS:
                return CachedDocument(
                    tables.message_limits(context.settings.character_mode, context.settings.language), TABLE_LIFE
                )
        if (code := catalogue.code_of(uri)) is not None and (
            document := tables.status_code(code, context.settings.language)
        ) is not None:
            return CachedDocument(document, TABLE_LIFE)
        if (order_id := catalogue.order_of(uri)) is None:
            raise catalogue.not_found(context.redactor.redact(uri), context.settings.language)
        return await self._cache.read(uri, ORDER_LIFE, lambda: documents.order(order_id, context))

    def _failure(self, uri: str, error: ApiError) -> MCPError:
        reason = Text.join(" ", [error.reason, error.next_step])
        if error.code == NO_SUCH_ORDER:
            return catalogue.not_found(uri, self._context.settings.language, reason)
        data: dict[str, Any] = {"uri": uri}
        if error.code is not None:
            data["code"] = error.code
        message = self._context.redactor.redact(self._context.say(reason))
        return MCPError(mcp_types.INTERNAL_ERROR, message, data)
