"""Reading a resource: which document, how long it keeps, and what the protocol says where there is none."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import mcp.types as mcp_types
from mcp import MCPError

from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.server.transport_info import TransportInfo
from iletimerkezi_mcp.tools.context import ServerContext

from . import catalogue, documents, tables
from . import uris as addresses
from .policy import policy
from .read_cache import CachedDocument, ReadCache

LIVE_LIFE = timedelta(seconds=30)
"""How long balance and senders are told without a new request."""

ORDER_LIFE = timedelta(seconds=5)
"""The same for an order, which moves faster."""

TABLE_LIFE = timedelta(hours=1)
"""How long a host may keep a table or a list; they change with the server only."""

NO_SUCH_ORDER = 455
"""The provider's code for an order that the account does not have (contract, section 5)."""


class Reader:
    """Reads the resources of one running server. `tools` are the names of those that are offered."""

    def __init__(self, app: ServerContext, cache: ReadCache, transport_info: TransportInfo, tools: list[str]) -> None:
        self._app = app
        self._cache = cache
        self._serving = transport_info
        self._tools = tools

    async def read(self, uri: str) -> mcp_types.ReadResourceResult:
        """The resource at `uri` as JSON. Raises :class:`MCPError`: invalid params where there is none."""
        try:
            answered = await self._document(uri)
        except ApiError as error:
            raise self._failed(uri, error) from None
        told = self._app.redactor.redact(answered.document)
        return mcp_types.ReadResourceResult(
            contents=[
                mcp_types.TextResourceContents(
                    uri=uri, mime_type=catalogue.JSON, text=json.dumps(told, ensure_ascii=False, indent=1)
                )
            ],
            ttl_ms=int(answered.fresh_for / timedelta(milliseconds=1)),
            cache_scope="private",
        )

    async def senders(self) -> list[str]:
        """The approved senders, by a read that others share. Raises :class:`.ApiError`."""
        answered = await self._document(addresses.SENDERS)
        senders: list[str] = answered.document["senders"]
        return senders

    async def order(self, order_id: OrderId) -> CachedDocument:
        """An order's document, by a read that others share. Raises :class:`.ApiError`."""
        uri = addresses.order_uri(order_id)
        return await self._cache.read(uri, ORDER_LIFE, lambda: documents.order(order_id, self._app))

    async def _document(self, uri: str) -> CachedDocument:
        app = self._app
        match uri:
            case addresses.BALANCE:
                return await self._cache.read(uri, LIVE_LIFE, lambda: documents.balance(app))
            case addresses.SENDERS:
                return await self._cache.read(uri, LIVE_LIFE, lambda: documents.senders(app))
            case addresses.POLICY:
                return CachedDocument(await policy(app, self._serving, self._tools), timedelta(0))
            case addresses.STATUS_CODES:
                return CachedDocument(tables.status_codes(app.settings.language), TABLE_LIFE)
            case addresses.MESSAGE_LIMITS:
                return CachedDocument(
                    tables.message_limits(app.settings.character_mode, app.settings.language), TABLE_LIFE
                )
        if (order_id := addresses.order_of(uri)) is None:
            raise catalogue.not_found(app.redactor.redact(uri), app.settings.language)
        return await self.order(order_id)

    def _failed(self, uri: str, error: ApiError) -> MCPError:
        if error.code == NO_SUCH_ORDER:
            return catalogue.not_found(uri, self._app.settings.language, error.what + " " + error.next_step)
        data: dict[str, Any] = {"uri": uri}
        if error.code is not None:
            data["code"] = error.code
        message = self._app.redactor.redact(self._app.say(error.what + " " + error.next_step))
        return MCPError(mcp_types.INTERNAL_ERROR, message, data)
