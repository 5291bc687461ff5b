"""The checks that every request passes first, over real sockets."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import anyio
import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from iletimerkezi_mcp.transports.limits import HTTP_LIMITS
from iletimerkezi_mcp.transports.middleware import Drain
from tests.calls import SEND, SEND_SMS
from tests.connections import http_client

from .served import ALI, AYSE, ENVELOPE, TRANSPORTS, Served, Streamable, Transport, bearer, by_hand, served, sse_session

FOREIGN = {"Host": "evil.example"}
PROBE: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": ENVELOPE}}


def _client() -> httpx.AsyncClient:
    return http_client()


def _raw(at: Served, *lines: str, secret: str = ALI) -> bytes:
    path = "/mcp" if at.transport == "streamable-http" else "/sse/messages"
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {secret}",
        "Content-Type: application/json",
        *lines,
        "",
        "",
    ]
    return "\r\n".join(head).encode()


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("headers", [{}, bearer("x" * 40), {"Authorization": f"Basic {ALI}"}, bearer(ALI + "x")])
async def test_without_a_good_token_every_path_is_401_and_says_only_bearer(
    transport: Transport, headers: dict[str, str]
) -> None:
    async with served(transport) as at, _client() as http:
        for path in ("/mcp", "/sse", "/sse/messages", "/", "/.well-known/oauth-protected-resource", "/healthz/"):
            for method in ("GET", "POST", "DELETE", "OPTIONS"):
                answer = await http.request(method, at.origin + path, headers=headers)
                assert (answer.status_code, answer.text) == (401, "Unauthorized")
                assert answer.headers["www-authenticate"] == "Bearer"


async def test_two_authorization_headers_are_none() -> None:
    async with served() as at, _client() as http:
        twice = [("Authorization", f"Bearer {ALI}"), ("Authorization", f"Bearer {AYSE}")]
        assert (await http.get(at.address, headers=twice)).status_code == 401


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_health_is_ok_for_everybody_and_other_paths_are_nothing(transport: Transport) -> None:
    async with served(transport) as at, _client() as http:
        health = await http.get(at.origin + "/healthz", headers=FOREIGN)
        assert (health.status_code, health.text) == (200, "ok")
        assert (await http.get(at.origin + "/other", headers=bearer())).status_code == 404


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_foreign_host_or_origin_is_refused_on_every_address(transport: Transport) -> None:
    async with (
        served(
            transport, http_host="0.0.0.0", allow_hosts=("im.example.com",), allow_origins=("https://im.example.com",)
        ) as at,
        _client() as http,
    ):
        origin = at.origin.replace("0.0.0.0", "127.0.0.1")

        async def status(**headers: str) -> int:
            return (await http.get(f"{origin}/nowhere", headers={**bearer(), **headers})).status_code

        assert await status(Host="im.example.com") == 404
        assert await status(Host="im.example.com:8443", Origin="https://im.example.com") == 404
        for host in ("evil.example", "127.0.0.1", "localhost", "im.example.com.evil.example", ""):
            assert await status(Host=host) == 421, host
        for foreign in ("https://evil.example", "null", "http://im.example.com", "http://localhost"):
            assert await status(Host="im.example.com", Origin=foreign) == 403, foreign


async def test_on_loopback_only_its_own_names_are_known() -> None:
    async with served() as at, _client() as http:
        for host, status in (("localhost:1", 404), ("[::1]:80", 404), ("evil.example", 421), ("127.0.0.1.evil", 421)):
            answer = await http.get(f"{at.origin}/nowhere", headers={**bearer(), "Host": host})
            assert answer.status_code == status, host


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_body_that_is_too_large_is_413_whether_it_says_so_or_not(transport: Transport) -> None:
    async with served(transport, http_limits=replace(HTTP_LIMITS, body=1_000)) as at:
        async with await at.connect() as stream:
            await stream.send(_raw(at, "Content-Length: 1001"))
            assert (await stream.receive()).startswith(b"HTTP/1.1 413 ")
        async with await at.connect() as stream:
            await stream.send(_raw(at, "Transfer-Encoding: chunked") + b"3e9\r\n" + b" " * 1_001 + b"\r\n0\r\n\r\n")
            assert (await stream.receive()).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_unfinished_bodies_take_up_a_tokens_share_only_and_closing_them_frees_it(transport: Transport) -> None:
    limits = replace(HTTP_LIMITS, bodies=4_000)
    async with served(transport, http_limits=limits) as at, await at.connect() as first:
        await first.send(_raw(at, "Content-Length: 2000") + b" " * 1_500)
        # Another one of its own has no room once the first one's bytes have come.
        with anyio.fail_after(60):
            status = b""
            while not status.startswith(b"HTTP/1.1 503 "):
                status = await _status(at, b" " * 999 + b"x")
        assert b"\r\nretry-after: 5\r\n" in status.lower()
        assert (await _status(at, b" " * 1_000 + b"x", secret=AYSE)).startswith(b"HTTP/1.1 40")
        async with await at.connect() as second:
            await second.send(_raw(at, "Content-Length: 2000", secret=AYSE) + b" " * 1_999)
            assert (await _status(at, b"x")).startswith(b"HTTP/1.1 40")
        await first.aclose()
        with anyio.fail_after(60):
            while (await _status(at, b" " * 1_999 + b"x")).startswith(b"HTTP/1.1 503 "):
                """The server has not seen the end of the connection yet."""


async def test_without_tokens_the_bodies_of_all_are_bounded_and_one_that_fits_is_answered() -> None:
    async with served(http_token=None, no_auth=True, http_limits=replace(HTTP_LIMITS, bodies=2_000)) as at:
        assert (await _status(at, b" " * 2_000 + b"x")).startswith(b"HTTP/1.1 503 ")
        assert (await _status(at, b" " * 1_999 + b"x")).startswith(b"HTTP/1.1 40")


async def _status(at: Served, body: bytes, secret: str = ALI) -> bytes:
    """Return the beginning of the answer to `body`, on a connection of its own."""
    async with await at.connect() as stream:
        await stream.send(_raw(at, f"Content-Length: {len(body)}", secret=secret) + body)
        return await stream.receive()


async def test_eight_mebibytes_are_let_in_and_no_byte_more() -> None:
    async with served() as at, _client() as http:
        wire = Streamable(http, at.address, "auto")
        headers = wire.headers_for(PROBE)
        text = json.dumps(PROBE).encode()
        fits = await http.post(at.address, content=text.ljust(8 << 20), headers=headers)
        assert fits.status_code == 200
        over = await http.post(at.address, content=text.ljust((8 << 20) + 1), headers=headers)
        assert over.status_code == 413


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_session_of_another_token_does_not_exist(mode: Any) -> None:
    async with served() as at, by_hand("streamable-http", at.address, "legacy") as mine:
        assert isinstance(mine, Streamable)
        theirs = Streamable(mine.http, at.address, "legacy", AYSE)
        theirs.headers["Mcp-Session-Id"] = mine.headers["Mcp-Session-Id"]
        assert (await theirs.post(theirs.request("tools/list", {}))).status_code == 404
        assert "result" in await mine.ask("tools/list")
    async with served("sse") as at, sse_session(at.address, mode) as session:
        ping = {"jsonrpc": "2.0", "id": 99, "method": "tools/list", "params": {}}
        assert (await session.post(ping, AYSE)).status_code == 404
        assert "result" in await session.ask("tools/list")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_code_is_good_for_the_token_that_it_was_given_to(transport: Transport, mode: Any) -> None:
    async with (
        served(transport) as at,
        by_hand(transport, at.address, mode) as ali,
        by_hand(transport, at.address, mode, AYSE) as ayse,
    ):
        preview = await ali.call(SEND_SMS, SEND)
        stolen = await ayse.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        assert stolen["outcome"] == "nothing_done"
        assert (await ali.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]}))["outcome"] == "done"


START = {"type": "http.response.start", "status": 200, "headers": []}
BODY = {"type": "http.response.body", "body": b"x"}
END = {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.mark.parametrize(
    ("sent", "ending"),
    [([], [{**START, "status": 503}, END]), ([START], [END]), ([START, BODY], [])],
    ids=["nothing", "the head", "everything"],
)
async def test_an_answer_that_is_broken_off_is_ended_from_where_it_had_come_to(
    sent: list[dict[str, Any]], ending: list[dict[str, Any]]
) -> None:
    messages: list[Any] = []

    async def app(_: Scope, __: Receive, send: Send) -> None:
        for message in sent:
            await send(message)
        await anyio.sleep_forever()

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        messages.append(message)

    drain = Drain(app, "en")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(drain, {"type": "http", "method": "POST", "headers": []}, receive, send)
        await anyio.wait_all_tasks_blocked()
        drain.cancel_all()
    assert messages == [*sent, *ending]
