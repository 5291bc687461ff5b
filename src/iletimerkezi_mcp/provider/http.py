"""The network: the connections, and the failure that a broken exchange means for the request.

Importing this module imports ``httpx``, which takes longer than the rest of the client together, so :mod:`.client`
does it for its first request.
"""

from __future__ import annotations

import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import anyio
import httpx

from .account import GET_BALANCE
from .errors import (
    AddressUnusable,
    AnswerLate,
    AnswerLost,
    ApiError,
    CannotConnect,
    CertificateRefused,
    ConnectionRefused,
    ConnectTooSlow,
    NameNotFound,
    ProxyFailed,
    TlsFailed,
    TooBusy,
)
from .operation import Operation
from .send_progress import SendProgress
from .timeouts import Timeouts

_BROKEN: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    ValueError,
    OverflowError,
    ExceptionGroup,
    OSError,
    RuntimeError,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    anyio.EndOfStream,
)
"""The errors that an exchange can break with; httpx lets a few of the lower layers' own errors through.

Names and ports that no resolver accepts cause a ValueError (UnicodeError is one) or an OverflowError, the latter in a
group.
"""

_INTERRUPTED: Final = (
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    ssl.SSLSyscallError,
    ssl.SSLWantReadError,
    ssl.SSLWantWriteError,
)
"""TLS errors of a handshake that was cut off or not finished.

They do not say that the two sides disagree on TLS; the cause of the failure is another error of the chain.
"""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer's HTTP status, its decoded body (empty if it is too large or cannot be decoded), two headers.

    `date` is when it was made, None for one that a cache had kept.
    """

    status: int
    body: bytes
    retry_after: str | None
    date: str | None = None


class Network:
    """A sender of requests below `base_url`. `transport` replaces the real network.

    Reads share pooled connections, and each change has a new one. A pooled connection can be closed by its peer at the very
    moment of reuse, and then it is unknown whether the request was taken. A read is simply repeated; a change must not come
    to that.
    """

    def __init__(
        self, base_url: str, timeouts: Timeouts, transport: Callable[[], httpx.AsyncBaseTransport] | None = None
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._cap = timeouts.answer_bytes
        self._traced = transport is None
        self._proxy = None if transport else proxy_for(base_url)
        # Straight to the transport: a client only adds cookies, redirects and guesses, none of which are wanted (an
        # answer's cookie would make unrelated calls share a session), at a tenth of a call's cost.
        if transport is None:
            self._pool, self._one_use = _open(self._proxy)
        else:
            self._pool = self._one_use = transport()
        self._timeout = httpx.Timeout(
            connect=timeouts.connect_seconds,
            write=timeouts.write_seconds,
            read=timeouts.read_seconds,
            pool=timeouts.pool_seconds,
        ).as_dict()

    async def post(self, operation: Operation[Any, Any], body: bytes, progress: SendProgress) -> HttpAnswer:
        """Post `body` and return the answer, whatever its status is.

        Raises the failure as one of :mod:`.errors`. It does not carry the error that httpx raised, for that one holds
        the request.
        """
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return await self._send(operation, "POST", operation.path, headers, body, progress, reuse=not operation.changes)

    async def greet(self, progress: SendProgress) -> HttpAnswer:
        """Request nothing (``HEAD /``), without key and body, to see if a server answers. Raises as :meth:`post`."""
        # A connection of its own: a server that answers it with a body would spoil a pooled one.
        return await self._send(GET_BALANCE, "HEAD", "/", {"Cache-Control": "no-cache"}, b"", progress, reuse=False)

    async def aclose(self) -> None:
        """Close every connection, waiting for none of them for more than a second."""
        with anyio.move_on_after(1, shield=True):
            await self._one_use.aclose()
            if self._pool is not self._one_use:
                await self._pool.aclose()

    async def _send(
        self,
        operation: Operation[Any, Any],
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        progress: SendProgress,
        *,
        reuse: bool,
    ) -> HttpAnswer:
        try:
            request = httpx.Request(
                method,
                self._base_url + path,
                content=body,
                headers={
                    **headers,
                    # A page of a thousand rows is 50 kB: not worth the risk of an answer that unpacks to gigabytes.
                    "Accept-Encoding": "identity",
                    "Connection": "keep-alive" if reuse else "close",
                    "User-Agent": "iletimerkezi-mcp",
                },
                extensions={"trace": progress.trace, "timeout": self._timeout},
            )
            progress.hand_over(traced=self._traced)
            response = await (self._pool if reuse else self._one_use).handle_async_request(request)
            try:
                return await self._read(response)
            finally:
                await response.aclose()
        except _BROKEN as error:
            failure = _explain(error, operation, progress, proxied=self._proxy is not None)
        raise failure

    async def _read(self, response: httpx.Response) -> HttpAnswer:
        headers = response.headers
        date = None if "age" in headers else headers.get("date")
        return HttpAnswer(response.status_code, await self._body(response), headers.get("retry-after"), date)

    async def _body(self, response: httpx.Response) -> bytes:
        if response.is_stream_consumed:
            return response.content if len(response.content) <= self._cap else b""
        raw = bytearray()
        async for chunk in response.aiter_raw():
            raw += chunk
            if len(raw) > self._cap:
                return b""
        return _decompress(bytes(raw), response.headers.get("content-encoding", "").strip().lower(), self._cap)


def proxy_for(base_url: str) -> str | None:
    """Return the proxy for `base_url` (HTTPS_PROXY, ALL_PROXY, NO_PROXY or the system's), None for loopback."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        # Such an address is refused as a whole when it is used.
        return None
    hostname = parts.hostname or ""
    if hostname == "localhost" or proxy_bypass(hostname):
        return None
    with suppress(ValueError):
        if ip_address(hostname).is_loopback:
            return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _open(proxy: str | None) -> tuple[httpx.AsyncBaseTransport, httpx.AsyncBaseTransport]:
    """Open the real network: pooled connections, and those for one use. Raises for an unusable proxy or unusable certificates."""
    failure: ApiError
    try:
        trust = httpx.create_ssl_context()
        one_use = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        return (
            httpx.AsyncHTTPTransport(verify=trust, proxy=proxy),
            httpx.AsyncHTTPTransport(verify=trust, proxy=proxy, limits=one_use),
        )
    except OSError:
        failure = TlsFailed()
    except (ValueError, ImportError, httpx.InvalidURL):
        failure = ProxyFailed()
    raise failure


def _decompress(raw: bytes, encoding: str, cap: int) -> bytes:
    """Decompress `raw`; empty if the result is larger than `cap` or its encoding was not asked for."""
    if encoding in ("", "identity"):
        return raw
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return b""
    decompressor = zlib.decompressobj(wbits=47)
    with suppress(zlib.error):
        body = decompressor.decompress(raw, cap + 1)
        if decompressor.eof and len(body) <= cap:
            return body
    return b""


def _explain(error: Exception, operation: Operation[Any, Any], progress: SendProgress, *, proxied: bool) -> ApiError:
    if not progress.body_reported:
        if isinstance(error, httpx.PoolTimeout):
            return TooBusy()
        if isinstance(error, httpx.ConnectTimeout):
            return ConnectTooSlow()
        if isinstance(error, httpx.ConnectError):
            return _unconnected(error, proxied=proxied)
        if isinstance(error, httpx.ProxyError):
            return ProxyFailed()
        if not progress.is_sent:
            if _is_unusable_address(error):
                return AddressUnusable()
            return ProxyFailed() if proxied else CannotConnect()
    return AnswerLate(operation) if isinstance(error, httpx.TimeoutException) else AnswerLost(operation)


def _is_unusable_address(error: Exception) -> bool:
    members = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
    return any(isinstance(member, httpx.InvalidURL | ValueError | OverflowError) for member in members)


def _unconnected(error: Exception, *, proxied: bool) -> ApiError:
    causes = [cause for cause in _causes(error) if not isinstance(cause, _INTERRUPTED)]
    for kind, failure in (
        (ssl.SSLCertVerificationError, CertificateRefused),
        (ssl.SSLError, TlsFailed),
        (Exception if proxied else (), ProxyFailed),
        (socket.gaierror, NameNotFound),
        (ConnectionRefusedError, ConnectionRefused),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return failure()
    return CannotConnect()


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error` and all its causes; httpcore hides causes from tracebacks, yet keeps them as the context."""
    yield error
    below = error.__cause__ or error.__context__
    for cause in (*(error.exceptions if isinstance(error, BaseExceptionGroup) else ()), *((below,) if below else ())):
        yield from _causes(cause)
