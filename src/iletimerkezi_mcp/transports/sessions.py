"""The sessions of streamable HTTP before 2026-07-28."""

from __future__ import annotations

from typing import Any

import anyio
from mcp.server.auth.middleware.bearer_auth import AuthorizationContext
from mcp.server.streamable_http import StreamableHTTPServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from iletimerkezi_mcp.confirmation.elicitation import CONNECTION_CLOSED


class SharedSessionManager(StreamableHTTPSessionManager):
    """A session manager that opens at most `share` sessions of one token at once; a further one is answered with 503.

    The SDK limits all sessions together only, so that one token could use them up until they idle out.
    """

    def __init__(self, *arguments: Any, share: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._share = share

    def _admit_session(self, requestor: AuthorizationContext | None) -> StreamableHTTPServerTransport | None:
        owners = list(self._session_owners.values())
        if requestor is not None and owners.count(requestor) >= self._share:
            return None
        return super()._admit_session(requestor)


class WatchedApp(StreamableHTTPASGIApp):
    """The SDK's application, which lets a question that waits on a connection know that this is closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        scope[CONNECTION_CLOSED] = closed = anyio.Event()
        try:
            await super().__call__(scope, receive, send)
        finally:
            closed.set()
