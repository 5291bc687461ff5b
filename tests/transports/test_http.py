"""Serving on a socket, and stopping."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import mcp.types as mcp_types
import pytest
from anyio.abc import SocketAttribute

from iletimerkezi_mcp.provider.timeouts import Timeouts
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from iletimerkezi_mcp.settings import SettingsError
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.transports.limits import HTTP_LIMITS
from tests.calls import CANCEL_ORDER, GET_BALANCE, GET_REPORT, GET_REPORTS, SEND, SEND_SMS
from tests.connections import far_end, http_client
from tests.hosting import ERAS, LIVE, Mode
from tests.tools.examples import listed

from .served import (
    ACCEPT,
    ALI,
    AYSE,
    HANDSHAKE,
    SANDBOX,
    TRANSPORTS,
    Served,
    Sse,
    Streamable,
    Transport,
    bearer,
    by_hand,
    served,
)


@dataclass
class Slow(httpx.AsyncBaseTransport):
    """The simulated provider, which begins to answer a request for `path` only when told."""

    provider: Provider
    path: str = "/v1/send-sms/json"
    asked: anyio.Event = field(default_factory=anyio.Event)
    go: anyio.Event = field(default_factory=anyio.Event)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == self.path:
            self.asked.set()
            await self.go.wait()
        return await SandboxTransport(self.provider).handle_async_request(request)


@asynccontextmanager
async def slowly(transport: Transport, tmp_path: Any, **more: Any) -> AsyncIterator[tuple[Served, Slow]]:
    """Start a live server whose provider is slow to take a message."""
    settings = replace(LIVE, http_port=0, http_token=SANDBOX.http_token, state_dir=tmp_path)
    with SandboxDatabase() as database:
        network = Slow(Provider(database))
        async with served(transport, settings=settings, network=network, **more) as at:
            yield at, network


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_a_host_says_of_itself_is_limited(transport: Transport) -> None:
    async with served(transport) as at, by_hand(transport, at.address, "auto") as wire:
        address = wire.address if isinstance(wire, Streamable) else wire.messages
        for size, status in ((65_000, 202 if transport == "sse" else 200), (65_536, 413)):
            handshake = {**HANDSHAKE, "clientInfo": {"name": "x" * size, "version": "1"}}
            message = {"jsonrpc": "2.0", "id": 7, "method": "initialize", "params": handshake}
            answer = await wire.http.post(address, json=message, headers={**ACCEPT, **bearer()})
            assert answer.status_code == status
        assert answer.json()["id"] == 7
        assert answer.json()["error"]["message"].startswith("An initialize of more than 64 KiB is not taken")


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_sdks_client_does_the_main_job(transport: Transport, mode: Mode) -> None:
    async with served(transport) as at, at.client(mode) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == listed(mode)
        preview = (await client.call_tool(SEND_SMS, SEND)).structured_content
        assert preview is not None
        sent = await client.call_tool(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        assert sent.structured_content is not None
        assert sent.structured_content["outcome"] == "done"
        report = await client.call_tool(GET_REPORT, {"order_id": sent.structured_content["order_id"]})
        assert not report.is_error


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_hand_written_client_does_the_main_job(transport: Transport, mode: Mode) -> None:
    async with served(transport) as at, by_hand(transport, at.address, mode) as wire:
        assert len((await wire.ask("tools/list"))["result"]["tools"]) == len(listed(mode))
        preview = await wire.call(SEND_SMS, SEND)
        sent = await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        assert sent["outcome"] == "done"
        again = await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        assert again["order_id"] == sent["order_id"]
        assert (await wire.call(GET_REPORTS))["count"] == 4


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_person_at_the_host_is_asked_over_the_network(transport: Transport, mode: Mode) -> None:
    asked: list[str] = []

    async def yes(_: Any, params: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        asked.append(params.message)
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    async with served(transport, confirm="human") as at, at.client(mode, elicitation_callback=yes) as client:
        sent = (await client.call_tool(SEND_SMS, SEND)).structured_content
        assert sent is not None
        assert (sent["outcome"], len(asked)) == ("done", 1), sent


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_audit_log_names_the_token_and_holds_no_secret(transport: Transport, tmp_path: Any) -> None:
    log = tmp_path / "audit.jsonl"
    async with served(transport, audit_log=log) as at, by_hand(transport, at.address, "auto", AYSE) as wire:
        preview = await wire.call(SEND_SMS, SEND)
        await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
    written = log.read_text(encoding="utf-8")
    assert '"who": "ayse"' in written or '"who":"ayse"' in written
    assert ALI not in written
    assert AYSE not in written


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_another_tokens_order_is_cancelled_under_its_name(
    transport: Transport, mode: Mode, tmp_path: Path
) -> None:
    log = tmp_path / "audit.jsonl"
    tomorrow = datetime.now(ISTANBUL) + timedelta(days=1)
    scheduled = {**SEND, "send_at": tomorrow.strftime("%Y-%m-%dT%H:%M")}
    async with (
        served(transport, audit_log=log) as at,
        by_hand(transport, at.address, mode, ALI) as his,
        by_hand(transport, at.address, mode, AYSE) as hers,
    ):
        code = (await his.call(SEND_SMS, scheduled))["confirm"]
        order = {"order_id": (await his.call(SEND_SMS, {**scheduled, "confirm": code}))["order_id"]}
        assert "warnings" not in await his.call(CANCEL_ORDER, order)
        preview = await hers.call(CANCEL_ORDER, order)
        assert preview["warnings"] == ["This order was sent by ali, not by you."]
        assert "! This order was sent by ali, not by you." in preview["preview"].splitlines()
        his_try = await his.call(CANCEL_ORDER, {**order, "confirm": preview["confirm"]})
        assert his_try["outcome"] == "nothing_done"
        assert "issued for something else" in his_try["summary"]
        assert (await hers.call(CANCEL_ORDER, {**order, "confirm": preview["confirm"]}))["outcome"] == "done"
    written = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    (line,) = (line for line in written if line["tool"] == CANCEL_ORDER and line["outcome"] == "done")
    assert (line["who"], line["owner"], line["order_id"]) == ("ayse", "ali", order["order_id"])
    assert line["warnings"] == ["This order was sent by ali, not by you."]


async def test_an_answers_body_does_not_wait_for_its_headers_to_be_acknowledged() -> None:
    async with served("streamable-http") as at, await at.connect() as connection:
        await connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await connection.receive()
        far = far_end(connection.extra(SocketAttribute.local_address))
        assert far.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        far.close()


async def test_the_last_versions_loopback_will_do() -> None:
    async with served(http_host="::1") as at, by_hand("streamable-http", at.address, "auto") as wire:
        assert at.address.startswith("http://[::1]:")
        assert (await wire.call(GET_BALANCE))["outcome"] == "ok"


async def test_every_address_of_both_versions_will_do_with_its_name() -> None:
    async with served(http_host="::", allow_hosts=("im.example.com",)) as at, http_client() as http:
        for host in ("127.0.0.1", "[::1]"):
            wire = Streamable(http, at.address.replace("[::]", host), "auto")
            wire.headers["Host"] = "im.example.com"
            assert (await wire.call(GET_BALANCE))["outcome"] == "ok"


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "no-such-host.invalid"])
async def test_an_address_that_cannot_be_listened_at_is_one_sentence(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BaseExceptionGroup) as failed:
        async with served(http_host=host, http_port=taken.getsockname()[1], allow_hosts=("h",)):
            raise AssertionError
    [error] = failed.value.exceptions
    assert isinstance(error, SettingsError)
    assert error.reason.en.startswith(f"cannot listen at {host} port ")


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_call_under_way_is_finished_and_no_new_one_is_taken(
    transport: Transport, mode: Mode, tmp_path: Any
) -> None:
    answers: list[dict[str, Any]] = []
    async with slowly(transport, tmp_path) as (at, network), by_hand(transport, at.address, mode) as wire:
        preview = await wire.call(SEND_SMS, SEND)

        async def confirm() -> None:
            answers.append(await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]}))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(confirm)
            await network.asked.wait()
            at.stop.request()
            refused = await _refused(at, wire)
            assert refused.json()["error"]["message"] == "The server is stopping; nothing was done."
            assert refused.headers["retry-after"] == "5"
            async with http_client() as http:
                assert (await http.get(at.origin + "/healthz")).status_code == 503
            network.go.set()
        await at.over.wait()
    assert [answer["outcome"] for answer in answers] == ["done"]


async def _refused(at: Served, wire: Sse | Streamable) -> httpx.Response:
    """Return the refusal of a new call, as soon as the server has noticed that it is to stop."""
    while True:
        async with http_client() as http:
            answer = await http.post(at.address, json={}, headers=bearer())
        if answer.status_code == 503:
            return answer


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("hurried", [False, True], ids=["the grace is over", "asked twice"])
async def test_a_call_that_does_not_end_in_time_is_settled_as_unknown(
    transport: Transport, mode: Mode, tmp_path: Any, hurried: bool
) -> None:
    answers: list[dict[str, Any]] = []
    grace = 1_000 if hurried else 0.05
    # The caller has as long to hear of it as a busy machine may take.
    limits = replace(HTTP_LIMITS, flush_timeout=60)
    async with (
        slowly(transport, tmp_path, grace=grace, http_limits=limits) as (at, network),
        anyio.create_task_group() as tasks,
    ):

        async def confirm() -> None:
            async with by_hand(transport, at.address, mode) as wire:
                preview = await wire.call(SEND_SMS, SEND)
                with suppress(EOFError, KeyError, ValueError, AssertionError, httpx.HTTPError):
                    answers.append(await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]}))

        tasks.start_soon(confirm)
        await network.asked.wait()
        at.stop.request()
        if hurried:
            at.stop.request()
        await at.over.wait()
    # Where the call belongs to its request, and not to a session that ends, the caller hears of it.
    told = ["unknown"] if (transport, mode) == ("streamable-http", "auto") else []
    assert [answer["outcome"] for answer in answers] == told
    async with slowly("streamable-http", tmp_path) as (at, _), by_hand("streamable-http", at.address, "auto") as wire:
        assert (await wire.call(SEND_SMS, SEND))["outcome"] == "held_back"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_read_that_does_not_end_in_time_is_broken_off(transport: Transport, mode: Mode, tmp_path: Any) -> None:
    limits = replace(HTTP_LIMITS, flush_timeout=0.05)
    async with (
        slowly(transport, tmp_path, grace=0.05, http_limits=limits) as (at, network),
        anyio.create_task_group() as tasks,
    ):
        network.path = "/v1/get-balance/json"
        ends: list[Exception] = []

        async def ask() -> None:
            try:
                async with by_hand(transport, at.address, mode) as wire:
                    await wire.call(GET_BALANCE)
            except (EOFError, KeyError, ValueError, AssertionError) as end:
                ends.append(end)

        tasks.start_soon(ask)
        await network.asked.wait()
        at.stop.request()
        await at.over.wait()
    assert len(ends) == 1


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_streams_that_would_never_end_do_not_hold_up_the_end(transport: Transport) -> None:
    async with served(transport) as at, by_hand(transport, at.address, "legacy") as wire:
        if isinstance(wire, Streamable):
            async with wire.http.stream("GET", at.address, headers=wire.headers) as stream:
                assert stream.status_code == 200
                at.stop.request()
                assert await stream.aread() == b""
        else:
            at.stop.request()
            with pytest.raises(EOFError):
                await wire.heard(10_000)
        await at.over.wait()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_disconnect_does_not_cancel_what_has_begun(transport: Transport, tmp_path: Any) -> None:
    async with slowly(transport, tmp_path) as (at, network):
        for mode in ERAS:
            text = {**SEND, "text": f"Siparişiniz hazır {mode}"}
            async with anyio.create_task_group() as tasks:

                async def confirm() -> None:
                    async with by_hand(transport, at.address, mode) as wire:  # noqa: B023
                        preview = await wire.call(SEND_SMS, text)  # noqa: B023
                        await wire.call(SEND_SMS, {**text, "confirm": preview["confirm"]})  # noqa: B023

                tasks.start_soon(confirm)
                await network.asked.wait()
                tasks.cancel_scope.cancel()
            network.go.set()
            async with by_hand(transport, at.address, mode) as wire:
                while "(order " not in (held := await wire.call(SEND_SMS, text))["summary"]:
                    """The client has gone; the send is under way."""
                assert held["outcome"] == "held_back"
            network.asked, network.go = anyio.Event(), anyio.Event()


async def test_too_many_calls_at_once_are_refused_and_those_under_way_go_on(tmp_path: Any) -> None:
    async with (
        slowly("streamable-http", tmp_path, http_limits=replace(HTTP_LIMITS, calls=1), timeouts=Timeouts()) as (
            at,
            network,
        ),
        by_hand("streamable-http", at.address, "auto") as wire,
    ):
        assert isinstance(wire, Streamable)
        preview = await wire.call(SEND_SMS, SEND)
        sent: list[dict[str, Any]] = []

        async def confirm() -> None:
            sent.append(await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]}))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(confirm)
            await network.asked.wait()
            refused = (await wire.post(wire.request("tools/list", {}))).json()
            assert "Too many requests at once" in refused["error"]["message"]
            network.go.set()
        assert sent[0]["outcome"] == "done"


async def test_both_protocol_versions_are_served_at_one_path_at_once() -> None:
    async with (
        served(http_path="/im/mcp") as at,
        by_hand("streamable-http", at.address, "legacy") as older,
        by_hand("streamable-http", at.address, "auto") as newer,
    ):
        assert at.address.endswith("/im/mcp")
        preview = await older.call(SEND_SMS, SEND)
        assert (await newer.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]}))["outcome"] == "done"


async def test_without_auth_no_token_is_required() -> None:
    async with served(settings=replace(SANDBOX, http_token=None, no_auth=True)) as at, http_client() as http:
        wire = Streamable(http, at.address, "auto")
        del wire.headers["Authorization"]
        assert (await wire.call(GET_BALANCE))["outcome"] == "ok"
        assert (await http.post(at.address, json={}, headers={**wire.headers, "Host": "evil"})).status_code == 421


async def test_an_idle_session_ends_and_makes_room_for_another() -> None:
    limits = replace(HTTP_LIMITS, session_idle=0.05, sessions=1)
    async with served(http_limits=limits) as at, http_client() as http:
        wire = Streamable(http, at.address, "legacy")
        opened = await wire.post(wire.request("initialize", HANDSHAKE))
        while (await wire.post(wire.request("initialize", HANDSHAKE))).status_code == 503:
            """The first is still there, and nothing is asked of it."""
        wire.headers["Mcp-Session-Id"] = opened.headers["mcp-session-id"]
        assert (await wire.post(wire.request("tools/list", {}))).status_code == 404


@pytest.mark.parametrize("mode", ERAS)
async def test_stateless_any_request_stands_for_itself(mode: Mode) -> None:
    async with served(stateless=True) as at, http_client() as http:
        wire = Streamable(http, at.address, mode)
        await wire.open(stateless=True)
        assert len((await wire.ask("tools/list"))["result"]["tools"]) == len(listed(mode))
        for method in ("GET", "DELETE"):
            answer = await http.request(method, at.address, headers=wire.headers)
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_no_session_is_opened_by_anything_but_the_handshake() -> None:
    async with served(http_limits=replace(HTTP_LIMITS, sessions=1)) as at, http_client() as http:
        wire = Streamable(http, at.address, "legacy", ALI)
        for _ in range(3):
            assert (await wire.post(wire.request("tools/list", {}))).status_code == 400
        await wire.open()
        assert "result" in await wire.ask("tools/list")


async def test_sessions_beyond_the_most_are_503_until_one_ends() -> None:
    async with (
        served(http_limits=replace(HTTP_LIMITS, sessions=1)) as at,
        by_hand("streamable-http", at.address, "legacy") as wire,
    ):
        assert isinstance(wire, Streamable)
        other = Streamable(wire.http, at.address, "legacy")
        assert (await other.post(other.request("initialize", HANDSHAKE))).status_code == 503
        assert "result" in await wire.ask("tools/list")
        assert (await wire.http.delete(at.address, headers=wire.headers)).status_code == 200
        await other.open()
        assert "result" in await other.ask("tools/list")


async def test_an_idle_connection_is_closed() -> None:
    async with served(http_limits=replace(HTTP_LIMITS, keep_alive=0)) as at, await at.connect() as connection:
        await connection.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await connection.receive()).startswith(b"HTTP/1.1 401 ")
        with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
            while True:
                await connection.receive()


async def test_a_request_that_is_not_http_is_400() -> None:
    async with served() as at, await at.connect() as connection:
        await connection.send(b"\x16\x03\x01 hello\r\n\r\n")
        assert (await connection.receive()).startswith(b"HTTP/1.1 400 ")
