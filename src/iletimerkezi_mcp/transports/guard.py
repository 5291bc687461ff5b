"""What every request passes before it reaches a transport: its names, its token, its size and its time."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import anyio
import mcp.types as mcp_types
from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecurityMiddleware
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iletimerkezi_mcp.language import Text

from .concurrency import LISTEN
from .config import Service
from .limits import Bounds

HEALTH = "/healthz"
"""Answers 200 while calls are taken, and tells nothing else. No token, any Host."""

CLOSE = {"Connection": "close"}
"""Not sent with most refusals: a client that is still sending would see its connection break instead of the answer."""

_STOPPING = Text("The server is stopping; nothing was done.", "Sunucu kapanıyor; hiçbir şey yapılmadı.")
_BUSY = Text("The server is busy; nothing was done.", "Sunucu meşgul; hiçbir şey yapılmadı.")

RETRY_SECONDS = 5
"""When to try again where there is no room now."""


class RefusedError(Exception):
    """A request that goes no further; `response` says why."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class Guard:
    """The outermost ASGI application.

    In order: Host and Origin, on every address; the token, on every path but :data:`HEALTH`; whether calls are taken;
    the body's size and pace. What passes belongs to the token's holder: sessions, sealed request state and
    confirmations are bound to that name, and the token itself goes no further.
    """

    def __init__(self, app: ASGIApp, service: Service, bounds: Bounds) -> None:
        self._app = AuthContextMiddleware(app)
        self._transport = service.transport
        self._tokens = service.tokens
        self._names = TransportSecurityMiddleware(service.security)
        self._language = service.language
        self._bounds = bounds
        self._bodies = 0
        self._taking = True
        self._asked = 0
        self._quiet = anyio.Event()
        self._quiet.set()
        self._streams_over = anyio.Event()
        self._all_over = anyio.Event()

    def take_no_more(self) -> None:
        """Refuse new requests from now on."""
        self._taking = False

    async def quiet(self) -> None:
        """Wait until every request that is not a stream has its answer."""
        await self._quiet.wait()

    def end_streams(self) -> None:
        """End the streams that would last as long as their clients do."""
        self._streams_over.set()

    def end_all(self) -> None:
        """End everything."""
        self._streams_over.set()
        self._all_over.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        try:
            if scope["path"] == HEALTH:
                self._check_taking()
                raise RefusedError(PlainTextResponse("ok", headers=CLOSE))
            await self._check_names(scope)
            self._check_token(scope)
            self._check_taking()
            body = await self._body(scope, receive) if scope["method"] == "POST" else None
        except RefusedError as refused:
            await refused.response(scope, receive, send)
        else:
            await self._pass_on(scope, body, receive, send)

    async def _check_names(self, scope: Scope) -> None:
        if (refusal := await self._names.validate_request(Request(scope))) is not None:
            raise RefusedError(refusal)

    def _check_token(self, scope: Scope) -> None:
        if self._tokens is None:
            return
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        holder = self._tokens.holder(given[0]) if len(given) == 1 else None
        if holder is None:
            raise RefusedError(PlainTextResponse("Unauthorized", 401, headers={"WWW-Authenticate": "Bearer"}))
        scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=holder, scopes=[]))

    def _check_taking(self) -> None:
        if not self._taking:
            raise RefusedError(self._busy(_STOPPING))

    def _busy(self, said: Text) -> Response:
        message = said.to(self._language)
        error = {"jsonrpc": "2.0", "id": None, "error": {"code": mcp_types.INTERNAL_ERROR, "message": message}}
        return Response(json.dumps(error), 503, {"Retry-After": str(RETRY_SECONDS)}, "application/json")

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body, so that nothing behind this waits for a client."""
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length) > self._bounds.body:
            raise RefusedError(_too_large())
        parts: list[bytes] = []
        taken = 0
        try:
            with anyio.move_on_after(self._bounds.arrival) as arrival:
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusedError(PlainTextResponse("Bad Request", 400))
                    part = message.get("body", b"")
                    if taken + len(part) > self._bounds.body:
                        raise RefusedError(_too_large())
                    if self._bodies + len(part) > self._bounds.bodies:
                        raise RefusedError(self._busy(_BUSY))
                    taken += len(part)
                    self._bodies += len(part)
                    parts.append(part)
                    if not message.get("more_body", False):
                        break
            if arrival.cancelled_caught:
                raise RefusedError(PlainTextResponse("Request Timeout", 408, headers=CLOSE))
        except BaseException:
            self._bodies -= taken
            raise
        return b"".join(parts)

    async def _pass_on(self, scope: Scope, body: bytes | None, receive: Receive, send: Send) -> None:
        stream = scope["method"] == "GET" or Headers(scope=scope).get("mcp-method") == LISTEN
        # What waits on an SSE session's stream is written before the session ends it.
        over = self._streams_over if stream and self._transport != "sse" else self._all_over
        answer = _Answer(send)
        if not stream:
            self._asked += 1
            if self._asked == 1:
                self._quiet = anyio.Event()
        try:
            await self._app(scope, _heard(body, receive, over), answer.send)
            if over.is_set():
                await answer.finish()
        finally:
            self._bodies -= len(body or b"")
            if not stream:
                self._asked -= 1
                if not self._asked:
                    self._quiet.set()


class _Answer:
    """The answer to one request, so that one which is broken off can be ended properly."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = False
        self._complete = False

    async def send(self, message: Message) -> None:
        self._begun = True
        self._complete = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    async def finish(self) -> None:
        if not self._begun:
            await self._send({"type": "http.response.start", "status": 503, "headers": []})
        if not self._complete:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _heard(body: bytes | None, receive: Receive, over: anyio.Event) -> Receive:
    """What the application hears: the body at once, then that the client has gone, or as much when all is over."""
    told = body is None

    async def hear() -> Message:
        nonlocal told
        if not told:
            told = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await _first(receive, over)

    return hear


async def _first(receive: Callable[[], Awaitable[Message]], over: anyio.Event) -> Message:
    heard: Message = {"type": "http.disconnect"}
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:

            async def listen() -> None:
                nonlocal heard
                heard = await receive()
                scope.cancel()

            tasks.start_soon(listen)
            await over.wait()
            scope.cancel()
    return heard


def _too_large() -> Response:
    return PlainTextResponse("Content Too Large", 413)
