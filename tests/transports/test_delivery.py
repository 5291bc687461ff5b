"""The path of pushed reports, over real sockets: what it takes, what it refuses, and what it keeps."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import anyio
import anyio.lowlevel
import httpx
import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.provider.pushed import PushedReport
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sms.clock import system_clock
from iletimerkezi_mcp.transports import delivery
from iletimerkezi_mcp.transports.delivery import BODY_SECONDS, MAX_BATCH, Intake, WrongSecrets
from iletimerkezi_mcp.transports.http import delivering
from iletimerkezi_mcp.transports.tokens import secret_digest
from tests.calls import GET_BALANCE, GET_REPORTS, SEND, SEND_SMS
from tests.confirmation.orders import LOST
from tests.connections import http_client
from tests.hosting import ERAS, Mode, Wire
from tests.loop_clock import LoopClock
from tests.transports.pushes import DOCUMENTED, NUMBER, ledger_in, report

from .served import ALI, TRANSPORTS, Served, Transport, bearer, by_hand, served

SECRET = "d3livery-Secret_" + "x9" * 16
WRONG = "wr0ng-Secret_ab" + "x9" * 16


@asynccontextmanager
async def taking(folder: Path, transport: Transport = "streamable-http", **options: Any) -> AsyncIterator[Served]:
    """Serve MCP and the path of pushed reports."""
    async with served(transport, delivery_secret=SecretStr(SECRET), state_dir=folder, **options) as at:
        yield at


def path_of(at: Served, secret: str = SECRET) -> str:
    return f"{at.origin}/delivery/{secret}"


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_reports_are_kept_and_answered_at_once_whosever_order_they_are_about(
    tmp_path: Path, transport: Transport
) -> None:
    async with taking(tmp_path, transport) as at, http_client() as http:
        async with by_hand(transport, at.address, "auto") as wire:
            preview = await wire.call(SEND_SMS, SEND)
            sent = await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        for order, status in ((sent["order_id"], "delivered"), (104525848, "accepted"), (104525848, "read")):
            answer = await http.post(path_of(at), json=report(packet_id=order, status=status))
            assert (answer.status_code, answer.text) == (200, "ok")
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        ledger = ledger_in(tmp_path)
        counts = await ledger.pushed([sent["order_id"], "104525848"])
        assert {order: found.delivered for order, found in counts.items()} == {sent["order_id"]: 1}
        assert sorted(await ledger.pushed_about(NUMBER)) == sorted([sent["order_id"], "104525848"])
        ledger.close()


TAKEN: dict[str, bytes] = {
    "documented": json.dumps({"report": DOCUMENTED}).encode(),
    "strings": json.dumps(report(id="1599558518", packet_id="104525848")).encode(),
    "floats": b'{"report": {"id": 1599558518.0, "packet_id": 104525848.0, "status": "delivered", "to": "905321234567"}}',
    "loud": json.dumps(report(status=" DELIVERED ")).encode(),
    "a state that is not documented": json.dumps(report(status="expired")).encode(),
    "no text": b'{"report": {"id": 1, "packet_id": 2, "status": "accepted", "to": 905321234567}}',
    "a mark before it": b"\xef\xbb\xbf" + json.dumps(report()).encode(),
    "not UTF-8": json.dumps(report()).encode().replace(b"Webhook", b"\xfe\xff"),
    "more fields": json.dumps({**report(later=[{}]), "version": 2}).encode(),
    "as large as may be": json.dumps(report()).encode().ljust(65_536),
}

REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"report=1",
    "a list": b"[]",
    "no report": b'{"reports": []}',
    "two ids": b'{"report": {"id": 1, "id": 2, "packet_id": 2, "status": "accepted", "to": "+905321234567"}}',
    "no order": json.dumps(report(packet_id=None)).encode(),
    "no number": json.dumps(report(to="")).encode(),
    "infinity": b'{"report": {"id": Infinity, "packet_id": 2, "status": "accepted", "to": "+905321234567"}}',
    "deep": b"[" * 65_536,
}


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_every_readable_body_is_taken_and_every_other_one_refused_without_repeating_it(
    tmp_path: Path, transport: Transport
) -> None:
    async with taking(tmp_path, transport) as at, http_client() as http:
        for url in (path_of(at), path_of(at) + "/", path_of(at) + "?from=provider"):
            for content in TAKEN.values():
                answer = await http.post(url, content=content, headers={"Content-Type": "text/plain"})
                assert (answer.status_code, answer.text) == (200, "ok"), content
        for content in REFUSED.values():
            answer = await http.post(path_of(at), content=content)
            assert (answer.status_code, answer.text) == (400, "Bad Request"), content


async def chunks(size: int) -> AsyncIterator[bytes]:
    yield b" " * size
    yield json.dumps(report()).encode()


async def test_a_body_of_more_than_64_kib_is_refused_whether_its_length_is_said_or_not(tmp_path: Path) -> None:
    async with taking(tmp_path) as at, http_client() as http:
        large = await http.post(path_of(at), content=b" " * 65_537)
        chunked = await http.post(path_of(at), content=chunks(65_536))
        assert [large.status_code, chunked.status_code] == [413, 413]
        assert (await http.post(path_of(at), content=chunks(10))).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_a_post_is_taken(tmp_path: Path, method: str) -> None:
    async with taking(tmp_path) as at, http_client() as http:
        answer = await http.request(method, path_of(at))
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_tokens_and_the_secret_are_of_no_use_in_each_others_place(tmp_path: Path, transport: Transport) -> None:
    async with taking(tmp_path, transport) as at, http_client() as http:
        foreign = {"Host": "tunnel.example.net", "Origin": "https://elsewhere.example"}
        assert (await http.post(path_of(at), json=report(), headers=foreign)).status_code == 200
        for word in (ALI, "", f"x/{SECRET}", f"{SECRET}//"):
            answer = await http.post(path_of(at, word), json=report(), headers=bearer())
            assert (answer.status_code, answer.text) == (404, "Not Found")
        for path in ("/delivery", f"/{SECRET}", f"/deliveries/{SECRET}"):
            assert (await http.post(at.origin + path, json=report())).status_code == 401
        refused = await http.post(at.address, json={}, headers=bearer(SECRET))
        assert refused.status_code == 401


async def test_without_a_secret_there_is_no_such_path(tmp_path: Path) -> None:
    async with served(state_dir=tmp_path) as at, http_client() as http:
        assert (await http.post(path_of(at), json=report())).status_code == 401
        assert (await http.post(path_of(at), json=report(), headers=bearer())).status_code == 404


async def test_every_secret_is_compared_in_constant_time_by_a_digest_of_one_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Watched(bytes):
        """A digest that is compared in no other way."""

        def __eq__(self, other: object) -> bool:
            raise AssertionError

        __hash__ = bytes.__hash__

    lengths: list[tuple[int, int]] = []

    def compare(one: bytes, other: bytes) -> bool:
        lengths.append((len(one), len(other)))
        return bytes(one) == bytes(other)

    monkeypatch.setattr(delivery, "FIRST_DELAY", 0.0)
    monkeypatch.setattr(delivery, "secret_digest", lambda secret: Watched(secret_digest(secret)))
    monkeypatch.setattr(delivery, "hmac", SimpleNamespace(compare_digest=compare))
    async with taking(tmp_path) as at, http_client() as http:
        for word, status in ((SECRET, 200), (WRONG, 404), (SECRET[:-1], 404), ("", 404), ("x" * 5_000, 404)):
            assert (await http.post(path_of(at, word), json=report())).status_code == status
    assert lengths == [(32, 32)] * 5


@pytest.mark.parametrize("mode", ERAS)
async def test_a_report_makes_no_request_and_settles_a_lost_answer_once_that_is_asked_about(
    tmp_path: Path, mode: Mode
) -> None:
    with SandboxDatabase(clock=system_clock) as database:
        wire = Wire(Provider(database))
        async with (
            taking(tmp_path, network=wire) as at,
            http_client() as http,
            by_hand("streamable-http", at.address, mode) as host,
        ):
            message = {**SEND, "recipients": [LOST]}
            preview = await host.call(SEND_SMS, message)
            assert (await host.call(SEND_SMS, {**message, "confirm": preview["confirm"]}))["outcome"] == "unknown"
            now = system_clock().timestamp()
            bodies = [body for body in wire.provider.pushes(now - 60, now + 60) if body["report"]["to"] == LOST]
            [order_id] = {body["report"]["packet_id"] for body in bodies}
            before = wire.paths()
            for body in bodies:
                assert (await http.post(path_of(at), json=body)).status_code == 200
            assert wire.paths() == before
            [settled] = (await host.call(GET_REPORTS, {}))["settled"]
            assert (settled["outcome"], settled["order_ids"]) == ("done", [str(order_id)])
            assert (await host.call(SEND_SMS, message))["outcome"] == "held_back"
        assert wire.paths().count("send-sms") == 1


HEAD = f"POST /delivery/{SECRET} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n".encode()


async def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    async with taking(tmp_path) as at, await at.connect() as slow:
        await slow.send(HEAD + b"{")
        clock = LoopClock()
        answers: list[bytes] = []
        async with anyio.create_task_group() as tasks:

            async def read() -> None:
                answers.extend([data async for data in slow])
                tasks.cancel_scope.cancel()

            tasks.start_soon(read)
            await clock.outlast(BODY_SECONDS + 1)
        assert b"".join(answers).startswith(b"HTTP/1.1 408 ")


async def test_a_client_that_goes_in_the_middle_of_its_body_leaves_nothing(tmp_path: Path) -> None:
    async with taking(tmp_path) as at, http_client() as http:
        async with await at.connect() as gone:
            await gone.send(HEAD + b"{")
        assert (await http.post(path_of(at), json=report())).status_code == 200


async def test_a_wrong_secret_waits_a_second_one_does_not_and_right_ones_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "FIRST_DELAY", delivery.MAX_DELAY)
    send_answers, answers = anyio.create_memory_object_stream[httpx.Response](2)
    async with taking(tmp_path) as at, http_client() as http, send_answers, answers:
        clock = LoopClock()

        async def guess() -> None:
            await send_answers.send(await http.post(path_of(at, WRONG), json=report()))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(guess)
            tasks.start_soon(guess)
            first = await answers.receive()
            assert (first.status_code, first.headers["retry-after"], first.text) == (429, "5", "Too Many Requests")
            assert (await http.post(path_of(at), json=report())).status_code == 200
            await clock.tick(delivery.MAX_DELAY)
            last = await answers.receive()
            assert (last.status_code, last.text) == (404, "Not Found")


async def _delay(wrong: WrongSecrets, address: str, clock: LoopClock) -> float:
    """Return the seconds, in steps of 0.05, that a wrong secret of `address` waits."""
    over: list[bool] = []

    async def wait() -> None:
        over.append(await wrong.wait(address))

    steps = 0
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        await clock.tick(0)
        while not over:
            await clock.tick(0.05)
            steps += 1
    assert over == [True]
    return steps * 0.05


async def test_the_delay_doubles_up_to_five_seconds_for_each_address_by_itself() -> None:
    clock, wrong = LoopClock(), WrongSecrets()
    delays = [await _delay(wrong, "192.0.2.1", clock) for _ in range(8)]
    expected = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]
    assert all(wanted <= found + 0.05 and found <= wanted + 0.1 for found, wanted in zip(delays, expected, strict=True))
    assert await _delay(wrong, "192.0.2.2", clock) <= 0.2
    for _ in range(61):
        await clock.tick()
    assert await _delay(wrong, "192.0.2.1", clock) <= 0.2


async def test_fifty_wrong_secrets_wait_at_once_and_a_thousand_addresses_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, wrong = LoopClock(), WrongSecrets()
    async with anyio.create_task_group() as tasks:
        for place in range(delivery.MAX_WAITING):
            tasks.start_soon(wrong.wait, f"192.0.2.{place}")
        await clock.tick(0)
        assert not await wrong.wait("192.0.2.0")
        assert not await wrong.wait("198.51.100.1")
        await clock.tick()
    assert await _delay(wrong, "192.0.2.0", clock) > 0.15
    monkeypatch.setattr(delivery, "MAX_ADDRESSES", 2)
    wrong = WrongSecrets()
    for place in (3, 4, 5):
        await _delay(wrong, f"203.0.113.{place}", clock)
    assert await _delay(wrong, "203.0.113.3", clock) <= 0.15


async def test_behind_a_proxy_on_this_machine_each_client_is_slowed_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "FIRST_DELAY", 0.0)
    async with taking(tmp_path) as at, http_client() as http, anyio.create_task_group() as tasks:
        statuses: list[int] = []

        async def guess(forwarded: str) -> None:
            answer = await http.post(path_of(at, WRONG), headers={"X-Forwarded-For": forwarded})
            statuses.append(answer.status_code)

        for place in range(10):
            tasks.start_soon(guess, f"203.0.113.9, 192.0.2.{place}")
        while len(statuses) < 10:
            await anyio.lowlevel.checkpoint()
        assert statuses == [404] * 10


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        (("198.51.100.7", 1), "192.0.2.1", "198.51.100.7"),
        (("127.0.0.1", 1), "192.0.2.1", "192.0.2.1"),
        (("::1", 1), "203.0.113.9, 2001:db8::1", "2001:db8::1"),
        (("127.0.0.1", 1), None, "127.0.0.1"),
        (("127.0.0.1", 1), "9" * 99, "9" * 45),
        (None, "192.0.2.1", ""),
    ],
)
def test_only_a_proxy_on_this_machine_names_the_client(
    client: tuple[str, int] | None, forwarded: str | None, address: str
) -> None:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    assert delivery._address({"type": "http", "client": client, "headers": headers}) == address


class FakeLedger:
    """The one call of the ledger that is made here; it fails while `reason` is set, and `before` runs first."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.reason: Text | None = None
        self.before: Callable[[], Any] | None = None

    async def record_pushed(self, reports: Sequence[PushedReport]) -> None:
        if self.before is not None:
            await self.before()
        if self.reason is not None:
            raise LedgerUnavailableError(self.reason)
        self.batches.append([report.message_id for report in reports])


def pushed(message: int) -> PushedReport:
    return PushedReport(message, OrderId("1"), NUMBER, "delivered")


async def kept(intake: Intake, messages: Sequence[int]) -> list[bool]:
    """Keep these at once, and return what became of each."""
    found: dict[int, bool] = {}

    async def keep(message: int) -> None:
        found[message] = await intake.keep(pushed(message))

    async with anyio.create_task_group() as tasks:
        for message in messages:
            tasks.start_soon(keep, message)
    return [found[message] for message in messages]


async def test_reports_that_come_together_are_written_together_but_not_more_than_a_batch() -> None:
    ledger = FakeLedger()
    intake = Intake(cast("Ledger", ledger))
    assert await kept(intake, range(2 * MAX_BATCH + 1)) == [True] * (2 * MAX_BATCH + 1)
    assert [len(batch) for batch in ledger.batches] == [MAX_BATCH, MAX_BATCH, 1]
    assert [message for batch in ledger.batches for message in batch] == [*range(2 * MAX_BATCH + 1)]
    assert await kept(intake, [7]) == [True]
    assert ledger.batches[-1] == [7]


async def test_reports_that_come_within_twenty_milliseconds_are_written_together() -> None:
    ledger, clock = FakeLedger(), LoopClock()
    intake = Intake(cast("Ledger", ledger))
    async with anyio.create_task_group() as tasks:
        for message, seconds in ((1, 0.01), (2, 0.02), (3, 0.02)):
            tasks.start_soon(intake.keep, pushed(message))
            await clock.tick(seconds)
    assert ledger.batches == [[1, 2], [3]]


async def test_what_comes_while_a_batch_is_written_is_in_the_next_one() -> None:
    ledger = FakeLedger()
    intake = Intake(cast("Ledger", ledger))
    later: list[bool] = []

    async with anyio.create_task_group() as tasks:

        async def come() -> None:
            later.append(await intake.keep(pushed(2)))

        async def before() -> None:
            ledger.before = None
            tasks.start_soon(come)
            await anyio.lowlevel.checkpoint()

        ledger.before = before
        assert await intake.keep(pushed(1))
        assert not later
    assert (later, ledger.batches) == ([True], [[1], [2]])


async def test_the_next_one_writes_the_batch_if_the_first_is_cancelled() -> None:
    ledger = FakeLedger()
    intake = Intake(cast("Ledger", ledger))
    with anyio.CancelScope() as first:
        async with anyio.create_task_group() as tasks:

            async def cancel() -> None:
                tasks.cancel_scope.cancel()
                await anyio.lowlevel.checkpoint()

            ledger.before = cancel
            tasks.start_soon(intake.keep, pushed(1))
    assert not first.cancelled_caught
    assert ledger.batches == []
    ledger.before = None
    assert await kept(intake, [2]) == [True]


async def test_while_the_ledger_cannot_be_used_reports_are_refused_with_one_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger = FakeLedger()
    intake = Intake(cast("Ledger", ledger))
    ledger.reason = Text("the disk is full.", "disk dolu.")
    with caplog.at_level(logging.WARNING):
        assert await kept(intake, [1, 2]) == [False, False]
        assert await kept(intake, [3]) == [False]
        assert len(caplog.records) == 1
        ledger.reason = None
        assert await kept(intake, [1, 2, 3]) == [True, True, True]
        ledger.reason = Text("the disk is full.", "disk dolu.")
        assert await kept(intake, [4]) == [False]
    assert len(caplog.records) == 2
    assert ledger.batches == [[1, 2, 3]]


async def test_a_report_that_cannot_be_kept_is_answered_so() -> None:
    ledger = FakeLedger()
    ledger.reason = Text("the disk is full.", "disk dolu.")
    async with (
        delivering(cast("Ledger", ledger), secret_digest(SECRET), "127.0.0.1", 0) as origin,
        http_client() as http,
    ):
        answer = await http.post(f"{origin}/delivery/{SECRET}", json=report())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        ledger.reason = None
        assert (await http.post(f"{origin}/delivery/{SECRET}", json=report())).status_code == 200
        # Nothing of a status that is not documented is written.
        assert (await http.post(f"{origin}/delivery/{SECRET}", json=report(status="read"))).status_code == 200
        assert ledger.batches == [[1599558518]]
        assert (await http.get(f"{origin}/healthz")).text == "ok"
        assert (await http.post(f"{origin}/mcp", json={})).status_code == 404


async def test_neither_a_full_disk_nor_a_defect_puts_secret_text_or_number_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Whatever an embedding program writes; the client's own lines are not the server's.
    caplog.set_level(logging.DEBUG)
    for client in ("httpx", "httpcore"):
        logging.getLogger(client).setLevel(logging.WARNING)
    ledger = FakeLedger()
    ledger.reason = Text("the disk is full.", "disk dolu.")

    async def defect() -> None:
        raise RuntimeError("a defect")

    async with (
        delivering(cast("Ledger", ledger), secret_digest(SECRET), "127.0.0.1", 0) as origin,
        http_client() as http,
    ):
        path = f"{origin}/delivery/{SECRET}"
        told = [await http.post(path, json=report(body="QZ775533"))]
        ledger.before = defect
        told += [await http.post(path, json=report(body="QZ775533")), await http.post(path + "x", content=b"QZ775533")]
    assert [answer.status_code for answer in told] == [503, 500, 404]
    assert "the disk is full" in caplog.text
    assert "a defect" in caplog.text
    for word in (SECRET, "QZ775533", NUMBER[1:]):
        assert not any(word in text for text in (caplog.text, *(answer.text for answer in told)))


async def test_reports_are_taken_while_the_server_waits_for_its_calls_to_end(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        release = anyio.Event()

        class Slow(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                asked.set()
                await release.wait()
                return httpx.Response(
                    200, json={"response": {"status": {"code": 200}, "balance": {"amount": "1", "sms": 1}}}
                )

        asked = anyio.Event()
        at = await stack.enter_async_context(taking(tmp_path, network=Slow()))
        http = await stack.enter_async_context(http_client())
        wire = await stack.enter_async_context(by_hand("streamable-http", at.address, "auto"))
        tasks = await stack.enter_async_context(anyio.create_task_group())
        tasks.start_soon(wire.call, GET_BALANCE)
        await asked.wait()
        at.stop.request()
        while (await http.get(f"{at.origin}/healthz")).status_code == 200:
            """The stop has not been seen yet."""
        assert (await http.post(path_of(at), json=report())).status_code == 200
        release.set()


async def test_a_stop_under_load_loses_no_report_that_was_answered_with_200(tmp_path: Path) -> None:
    kept: set[str] = set()
    async with taking(tmp_path) as at, http_client() as http:

        async def push(worker: int) -> None:
            for place in range(10_000):
                order = str(1_000_000 * (worker + 1) + place)
                try:
                    answer = await http.post(path_of(at), json=report(packet_id=order))
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    kept.add(order)

        async with anyio.create_task_group() as tasks:
            for worker in range(8):
                tasks.start_soon(push, worker)
            while len(kept) < 100:
                await anyio.lowlevel.checkpoint()
            at.stop.request()
            await at.over.wait()
    ledger = ledger_in(tmp_path)
    assert kept <= set(await ledger.pushed_about(NUMBER))
    ledger.close()
