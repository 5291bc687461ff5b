"""Serving over streamable HTTP, both protocol eras at one path."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from .config import Service
from .limits import Bounds


class StreamableApp:
    """The ASGI application: the SDK's manager at the service's path."""

    def __init__(self, server: Server[Any], service: Service, bounds: Bounds) -> None:
        self._path = service.path
        self._stateless = service.stateless
        self._manager = StreamableHTTPSessionManager(
            server,
            stateless=service.stateless,
            security_settings=service.security,
            session_idle_timeout=bounds.session_idle,
            max_request_body_size=bounds.body,
            max_sessions=bounds.sessions,
        )

    def running(self) -> AbstractAsyncContextManager[None]:
        """Take requests while the block runs."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] != self._path:
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        elif self._stateless and scope["method"] != "POST":
            # A stream to listen on would never carry anything, and there is no session to end.
            await PlainTextResponse("Method Not Allowed", 405, {"Allow": "POST"})(scope, receive, send)
        else:
            await self._manager.handle_request(scope, receive, send)
