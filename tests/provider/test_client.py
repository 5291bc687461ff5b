from __future__ import annotations

import asyncio
import json
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider import client as client_module
from iletimerkezi_mcp.provider.account import GET_BALANCE, Balance
from iletimerkezi_mcp.provider.blacklist import ADD_BLACKLIST
from iletimerkezi_mcp.provider.client import SINGLE_SENDS_PER_SECOND, ApiClient, Credentials, SingleSendRate
from iletimerkezi_mcp.provider.consents import (
    IYS_CHECK,
)
from iletimerkezi_mcp.provider.errors import (
    AcceptedUntracked,
    AnswerLate,
    AnswerLost,
    AnswerUnreadable,
    ApiError,
    CannotConnect,
    Closed,
    ConnectTooSlow,
    NoCredentials,
    Refused,
    ServerFailed,
    Throttled,
    TlsFailed,
    TooBusy,
)
from iletimerkezi_mcp.provider.orders import (
    SEND_SMS,
    OutgoingMessage,
    OutgoingOrder,
    Sender,
)
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS, Timeouts
from tests import processes
from tests.loop_clock import LoopClock

from .calls import BALANCE, BULK, CALLS, CONSENT, HASH, KEY, NUMBER, ok
from .scripted import ScriptedServer, answer, closed_port, drop, silence

CREDENTIALS = Credentials(SecretStr(KEY), SecretStr(HASH))
ORDER = OutgoingOrder(Sender("FIRMAADI"), (OutgoingMessage("Kodunuz 1234", (NUMBER,)),))

Handler = Callable[[httpx.Request], httpx.Response]


def said(code: object, message: str = "mesaj") -> dict[str, Any]:
    return {"response": {"status": {"code": code, "message": message}}}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between two tries: the longest of each, and over at once."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(client_module, "sleep", sleep)
    monkeypatch.setattr("random.random", lambda: 1.0)
    return pauses


def _client(
    url: str = "http://127.0.0.1:1",
    *,
    handler: Handler | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    rate: SingleSendRate | None = None,
) -> ApiClient:
    return ApiClient(
        base_url=url,
        credentials=CREDENTIALS,
        transport=(lambda: httpx.MockTransport(handler)) if handler else None,
        timeouts=timeouts,
        rate=rate,
        clock=lambda: datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
    )


def _always(response: dict[str, Any], status: int = 200, requests: list[httpx.Request] | None = None) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if requests is not None:
            requests.append(request)
        return httpx.Response(status, json=response)

    return handler


READS = pytest.mark.parametrize("name", [name for name, each in OPERATIONS.items() if not each.changes])
CHANGES = pytest.mark.parametrize("name", [name for name, each in OPERATIONS.items() if each.changes])


@READS
async def test_a_read_is_one_request_and_gives_plain_types(name: str) -> None:
    call = CALLS[name]
    requests: list[httpx.Request] = []
    async with _client(handler=_always(call.response, requests=requests)) as client:
        assert await client.call(OPERATIONS[name], call.request) == call.answer
    (request,) = requests
    assert (request.url.path, json.loads(request.content)) == (OPERATIONS[name].path, call.body)


@CHANGES
async def test_a_change_is_one_request_and_says_right_before_that_it_is_sent(name: str) -> None:
    call = CALLS[name]
    events: list[object] = []

    def handler(request: httpx.Request) -> httpx.Response:
        events.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json=call.response)

    async with _client(handler=handler) as client:
        answer = await client.call(OPERATIONS[name], call.request, on_sent=lambda: events.append("sent"))
    assert answer == call.answer
    assert events == ["sent", (OPERATIONS[name].path, call.body)]


async def test_without_credentials_no_request_is_made() -> None:
    sent: list[None] = []
    async with ApiClient(base_url="http://127.0.0.1:1", credentials=None) as client:
        with pytest.raises(NoCredentials):
            await client.call(GET_BALANCE, None)
        with pytest.raises(NoCredentials):
            await client.call(SEND_SMS, ORDER, on_sent=lambda: sent.append(None))
    assert sent == []


@pytest.mark.parametrize("status", [200, 302, 401, 503])
async def test_a_greeting_takes_no_credentials_and_any_answer_will_do(status: int) -> None:
    date = "Mon, 23 Nov 2026 07:00:00 GMT"
    async with (
        ScriptedServer(drop, answer(b"", status, date=date)) as server,
        ApiClient(base_url=server.url, credentials=None) as client,
    ):
        assert await client.greet() == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert [(request.line, request.body) for request in server.requests] == [("HEAD / HTTP/1.1", b"")] * 2


async def test_what_is_not_the_documented_answer_is_not_readable() -> None:
    async with _client(handler=_always(ok(balance="none"))) as client:
        with pytest.raises(AnswerUnreadable) as caught:
            await client.call(GET_BALANCE, None)
    assert caught.value.__context__ is None


async def test_an_order_accepted_without_a_number_is_reported_as_just_that() -> None:
    async with _client(handler=_always(ok(order={}))) as client:
        with pytest.raises(AcceptedUntracked) as caught:
            await client.call(SEND_SMS, ORDER)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("response", [said(422), ok(consent=[])])
async def test_a_missing_consent_is_not_an_error(response: dict[str, Any]) -> None:
    async with _client(handler=_always(response)) as client:
        assert await client.call(IYS_CHECK, CONSENT) is None


async def test_another_refusal_of_a_look_up_is_an_error() -> None:
    async with _client(handler=_always(said(403), 403)) as client:
        with pytest.raises(Refused) as caught:
            await client.call(IYS_CHECK, CONSENT)
    assert caught.value.code == 403


async def test_a_read_is_repeated_on_a_transient_failure_with_growing_pauses(pauses: list[float]) -> None:
    async with (
        ScriptedServer(drop, answer(said(503), 503), answer(BALANCE)) as server,
        _client(server.url) as client,
    ):
        assert await client.call(GET_BALANCE, None) == Balance(10.5, 67)
    assert len(server.requests) == 3
    assert pauses == [0.5, 1.0]


async def test_a_read_is_given_up_after_the_third_try() -> None:
    async with ScriptedServer(drop, drop, drop) as server, _client(server.url) as client:
        with pytest.raises(AnswerLost):
            await client.call(GET_BALANCE, None)
    assert len(server.requests) == 3


@pytest.mark.parametrize(("status", "body"), [(401, said(401)), (200, said("450")), (200, ok()), (307, ok())])
async def test_a_read_that_would_fail_again_is_not_repeated(status: int, body: dict[str, Any]) -> None:
    requests: list[httpx.Request] = []
    async with _client(handler=_always(body, status, requests)) as client:
        with pytest.raises(ApiError):
            await client.call(GET_BALANCE, None)
    assert len(requests) == 1


async def test_a_kept_connection_that_is_closed_at_the_moment_of_reuse_costs_a_read_one_repeat() -> None:
    async with ScriptedServer(answer(BALANCE), drop, answer(BALANCE)) as server, _client(server.url) as client:
        await client.call(GET_BALANCE, None)
        assert await client.call(GET_BALANCE, None) == Balance(10.5, 67)
    assert [request.connection for request in server.requests] == [1, 1, 2]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_retry_after_that_fits_is_waited_for(status: int, pauses: list[float]) -> None:
    responses = [
        httpx.Response(status, json=said(status), headers={"Retry-After": "7"}),
        httpx.Response(200, json=BALANCE),
    ]
    async with _client(handler=lambda _: responses.pop(0)) as client:
        assert await client.call(GET_BALANCE, None) == Balance(10.5, 67)
    assert pauses == [7.0]


async def test_a_retry_after_that_does_not_fit_is_reported_and_not_waited_for(pauses: list[float]) -> None:
    headers = {"Retry-After": "Mon, 23 Nov 2026 04:02:00 GMT"}
    throttled = httpx.Response(429, json=said(429), headers=headers)
    async with _client(handler=lambda _: throttled) as client:
        with pytest.raises(Throttled) as caught:
            await client.call(GET_BALANCE, None)
    assert caught.value.retry_after == 120.0
    assert pauses == []


@CHANGES
async def test_a_change_whose_answer_is_lost_is_never_repeated(name: str) -> None:
    sent: list[None] = []
    async with ScriptedServer(drop) as server, _client(server.url) as client:
        with pytest.raises(AnswerLost) as caught:
            await client.call(OPERATIONS[name], CALLS[name].request, on_sent=lambda: sent.append(None))
    assert caught.value.outcome == "unknown"
    assert (len(server.requests), len(sent)) == (1, 1)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, said(503), ServerFailed),
        (429, said(429), Throttled),
        (200, {}, AnswerUnreadable),
        (450, said(450), Refused),
    ],
)
async def test_a_change_that_was_answered_is_never_repeated(
    status: int, body: dict[str, Any], kind: type[ApiError]
) -> None:
    requests: list[httpx.Request] = []
    async with _client(handler=_always(body, status, requests)) as client:
        with pytest.raises(kind):
            await client.call(SEND_SMS, ORDER)
    assert len(requests) == 1


async def test_a_change_that_never_left_is_repeated_and_each_try_is_reported() -> None:
    sent: list[None] = []
    failures: list[Exception] = [httpx.ConnectError("x"), httpx.ConnectTimeout("x")]

    def handler(request: httpx.Request) -> httpx.Response:
        if failures:
            raise failures.pop(0)
        return httpx.Response(200, json=ok(order={"id": "5"}))

    async with _client(handler=handler) as client:
        assert await client.call(SEND_SMS, ORDER, on_sent=lambda: sent.append(None)) == "5"
    assert len(sent) == 3


async def test_a_change_that_can_never_leave_is_reported_as_not_sent(pauses: list[float]) -> None:
    async with _client(f"http://127.0.0.1:{closed_port()}") as client:
        with pytest.raises(CannotConnect) as caught:
            await client.call(SEND_SMS, ORDER)
    assert caught.value.outcome == "nothing_done"
    assert len(pauses) == 2


async def test_if_the_network_cannot_be_opened_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    sent: list[None] = []
    async with _client() as client:
        with pytest.raises(TlsFailed):
            await client.call(SEND_SMS, ORDER, on_sent=lambda: sent.append(None))
    assert sent == []


class Stuck(httpx.AsyncBaseTransport):
    """Gets as far as this event, as the real network tells it, and no further."""

    def __init__(self, event: str) -> None:
        self._event = event

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.extensions["trace"](self._event, {})
        await LoopClock().outlast(DEFAULT_TIMEOUTS.call_seconds)


@pytest.mark.parametrize(
    ("event", "kind"),
    [("connection.connect_tcp.started", ConnectTooSlow), ("http11.send_request_body.started", AnswerLate)],
)
@pytest.mark.parametrize("change", [False, True])
async def test_the_calls_time_limit_tells_if_the_request_had_left(
    event: str, kind: type[ApiError], change: bool
) -> None:
    client = ApiClient(
        base_url="http://127.0.0.1:1",
        credentials=CREDENTIALS,
        transport=lambda: Stuck(event),
    )
    async with client:
        with anyio.fail_after(60), pytest.raises(kind):
            await (client.call(SEND_SMS, ORDER) if change else client.call(GET_BALANCE, None))


async def test_the_calls_time_limit_during_a_pause_tells_the_failure_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def oversleep(seconds: float) -> None:
        await LoopClock().outlast(DEFAULT_TIMEOUTS.call_seconds)

    monkeypatch.setattr(client_module, "sleep", oversleep)
    async with _client(handler=_always(said(503), 503)) as client:
        with anyio.fail_after(60), pytest.raises(ServerFailed):
            await client.call(GET_BALANCE, None)


async def test_a_call_that_finds_no_free_slot_is_reported_as_not_sent() -> None:
    sent: list[None] = []
    async with (
        ScriptedServer(silence) as server,
        _client(server.url, timeouts=Timeouts(at_once=1, queue_seconds=0.02)) as client,
    ):
        first = asyncio.create_task(client.call(GET_BALANCE, None))
        await server.got_one.wait()
        with pytest.raises(TooBusy):
            await client.call(SEND_SMS, ORDER, on_sent=lambda: sent.append(None))
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    assert sent == []


async def test_the_calls_own_limit_bounds_the_queue_too() -> None:
    async with _client(handler=_always(BALANCE), timeouts=Timeouts(at_once=1, call_seconds=0.02)) as client:
        client._slots.acquire_nowait()
        with anyio.fail_after(60), pytest.raises(TooBusy):
            await client.call(GET_BALANCE, None)


async def test_only_so_many_calls_are_under_way_at_once() -> None:
    under_way, most = 0, 0

    class Counting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await anyio.lowlevel.checkpoint()
            await anyio.lowlevel.checkpoint()
            under_way -= 1
            return httpx.Response(200, json=BALANCE)

    async with ApiClient(base_url="http://127.0.0.1:1", credentials=CREDENTIALS, transport=Counting) as client:
        await asyncio.gather(*(client.call(GET_BALANCE, None) for _ in range(30)))
    assert most == 8


class CountingRate(SingleSendRate):
    """A rate without a limit that counts the calls."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0

    async def wait(self) -> None:
        self.waited += 1


async def test_a_send_to_one_recipient_keeps_the_rate_and_nothing_else_does() -> None:
    rate = CountingRate()
    async with _client(handler=_always(ok(order={"id": 1})), rate=rate) as client:
        await client.call(SEND_SMS, ORDER)
        assert rate.waited == 1
        await client.call(SEND_SMS, BULK)
        await client.call(ADD_BLACKLIST, NUMBER)
        assert rate.waited == 1


async def test_a_read_that_is_cancelled_stops_and_frees_its_slot() -> None:
    async with (
        ScriptedServer(silence, answer(BALANCE)) as server,
        _client(server.url, timeouts=Timeouts(at_once=1)) as client,
    ):
        first = asyncio.create_task(client.call(GET_BALANCE, None))
        await server.got_one.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert await client.call(GET_BALANCE, None) == Balance(10.5, 67)


async def test_a_closed_client_sends_nothing_more() -> None:
    requests: list[httpx.Request] = []
    client = _client(handler=_always(BALANCE, requests=requests))
    async with client:
        await client.call(GET_BALANCE, None)
    with pytest.raises(Closed):
        await client.call(GET_BALANCE, None)
    assert len(requests) == 1


async def test_a_client_that_was_never_used_opens_and_closes_without_a_network() -> None:
    async with _client() as client:
        assert client._opened_network is None


async def test_key_and_hash_are_in_no_repr_log_or_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    texts: list[str] = [repr(CREDENTIALS), str(CREDENTIALS)]
    echoing = said(401, f"key {KEY}")
    async with (
        ScriptedServer(answer(BALANCE), drop, answer(b"<html>", 200), answer(echoing, 401)) as server,
        _client(server.url) as client,
    ):
        await client.call(GET_BALANCE, None)
        for _ in range(2):
            with pytest.raises(ApiError) as caught:
                await client.call(SEND_SMS, ORDER)
            texts += ["".join(traceback.format_exception(caught.value)), repr(caught.value), str(caught.value)]
            texts.append(caught.value.reason.en + caught.value.next_step.en)
        with pytest.raises(Refused) as refused:
            await client.call(GET_BALANCE, None)
        texts += [repr(refused.value), refused.value.reason.en]
    assert caplog.records
    texts.append(caplog.text)
    assert not any(secret in text for text in texts for secret in (KEY, HASH, "Kodunuz"))


def test_importing_the_client_does_not_import_httpx() -> None:
    code = "import sys, iletimerkezi_mcp.provider.client; sys.exit('httpx' in sys.modules)"
    assert processes.run([sys.executable, "-c", code]).returncode == 0


async def test_a_change_is_not_sent_while_its_connection_is_only_being_made() -> None:
    sent: list[None] = []
    reached = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    async with (
        asyncio.timeout(60),
        server,
        _client(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}") as client,
    ):
        # The connection is made and waits for a TLS handshake that never comes.
        call = asyncio.create_task(client.call(SEND_SMS, ORDER, on_sent=lambda: sent.append(None)))
        await reached.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    assert sent == []


async def test_a_change_is_not_sent_between_two_tries_to_connect(pauses: list[float]) -> None:
    sent: list[None] = []
    async with _client(f"http://127.0.0.1:{closed_port()}") as client:
        with pytest.raises(CannotConnect):
            await client.call(SEND_SMS, ORDER, on_sent=lambda: sent.append(None))
    assert (len(pauses), sent) == (2, [])


async def test_a_retry_after_of_a_failed_server_is_reported_for_a_read() -> None:
    failed = httpx.Response(503, json=said(503), headers={"Retry-After": "300"})
    async with _client(handler=lambda _: failed) as client:
        with pytest.raises(ServerFailed) as caught:
            await client.call(GET_BALANCE, None)
    assert caught.value.next_step.en == "Try again in 300 s, not before."


class Time:
    """A clock that only sleeping moves."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.pauses: list[float] = []
        patch.setattr(client_module, "current_time", lambda: self.now)
        patch.setattr(client_module, "sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.pauses.append(seconds)
        self.now += seconds
        await anyio.lowlevel.checkpoint()


async def _starts(rate: SingleSendRate, time: Time, count: int) -> list[float]:
    starts: list[float] = []
    for _ in range(count):
        await rate.wait()
        starts.append(time.now)
    return starts


async def test_the_first_ones_start_at_once_and_the_rest_keep_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time(monkeypatch)
    assert await _starts(SingleSendRate(3), time, 7) == [100.0, 100.0, 100.0, 101.0, 101.0, 101.0, 102.0]
    assert time.pauses == [1.0, 1.0]


async def test_no_rolling_second_holds_more_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time(monkeypatch)
    rate = SingleSendRate(3)
    starts: list[float] = []
    for pause in [0.0, 0.4, 0.4, 0.0, 0.1, 0.0, 0.9, 0.0]:
        time.now += pause
        starts += await _starts(rate, time, 1)
    assert all(later - earlier >= 1.0 for earlier, later in zip(starts, starts[3:], strict=False))


async def test_it_is_first_come_first_served(monkeypatch: pytest.MonkeyPatch) -> None:
    Time(monkeypatch)
    rate = SingleSendRate(1)
    order: list[int] = []

    async def send(number: int) -> None:
        await rate.wait()
        order.append(number)

    with anyio.fail_after(60):
        await asyncio.gather(*(send(number) for number in range(6)))
    assert order == list(range(6))


async def test_one_that_is_cancelled_while_it_waits_takes_up_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time(monkeypatch)
    asleep = anyio.Event()

    async def sleep(_: float) -> None:
        asleep.set()
        await anyio.sleep_forever()

    monkeypatch.setattr(client_module, "sleep", sleep)
    rate = SingleSendRate(1)
    await rate.wait()
    with anyio.fail_after(60):
        waiting = asyncio.create_task(rate.wait())
        await asleep.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        time.now = 101.0
        await rate.wait()


def test_the_rate_stays_below_the_accounts_hundred() -> None:
    assert SINGLE_SENDS_PER_SECOND < 100
