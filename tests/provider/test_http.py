from __future__ import annotations

import asyncio
import errno
import gzip
import socket
import ssl
import zlib
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import anyio
import httpx
import pytest

from iletimerkezi_mcp.provider.account import GET_BALANCE, GET_SENDER
from iletimerkezi_mcp.provider.errors import (
    AddressUnusable,
    AnswerLate,
    AnswerLost,
    ApiError,
    CannotConnect,
    CertificateRefused,
    ConfirmationTooOld,
    ConnectionRefused,
    ConnectTooSlow,
    NameNotFound,
    ProxyFailed,
    TlsFailed,
    TooBusy,
)
from iletimerkezi_mcp.provider.http import HttpAnswer, Network, proxy_for
from iletimerkezi_mcp.provider.operation import Operation
from iletimerkezi_mcp.provider.orders import SEND_SMS
from iletimerkezi_mcp.provider.send_progress import SendProgress
from iletimerkezi_mcp.provider.timeouts import Timeouts

from .scripted import ScriptedServer, Step, answer, closed_port, drop, outlast, raw, reset

TIMEOUTS = Timeouts(answer_bytes=1000)
ELSEWHERE = "https://api.example.invalid"


async def _post(url: str, *, change: bool = False, timeouts: Timeouts = TIMEOUTS) -> HttpAnswer:
    network = Network(url, timeouts)
    try:
        return await network.post(SEND_SMS if change else GET_BALANCE, b"{}", SendProgress())
    finally:
        await network.aclose()


async def _failure(url: str, *, change: bool = False) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await _post(url, change=change)
    assert caught.value.__context__ is None
    return caught.value


async def test_a_request_is_posted_below_the_base_address_and_asks_for_plain_json() -> None:
    async with ScriptedServer(answer(b"hello", 450, retry_after="7")) as server:
        assert await _post(server.url + "/") == HttpAnswer(450, b"hello", "7")
    (request,) = server.requests
    assert (request.line, request.body) == ("POST /v1/get-balance/json HTTP/1.1", b"{}")
    assert (request.headers["content-type"], request.headers["accept-encoding"]) == ("application/json", "identity")


async def test_a_request_that_may_no_longer_leave_loses_its_body_before_it_is_written() -> None:
    def refuse() -> None:
        raise ConfirmationTooOld

    received = asyncio.get_running_loop().create_future()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.set_result(await reader.read(-1))
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server, asyncio.timeout(60):
        host, port = server.sockets[0].getsockname()
        network, progress = Network(f"http://{host}:{port}", TIMEOUTS), SendProgress(refuse)
        with pytest.raises(ConfirmationTooOld):
            await network.post(SEND_SMS, b"{}", progress)
        # The connection is closed by now: all that ever left.
        head = await received
        await network.aclose()
    assert (head[:5], head[-4:], b"{" in head) == (b"POST ", b"\r\n\r\n", False)
    assert not progress.is_sent


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    async with ScriptedServer() as other, ScriptedServer(answer(b"", status, location=other.url)) as server:
        assert (await _post(server.url)).status == status
    assert other.requests == []


@pytest.mark.parametrize("location", ["http://[::1", "http://x:y/", "//"])
async def test_a_redirect_to_an_unusable_address_is_still_a_redirect(location: str) -> None:
    async with ScriptedServer(answer(b"", 307, location=location)) as server:
        assert (await _post(server.url, change=True)).status == 307


@pytest.mark.parametrize("url", ["https://[::1", "http://exa mple\x00", "http://127.0.0.1:99999", "http://xn--"])
async def test_an_address_that_cannot_be_called_is_reported_as_such(url: str) -> None:
    assert type(await _failure(url, change=True)) is AddressUnusable


async def test_no_cookie_is_kept() -> None:
    async with ScriptedServer(answer(b"1", set_cookie="PHPSESSID=1; Path=/"), answer(b"2")) as server:
        network = Network(server.url, TIMEOUTS)
        await network.post(GET_BALANCE, b"{}", SendProgress())
        await network.post(GET_BALANCE, b"{}", SendProgress())
        await network.aclose()
    assert ["cookie" in request.headers for request in server.requests] == [False, False]


async def test_a_change_has_a_connection_of_its_own_and_reads_share_one() -> None:
    async with ScriptedServer(*[answer(b"{}") for _ in range(5)]) as server:
        network = Network(server.url, TIMEOUTS)
        operations: list[Operation[Any, Any]] = [GET_BALANCE, GET_SENDER, SEND_SMS, SEND_SMS, GET_BALANCE]
        for operation in operations:
            await network.post(operation, b"{}", SendProgress())
        await network.aclose()
    assert [request.connection for request in server.requests] == [1, 1, 2, 3, 1]
    assert [request.headers["connection"] for request in server.requests[1:3]] == ["keep-alive", "close"]


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (drop, AnswerLost),
        (reset, AnswerLost),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}"), AnswerLost),
        (raw(b"SMTP ready\r\n\r\n"), AnswerLost),
        (outlast, AnswerLate),
    ],
    ids=["dropped", "reset", "cut off", "not http", "silent"],
)
@pytest.mark.parametrize("change", [False, True])
async def test_without_a_whole_answer_the_outcome_is_unknown(step: Step, kind: type[ApiError], change: bool) -> None:
    async with ScriptedServer(step) as server:
        assert type(await _failure(server.url, change=change)) is kind


async def test_a_port_where_no_server_listens_refuses() -> None:
    assert type(await _failure(f"http://127.0.0.1:{closed_port()}")) is ConnectionRefused


async def test_a_server_that_speaks_no_tls_is_reported_as_such() -> None:
    async with ScriptedServer(greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        assert type(await _failure(server.url.replace("http:", "https:"))) is TlsFailed


async def test_trusted_certificates_that_are_missing_are_reported_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(TlsFailed):
        Network(ELSEWHERE, TIMEOUTS)


@pytest.mark.parametrize("proxy", ["ftp://127.0.0.1:1", "http://proxy:port", "socks5://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_reported_as_such(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(ProxyFailed):
        Network(ELSEWHERE, TIMEOUTS)


@pytest.mark.parametrize("step", [answer(b"", 407), drop], ids=["refused", "dropped"])
async def test_a_proxy_that_does_not_let_it_through_never_gets_the_request(
    monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    async with ScriptedServer(step) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert type(await _failure(ELSEWHERE, change=True)) is ProxyFailed
    (request,) = proxy.requests
    assert (request.line.split()[0], request.body) == ("CONNECT", b"")


async def test_a_proxy_that_is_not_there_is_reported_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{closed_port()}")
    assert type(await _failure(ELSEWHERE)) is ProxyFailed


@pytest.mark.parametrize(
    ("url", "environment", "proxy"),
    [
        (ELSEWHERE, {}, None),
        (ELSEWHERE, {"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        (ELSEWHERE, {"HTTPS_PROXY": "proxy:3128"}, "http://proxy:3128"),
        (ELSEWHERE, {"ALL_PROXY": "socks5://proxy:1080"}, "socks5://proxy:1080"),
        (ELSEWHERE, {"HTTP_PROXY": "http://proxy:3128"}, None),
        (ELSEWHERE, {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.invalid"}, None),
        ("http://localhost:1", {"HTTP_PROXY": "http://proxy:3128"}, None),
        ("http://127.0.0.1:1", {"HTTP_PROXY": "http://proxy:3128"}, None),
        ("https://[::1]:1", {"HTTPS_PROXY": "http://proxy:3128"}, None),
        ("https://192.0.2.1", {"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
    ],
)
def test_the_environments_proxy_is_used_but_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str, environment: dict[str, str], proxy: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


def _caused(below: BaseException) -> httpx.ConnectError:
    error = httpx.ConnectError("x")
    error.__context__ = OSError("wrapped")
    error.__context__.__cause__ = below
    return error


MID_HANDSHAKE = ConnectionResetError(errno.ECONNRESET, "reset")
MID_HANDSHAKE.__context__ = ssl.SSLWantReadError("more of the handshake is waited for")

BOTH_FAMILIES = ExceptionGroup("attempts", [OSError("v6"), ConnectionRefusedError(errno.ECONNREFUSED, "refused")])


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (_caused(ssl.SSLCertVerificationError("expired")), CertificateRefused),
        (_caused(ssl.SSLError("handshake")), TlsFailed),
        (_caused(ssl.SSLEOFError("ended")), CannotConnect),
        (_caused(MID_HANDSHAKE), CannotConnect),
        (_caused(socket.gaierror(-2, "unknown")), NameNotFound),
        (_caused(ConnectionRefusedError(errno.ECONNREFUSED, "refused")), ConnectionRefused),
        (_caused(BOTH_FAMILIES), ConnectionRefused),
        (_caused(OSError(errno.ENETUNREACH, "unreachable")), CannotConnect),
        (httpx.ConnectTimeout("x"), ConnectTooSlow),
        (httpx.PoolTimeout("x"), TooBusy),
        (httpx.ProxyError("x"), ProxyFailed),
        (httpx.WriteTimeout("x"), AnswerLate),
        (httpx.WriteError("x"), AnswerLost),
        (ssl.SSLError("alert"), AnswerLost),
        (RuntimeError("odd"), AnswerLost),
        (ValueError("odd"), AnswerLost),
        (anyio.BrokenResourceError(), AnswerLost),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
async def test_each_cause_has_its_own_error(error: Exception, kind: type[ApiError]) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise error

    network = Network("http://127.0.0.1:1", TIMEOUTS, lambda: httpx.MockTransport(broken))
    with pytest.raises(ApiError) as caught:
        await network.post(SEND_SMS, b"{}", SendProgress())
    await network.aclose()
    assert type(caught.value) is kind


class Traced(httpx.AsyncBaseTransport):
    """Tells these events of the request as the real network does, then fails."""

    def __init__(self, *events: str) -> None:
        self._events = events

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for event in self._events:
            await request.extensions["trace"](event, {"request": SimpleNamespace(method=b"POST")})
        raise httpx.WriteError("x")


async def test_a_connection_that_breaks_before_the_body_was_never_made() -> None:
    network = Network("http://127.0.0.1:1", TIMEOUTS, lambda: Traced("connection.connect_tcp.started"))
    with pytest.raises(CannotConnect):
        await network.post(SEND_SMS, b"{}", SendProgress())
    await network.aclose()


async def test_once_the_body_is_under_way_even_a_connection_error_leaves_the_outcome_open() -> None:
    network = Network("http://127.0.0.1:1", TIMEOUTS, lambda: Traced("http11.send_request_body.started"))
    with pytest.raises(AnswerLost):
        await network.post(SEND_SMS, b"{}", SendProgress())
    await network.aclose()


@pytest.mark.parametrize(
    ("content", "encoding", "read"),
    [
        (b"x" * 1000, "identity", b"x" * 1000),
        (b"x" * 1001, "identity", b""),
        (gzip.compress(b"x" * 1000), "gzip", b"x" * 1000),
        (gzip.compress(b"x" * 1001), "gzip", b""),
        (gzip.compress(b"x" * 300_000), "gzip", b""),
        (gzip.compress(b"x" * 1000)[:-9], "gzip", b""),
        (zlib.compress(b"x" * 10), "deflate", b"x" * 10),
        (b"not gzip", "gzip", b""),
        (b"br", "br", b""),
    ],
    ids=["full", "over", "gzip full", "gzip over", "gzip bomb", "gzip cut", "deflate", "not gzip", "unasked"],
)
async def test_an_answer_is_read_up_to_the_cap_decoded(content: bytes, encoding: str, read: bytes) -> None:
    async with ScriptedServer(answer(content, content_encoding=encoding)) as server:
        assert (await _post(server.url)).body == read


@pytest.mark.parametrize(("size", "read"), [(1000, b"x" * 1000), (1001, b"")])
async def test_a_transport_that_hands_the_whole_answer_over_keeps_to_the_cap_too(size: int, read: bytes) -> None:
    network = Network(
        "http://x", TIMEOUTS, lambda: httpx.MockTransport(lambda _: httpx.Response(200, content=b"x" * size))
    )
    assert (await network.post(GET_BALANCE, b"{}", SendProgress())).body == read
    await network.aclose()


async def test_reading_stops_at_the_cap() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 100

    network = Network(
        "http://x", TIMEOUTS, lambda: httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))
    )
    assert (await network.post(GET_BALANCE, b"{}", SendProgress())).body == b""
    await network.aclose()
    assert sent == 11
