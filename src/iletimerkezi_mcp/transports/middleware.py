"""ASGI middleware around both HTTP transports: draining, the check of Host and Origin, tokens, messages."""

from __future__ import annotations

from collections import Counter, defaultdict

import anyio
import mcp.types as mcp_types
from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import (
    RequestBodyLimitMiddleware,
    TransportSecurityMiddleware,
    TransportSecuritySettings,
)
from pydantic import ValidationError
from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor

from .concurrency import LISTEN, TOO_MANY
from .messages import BOM, parse, refusal, without_secrets
from .tokens import Tokens

RETRY_SECONDS = 5
"""The time after which a client should try again if the server is stopping, or the token has no connection left."""

_STOPPING = Text("The server is stopping; nothing was done.", "Sunucu kapanıyor; hiçbir şey yapılmadı.")

_LONG_INITIALIZE = Text(
    "An initialize of more than {limit} KiB is not taken, since what it says of the host is kept as long as the session.",
    "{limit} KiB'den büyük bir initialize kabul edilmiyor; istemci hakkında söyledikleri oturum boyunca saklanır.",
)

MAX_INITIALIZE = 64 << 10
"""Bytes of the body of an ``initialize``."""

JSON = "application/json"


class RedactedErrors:
    """Passes the answers of `app` through :func:`.without_secrets`, bodies and events alike."""

    def __init__(self, app: ASGIApp, redactor: Redactor) -> None:
        self._app = app
        self._redactor = redactor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        start: list[Message] = []

        async def send_redacted(message: Message) -> None:
            if message["type"] == "http.response.start" and Headers(raw=message["headers"]).get("content-type") == JSON:
                # Its headers say how long the body is.
                start.append(message)
                return
            if message["type"] == "http.response.body":
                body = without_secrets(message.get("body", b""), self._redactor)
                message = {**message, "body": body}
                if start:
                    head = start.pop()
                    MutableHeaders(raw=head["headers"])["content-length"] = str(len(body))
                    await send(head)
            await send(message)

        await self._app(scope, receive, send_redacted)


class Drain:
    """Lets requests through until the server stops; then refuses new ones, and finally cancels those that are left."""

    def __init__(self, app: ASGIApp, language: Language) -> None:
        self._app = app
        self._language: Language = language
        self._stopping = False
        self._requests: set[anyio.CancelScope] = set()
        self._unanswered = 0
        self._idle = anyio.Event()
        self._idle.set()

    def begin(self) -> None:
        """Refuse new requests from now on."""
        self._stopping = True

    async def idle(self) -> None:
        """Wait until every request is answered. Streams, which last as long as their clients, do not count."""
        await self._idle.wait()

    def cancel_all(self) -> None:
        """End every request and stream that is left."""
        for request in self._requests:
            request.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if self._stopping:
            await _unavailable(_STOPPING, self._language)(scope, receive, send)
            return
        stream = scope["method"] == "GET" or Headers(scope=scope).get("mcp-method") == LISTEN
        answer = _Answer(send)
        self._count(not stream)
        try:
            with anyio.CancelScope() as request:
                self._requests.add(request)
                await self._app(scope, receive, answer.send)
            if request.cancelled_caught:
                await answer.finish()
        finally:
            self._requests.discard(request)
            self._count(-(not stream))

    def _count(self, change: int) -> None:
        if not self._unanswered:
            self._idle = anyio.Event()
        self._unanswered += change
        if not self._unanswered:
            self._idle.set()


def _unavailable(reason: Text, language: Language) -> Response:
    error = {"code": mcp_types.INTERNAL_ERROR, "message": reason.to(language)}
    content = {"jsonrpc": "2.0", "id": None, "error": error}
    return JSONResponse(content, 503, {"Retry-After": str(RETRY_SECONDS)})


class _Answer:
    """The answer to one request, which can be ended properly if the request is cancelled."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._started = False
        self._complete = False

    async def send(self, message: Message) -> None:
        self._started = True
        self._complete = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    async def finish(self) -> None:
        if not self._started:
            await self._send({"type": "http.response.start", "status": 503, "headers": []})
        if not self._complete:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


class NameCheck:
    """Lets a request through if its Host is one of the server's names and its Origin is allowed.

    It is the SDK's own check, made once for every path and before anything else.
    """

    def __init__(self, app: ASGIApp, settings: TransportSecuritySettings) -> None:
        self._app = app
        self._security = TransportSecurityMiddleware(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one HTTP request on, or answer 421 to a foreign Host and 403 to a foreign Origin."""
        refusal = await self._security.validate_request(Request(scope))
        await (refusal or self._app)(scope, receive, send)


def require_token(app: ASGIApp, tokens: Tokens) -> ASGIApp:
    """Pass requests with one of `tokens` on to `app`, and answer 401 to all others.

    The token's name is the principal that sessions, sealed request state and confirmations belong to. The secret is not
    passed on.
    """
    return AuthenticationMiddleware(AuthContextMiddleware(app), _TokenBackend(tokens), _unauthorized)


class ConnectionShare:
    """Lets one token keep at most `share` connections busy; a further request is answered with 503.

    A connection is busy from a request's head until its answer is written: while its body is read, while a person is
    asked, and as long as a stream or an SSE session is open.
    """

    def __init__(self, app: ASGIApp, share: int, language: Language) -> None:
        self._app = app
        self._share = share
        self._language: Language = language
        self._busy = defaultdict[str, set[object]](set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request with a token."""
        busy, request = self._busy[scope["user"].username], object()
        if len(busy) >= self._share:
            await _unavailable(TOO_MANY, self._language)(scope, receive, send)
            return

        async def send_counted(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                # The client may send its next request before `app` returns.
                busy.discard(request)

        busy.add(request)
        try:
            await self._app(scope, receive, send_counted)
        finally:
            busy.discard(request)


class BodyLimit:
    """Holds at most `limit` bytes of all bodies at once, and `share` of one token's; a request beyond it is answered with 503.

    A body counts from its first byte until its request is answered, so that a client that never ends its bodies cannot
    fill the memory.
    """

    def __init__(self, app: ASGIApp, limit: int, share: int, language: Language) -> None:
        self._app = app
        self._limit = limit
        self._share = share
        self._language: Language = language
        self._bytes = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; only a POST has a body that is kept."""
        if scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        principal = scope["user"].username if "user" in scope else ""
        held = 0

        async def receive_counted() -> Message:
            nonlocal held
            message = await receive()
            size = len(message.get("body", b""))
            if self._bytes.total() + size > self._limit or self._bytes[principal] + size > self._share:
                raise _NoRoomError
            self._bytes[principal] += size
            held += size
            return message

        try:
            await self._app(scope, receive_counted, send)
        except _NoRoomError:
            await _unavailable(TOO_MANY, self._language)(scope, receive, send)
        finally:
            self._bytes[principal] -= held


class _NoRoomError(Exception):
    """Raised to the reader of a body that has no room."""


class _TokenBackend(AuthenticationBackend):
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, AuthenticatedUser]:
        headers = conn.headers.getlist("authorization")
        principal = self._tokens.principal(headers[0]) if len(headers) == 1 else None
        if principal is None:
            raise AuthenticationError
        return AuthCredentials(), AuthenticatedUser(AccessToken(token="", client_id=principal, scopes=[]))


def _unauthorized(_: HTTPConnection, __: Exception) -> Response:
    return PlainTextResponse("Unauthorized", 401, headers={"WWW-Authenticate": "Bearer"})


class MessageReader:
    """Takes the messages of HTTP clients as those of stdin are taken; what is no message is answered in one sentence.

    Headers that the SDK refuses are taken as well: a content type in capitals, the session of an ``initialize``, which
    opens a new one, and the last event of a stream, of which this server keeps none.
    """

    def __init__(self, app: ASGIApp, language: Language, max_body_size: int) -> None:
        self._app = app
        self._language: Language = language
        self._whole = RequestBodyLimitMiddleware(self._read, max_body_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers = MutableHeaders(raw=list(scope["headers"]))
        del headers["last-event-id"]
        if headers.get("content-type", "").partition(";")[0].strip().lower() == JSON:
            headers["content-type"] = JSON
        app = self._whole if scope["method"] == "POST" else self._app
        await app({**scope, "headers": headers.raw}, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one POST, whose body `receive` returns whole unless the client has gone."""
        request = await receive()
        body = request.get("body", b"").removeprefix(BOM)
        try:
            message, repaired = parse(body)
        except ValidationError as error:
            answer = refusal(body, error, self._language)
            await JSONResponse(answer.model_dump(by_alias=True, exclude_unset=True), 400)(scope, receive, send)
            return
        if repaired:
            body = message.model_dump_json(by_alias=True, exclude_unset=True).encode()
        if isinstance(message, mcp_types.JSONRPCRequest) and message.method == "initialize":
            if len(body) > MAX_INITIALIZE:
                reason = _LONG_INITIALIZE.format(limit=MAX_INITIALIZE >> 10).to(self._language)
                too_long = {"code": mcp_types.INVALID_REQUEST, "message": reason}
                await JSONResponse({"jsonrpc": "2.0", "id": message.id, "error": too_long}, 413)(scope, receive, send)
                return
            headers = MutableHeaders(raw=scope["headers"])
            del headers["mcp-session-id"]
        pending = [{**request, "body": body}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)
