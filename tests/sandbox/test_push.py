"""The reports that the simulated provider pushes: worked out from the tables, each due once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import anyio
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from iletimerkezi_mcp.http_server import SignalFreeServer, listen, origin
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.pushed import PushedReport, read_pushed_report
from iletimerkezi_mcp.sandbox import push
from iletimerkezi_mcp.sandbox.push import push_reports
from tests.processes import BOUND

from .bench import ALI, CAN, MONDAY, VELI, Bench

NUMBER = "+905000000"
NOW = MONDAY.timestamp()
SECRET = "s" * 32


@pytest.fixture(autouse=True)
def looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "PERIOD", 0.01)


def _due(bench: Bench, after: float = 0, until: float = 1000) -> list[tuple[str, str]]:
    """Return the number and the status of what is due, in seconds after Monday."""
    reports = [body["report"] for body in bench.provider.pushes(NOW + after, NOW + until)]
    return [(report["to"], report["status"]) for report in reports]


def test_a_report_has_the_documented_shape(bench: Bench) -> None:
    order_id = bench.send(VELI, ALI)
    first, *_ = bench.provider.pushes(NOW, NOW + 60)
    assert first == {
        "report": {
            "id": int(order_id) * 100_000,
            "packet_id": int(order_id),
            "status": "accepted",
            "to": VELI,
            "body": "Bu bir iletiMerkezi API test mesajidir.",
        }
    }


def test_each_state_is_due_once_at_its_time(bench: Bench) -> None:
    order_id = bench.send(ALI, NUMBER + "112", NUMBER + "110", NUMBER + "111")
    assert _due(bench, 0, 0) == _due(bench, -100, 0) == []
    assert _due(bench, 0, 0.001) == [(row, "accepted") for row in (ALI, NUMBER + "112", NUMBER + "110", NUMBER + "111")]
    assert sorted(_due(bench, 0.001, 10)) == [(NUMBER + "112", "undelivered"), (ALI, "delivered")]
    assert _due(bench, 10, 1000) == [(NUMBER + "111", "delivered")]
    slices = [each for tick in range(400) for each in _due(bench, tick / 4, (tick + 1) / 4)]
    assert Counter(slices) == Counter(_due(bench))
    ids = {body["report"]["id"] for body in bench.provider.pushes(NOW, NOW + 1000)}
    assert ids == {int(order_id) * 100_000 + place for place in range(4)}


def test_it_agrees_with_the_report_of_the_order(bench: Bench) -> None:
    order_id = bench.send(*(f"+9053400000{place}{place}" for place in range(10)), NUMBER + "112")
    for second in range(10):
        final = {to for to, status in _due(bench, 0, second + 0.0001) if status != "accepted"}
        assert final == {number for number, status in bench.fates(order_id) if status != 110}
        bench.wait(1)


def test_what_is_scheduled_is_due_at_its_time_and_what_was_stopped_never(bench: Bench) -> None:
    bench.send(ALI, sendDateTime=["23/11/2026 10:01"])
    stopped = bench.send(VELI, sendDateTime=["23/11/2026 10:01"])
    bench.ask("cancel-order", order={"id": stopped})
    bench.send(NUMBER + "115", text="Selam")
    assert _due(bench, 0, 60) == []
    assert _due(bench, 60, 70) == [(ALI, "accepted"), (ALI, "delivered")]


def test_the_past_orders_of_a_new_sandbox_are_not_reported(bench: Bench) -> None:
    assert _due(bench, -60) == []


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("930", {"accepted": (1, 0), "delivered": (1, 60)}),
        ("931", {"accepted": (2, 0), "delivered": (2, 0)}),
        ("932", {"accepted": (1, None), "delivered": (1, 0)}),
        ("933", {}),
    ],
)
def test_magic_numbers_are_reported_in_their_way(
    bench: Bench, last: str, expected: dict[str, tuple[int, float | None]]
) -> None:
    order_id = bench.send(NUMBER + last)
    assert Counter(status for _, status in _due(bench)) == {status: times for status, (times, _) in expected.items()}
    bench.wait(10)
    assert bench.fates(order_id) == [(NUMBER + last, 111)]
    if last == "930":
        assert [status for _, status in _due(bench, 0, 61)] == ["accepted"]
        assert [status for _, status in _due(bench, 61, 70)] == ["delivered"]
    elif last == "932":
        assert [status for _, status in _due(bench)] == ["delivered", "accepted"]
        assert _due(bench, 0, 2) == []


class _Receiver:
    """An application that reads reports, and answers with `status` once `gate` is open."""

    def __init__(self, expected: int, status: int = 200) -> None:
        self.status, self.expected = status, expected
        self.targets: set[str] = set()
        self.reports: list[PushedReport] = []
        self.waiting = self.most_waiting = 0
        self.gate, self.half, self.complete = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.targets.add(f"{request.method} {request.url.path}")
        self.reports.append(read_pushed_report(await request.body()))
        self.waiting += 1
        self.most_waiting = max(self.most_waiting, self.waiting)
        if self.waiting == push.POSTS_AT_ONCE:
            self.gate.set()
        await self.gate.wait()
        self.waiting -= 1
        await Response(status_code=self.status, headers={"location": "/elsewhere"})(scope, receive, send)
        if len(self.reports) == self.expected // 2:
            self.half.set()
        if len(self.reports) == self.expected:
            self.complete.set()


async def _started(bench: Bench, url: str, say: Callable[[Text], None]) -> asyncio.Task[None]:
    """Begin to push what becomes due from now on."""
    looked = asyncio.Event()

    def clock() -> datetime:
        looked.set()
        return bench.now

    pushing = asyncio.create_task(push_reports(bench.provider, url, say, clock))
    await looked.wait()
    return pushing


@asynccontextmanager
async def _pushing(bench: Bench, receiver: _Receiver, said: list[str]) -> AsyncIterator[None]:
    """Push what becomes due in the block to `receiver`, which has it all at the end."""

    def say(text: Text) -> None:
        said.append(text.en)

    with listen("127.0.0.1", 0) as listener:
        url = f"{origin('127.0.0.1', listener)}/delivery/{SECRET}"
        config = uvicorn.Config(receiver, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=0)
        server = SignalFreeServer(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        pushing = await _started(bench, url, say)
        yield
        with anyio.fail_after(BOUND):
            await receiver.complete.wait()
        pushing.cancel()
        await asyncio.wait([pushing])
        server.should_exit = True
        await serving
    assert pushing.cancelled()


async def test_what_becomes_due_is_posted_once(bench: Bench) -> None:
    # Of an order from before, its final state is due too.
    receiver, said = _Receiver(5), list[str]()
    bench.send(CAN)
    bench.wait(1)
    async with _pushing(bench, receiver, said):
        order_id = bench.send(ALI, NUMBER + "112", text="Selam")
        bench.wait(1)
        with anyio.fail_after(BOUND):
            await receiver.half.wait()
        bench.wait(8)
    reports = [report for report in receiver.reports if report.order_id == order_id]
    assert Counter((report.recipient, report.status) for report in reports) == {
        (ALI, "accepted"): 1,
        (ALI, "delivered"): 1,
        (NUMBER + "112", "accepted"): 1,
        (NUMBER + "112", "undelivered"): 1,
    }
    assert receiver.targets == {f"POST /delivery/{SECRET}"}
    assert said == []


async def test_no_proxy_of_the_environment_sees_the_secret(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    receiver, said = _Receiver(1), list[str]()
    async with _pushing(bench, receiver, said):
        bench.send(ALI)
        bench.wait(1)
    assert (len(receiver.reports), said) == (1, [])


async def test_at_most_twenty_are_posted_at_once(bench: Bench) -> None:
    receiver = _Receiver(30)
    receiver.gate.clear()
    async with _pushing(bench, receiver, []):
        bench.send(*(f"+90534000{place:04}" for place in range(30)))
        bench.wait(1)
    assert receiver.most_waiting == push.POSTS_AT_ONCE == 20


@pytest.mark.parametrize(("status", "reason"), [(404, "HTTP 404"), (307, "HTTP 307")])
async def test_a_failure_is_said_once_and_nothing_is_repeated(bench: Bench, status: int, reason: str) -> None:
    receiver, said = _Receiver(3, status), list[str]()
    async with _pushing(bench, receiver, said):
        bench.send(ALI, VELI, CAN)
        bench.wait(1)
    assert len(receiver.reports) == 3
    assert said == [
        f"A report could not be pushed ({reason}); the sandbox does not repeat it, goes on with the next, and says so once."
    ]
    assert receiver.targets == {f"POST /delivery/{SECRET}"}


async def test_an_address_that_does_not_answer_is_said_without_its_secret(bench: Bench) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()
    with listen("127.0.0.1", 0) as closed:
        url = f"{origin('127.0.0.1', closed)}/delivery/{SECRET}"
    pushing = await _started(bench, url, lambda text: said.put_nowait(text.en))
    bench.send(ALI, VELI)
    bench.wait(1)
    with anyio.fail_after(BOUND):
        sentence = await said.get()
    pushing.cancel()
    await asyncio.wait([pushing])
    assert "(ConnectError)" in sentence
    assert SECRET not in sentence
    assert said.empty()


async def test_what_was_due_while_the_file_was_locked_is_posted_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver, calls = _Receiver(1), list[float]()
    pushes = bench.provider.pushes

    def locked_once(after: float, until: float) -> list[dict[str, Any]]:
        calls.append(after)
        if len(calls) == 1:
            raise sqlite3.OperationalError("database is locked")
        return pushes(after, until)

    monkeypatch.setattr(bench.provider, "pushes", locked_once)
    async with _pushing(bench, receiver, []):
        bench.send(ALI)
        bench.wait(1)
    assert calls[0] == calls[1]
    assert [report.status for report in receiver.reports] == ["accepted"]
