from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from iletimerkezi_mcp.confirmation.group_commit import GroupCommit
from iletimerkezi_mcp.ledger.attempts import Settled
from iletimerkezi_mcp.ledger.store import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.sms.clock import system_clock
from tests.ledger.machine import ACCOUNT, begun, message, sending


class Counted(Ledger):
    """A ledger that knows how often several things were done together."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, clock=system_clock)
        self.times = 0

    @contextmanager
    def batch(self) -> Iterator[None]:
        self.times += 1
        with super().batch():
            yield


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Counted]:
    made = Counted(tmp_path)
    yield made
    made.close()


class Door:
    """Holds the ledger's thread up, so that more comes to wait."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def wait(self, _: Ledger) -> None:
        assert self._open.wait(20)

    def open(self) -> None:
        self._open.set()


def _begin(text: bytes) -> Callable[[Ledger], int]:
    return lambda ledger: begun(ledger, sending(message(message_key=text, text_key=text))).id


async def test_what_waits_is_done_together_and_each_gets_its_own_answer(ledger: Counted) -> None:
    queue, door = GroupCommit(ledger), Door()
    found: dict[int, int] = {}
    read: list[int] = []

    async def begin(place: int) -> None:
        found[place] = await queue.write(_begin(b"%d" % place))

    async def look() -> None:
        read.append(await queue.read(lambda ledger: len(ledger.recent(ACCOUNT, 99))))

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(queue.read, door.wait)
            await anyio.wait_all_tasks_blocked()
            for place in range(20):
                tasks.start_soon(begin, place)
            tasks.start_soon(look)
            await anyio.wait_all_tasks_blocked()
            door.open()
    assert (ledger.times, read) == (1, [20])
    assert found == {place: place + 1 for place in range(20)}


async def test_reads_that_wait_need_no_transaction_for_all(ledger: Counted) -> None:
    queue, door = GroupCommit(ledger), Door()
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(queue.read, door.wait)
            await anyio.wait_all_tasks_blocked()
            for _ in range(3):
                tasks.start_soon(queue.read, lambda ledger: ledger.recent(ACCOUNT, 1))
            await anyio.wait_all_tasks_blocked()
            door.open()
    assert ledger.times == 0


async def test_one_that_fails_does_not_fail_the_others(ledger: Counted) -> None:
    queue, door = GroupCommit(ledger), Door()

    def fail(_: Ledger) -> None:
        raise ZeroDivisionError

    async def failing() -> None:
        with pytest.raises(ZeroDivisionError):
            await queue.write(fail)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(queue.read, door.wait)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(queue.write, _begin(b"first"))
            tasks.start_soon(failing)
            tasks.start_soon(queue.write, _begin(b"last"))
            await anyio.wait_all_tasks_blocked()
            door.open()
    assert (ledger.times, len(ledger.recent(ACCOUNT, 9))) == (1, 2)


async def test_if_the_ledger_cannot_be_used_every_caller_gets_the_error_and_nothing_is_done(ledger: Counted) -> None:
    queue, door = GroupCommit(ledger), Door()
    code = ledger.issue(b"binding", confirmed_by="code", life=timedelta(minutes=1))
    told: list[str] = []

    def fill_up(ledger: Ledger) -> None:
        assert ledger._connection is not None
        ledger._connection.execute("PRAGMA max_page_count = 1")
        begun(ledger, sending(message(b"big", label="x" * 60_000)))

    async def unlucky(work: Callable[[Ledger], object]) -> None:
        with pytest.raises(LedgerUnavailableError, match="is full"):
            await queue.write(work)
        told.append(code)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(queue.read, door.wait)
            await anyio.wait_all_tasks_blocked()
            for work in (_begin(b"first"), fill_up, _begin(b"last")):
                tasks.start_soon(unlucky, work)
            await anyio.wait_all_tasks_blocked()
            door.open()
    assert (len(told), ledger.recent(ACCOUNT, 9)) == (3, [])
    assert (await queue.write(_begin(b"later"))) == 1


async def test_a_caller_that_is_cancelled_while_it_waits_leaves_nothing_behind(ledger: Counted) -> None:
    queue, door = GroupCommit(ledger), Door()
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(queue.read, door.wait)
            await anyio.wait_all_tasks_blocked()
            hasty = anyio.CancelScope()

            async def leave() -> None:
                with hasty:
                    await queue.write(_begin(b"hasty"))

            tasks.start_soon(leave)
            tasks.start_soon(queue.write, _begin(b"patient"))
            await anyio.wait_all_tasks_blocked()
            hasty.cancel()
            await anyio.wait_all_tasks_blocked()
            door.open()
    (only,) = ledger.recent(ACCOUNT, 9)
    assert only.send is not None
    assert only.send.message_key == b"patient"
    ledger.settle(only.id, Settled("done"))


async def test_a_caller_that_is_cancelled_during_the_commit_still_gets_its_result(ledger: Counted) -> None:
    """An attempt that is on record and is never settled would look like one whose request has left."""
    queue, first, second = GroupCommit(ledger), Door(), Door()
    reached, found = threading.Event(), list[int]()

    def stay(ledger: Ledger) -> None:
        reached.set()
        second.wait(ledger)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(queue.read, first.wait)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(queue.write, stay)
            hasty = anyio.CancelScope()

            async def begin() -> None:
                with hasty:
                    found.append(await queue.write(_begin(b"hasty")))

            tasks.start_soon(begin)
            await anyio.wait_all_tasks_blocked()
            first.open()
            assert await anyio.to_thread.run_sync(reached.wait, 20)
            hasty.cancel()
            await anyio.lowlevel.checkpoint()
            second.open()
    assert ([attempt.id for attempt in ledger.recent(ACCOUNT, 9)], found) == ([1], [1])


async def test_a_caller_that_is_cancelled_already_has_nothing_done(ledger: Counted) -> None:
    queue = GroupCommit(ledger)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await queue.write(_begin(b"hasty"))
    assert scope.cancelled_caught
    assert ledger.recent(ACCOUNT, 9) == []


async def test_nobody_waits_for_ever_if_no_thread_can_be_started(
    ledger: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = GroupCommit(ledger)
    real, door = anyio.to_thread.run_sync, anyio.Event()
    errors: list[BaseException] = []

    async def exhausted(*_: object, **__: object) -> None:
        await door.wait()
        raise RuntimeError("can't start new thread")

    async def attempt(text: bytes) -> None:
        try:
            await queue.write(_begin(text))
        except RuntimeError as error:
            errors.append(error)

    monkeypatch.setattr(anyio.to_thread, "run_sync", exhausted)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            for text in (b"a", b"b", b"c"):
                tasks.start_soon(attempt, text)
            await anyio.wait_all_tasks_blocked()
            door.set()
    assert len(errors) == 3
    monkeypatch.setattr(anyio.to_thread, "run_sync", real)
    assert await queue.write(_begin(b"d")) == 1
