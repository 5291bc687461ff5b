"""A call waits for another process and for the calls before it within one time, and its caller may give up."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from iletimerkezi_mcp.ledger import database, schema, sqlite
from iletimerkezi_mcp.ledger.attempts import Usage
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.ledger import CodeUsed, Started
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from tests.loop_clock import LoopClock

from .machine import AYSE, BLOCKING, LIFE, A, Machine, agree, attempt, begun, sending
from .version_2 import Version2


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep the ledger locked as another process would."""
    with closing(sqlite3.connect(folder / LEDGER_FILE, isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        yield
        file.execute("ROLLBACK")


async def test_a_ledger_that_is_locked_for_too_long_is_reported(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    with _locked(tmp_path), pytest.raises(LedgerUnavailableError, match="locked"):
        await ledger.issue(sending(), "ayse", "code", LIFE)
    assert await ledger.latest(9) == [first]
    await ledger.issue(sending(), "ayse", "code", LIFE)
    ledger.close()


async def test_a_locked_ledger_can_still_be_read(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    with _locked(tmp_path):
        assert await ledger.latest(9) == [first]
    ledger.close()


class _Gate:
    """A check that keeps its call, and with it all others, until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, usage: Usage) -> None:
        self.entered.set()
        assert self.opened.wait(60)

    async def holding(self, ledger: SqliteLedger) -> asyncio.Task[object]:
        """Return the task of a send that has entered the gate."""
        code = await ledger.issue(sending(), "ayse", "code", LIFE)
        task: asyncio.Task[object] = asyncio.create_task(
            ledger.begin(sending(), code=code, confirmed_by="code", identity=AYSE, audit_owed=False, check_limits=self)
        )
        assert await asyncio.to_thread(self.entered.wait, 60)
        return task


async def test_calls_that_wait_for_their_turn_too_long_all_fail_and_none_reaches_the_file(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, gate, clock = machine.ledger(tmp_path), _Gate(), LoopClock()
    holding = await gate.holding(ledger)
    monkeypatch.delattr(database, "transaction")
    waiting = [asyncio.create_task(ledger.issue(BLOCKING, "ayse", "code", LIFE)) for _ in range(20)]
    await anyio.wait_all_tasks_blocked()
    await clock.tick(database.BUSY_SECONDS + 1)
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [LedgerUnavailableError] * 20
    assert "locked" in str(answers[0])
    monkeypatch.undo()
    gate.opened.set()
    assert isinstance(await holding, Started)
    assert isinstance(await attempt(ledger, BLOCKING), Started)
    ledger.close()


async def test_a_call_that_has_waited_for_its_turn_waits_for_the_file_only_for_the_rest(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    now = 0.0
    waits: list[float] = []

    @contextmanager
    def locked(connection: object, mode: object, clock: object, place: object, seconds: float) -> Iterator[None]:
        nonlocal now
        now += seconds
        waits.append(seconds)
        error = database.Failure("locked")
        error.sqlite_errorname = "SQLITE_BUSY"
        raise error
        yield

    monkeypatch.setattr(sqlite, "time", SimpleNamespace(monotonic=lambda: now))
    with monkeypatch.context() as patch:
        patch.setattr(database, "transaction", locked)
        answers = await asyncio.gather(
            *(ledger.issue(BLOCKING, "ayse", "code", LIFE) for _ in range(10)), return_exceptions=True
        )
    assert [type(answer) for answer in answers] == [LedgerUnavailableError] * 10
    assert waits == [database.BUSY_SECONDS] + [0.0] * 9
    assert await ledger.latest(9) == [first]
    ledger.close()


async def test_a_file_to_be_brought_forward_is_waited_for_within_the_same_time(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    Version2(tmp_path).close()
    ledger = machine.ledger(tmp_path)
    now = 0.0
    waits: list[float] = []
    migrate = schema.migrate

    def locked(connection: sqlite3.Connection, *_: object) -> None:
        nonlocal now
        waits.append(connection.execute("PRAGMA busy_timeout").fetchone()[0] / 1000)
        now += waits[-1]
        error = database.Failure("locked")
        error.sqlite_errorname = "SQLITE_BUSY"
        raise error

    def unlocked_late(*arguments: Any) -> None:
        nonlocal now
        now += 3
        migrate(*arguments)

    monkeypatch.setattr(sqlite, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(schema, "migrate", locked)
    answers = await asyncio.gather(*(ledger.latest(9) for _ in range(10)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LedgerUnavailableError] * 10
    assert waits == [database.BUSY_SECONDS] + [0.0] * 9
    monkeypatch.setattr(schema, "migrate", unlocked_late)
    assert await ledger.latest(9) == []
    assert ledger._connection is not None
    assert ledger._connection.execute("PRAGMA busy_timeout").fetchone()[0] == 2_000
    ledger.close()


async def test_a_caller_cancelled_while_it_waits_does_nothing(tmp_path: Path, machine: Machine) -> None:
    ledger, gate = machine.ledger(tmp_path), _Gate()
    code = await ledger.issue(BLOCKING, "ayse", "code", LIFE)
    holding = await gate.holding(ledger)
    async with anyio.create_task_group() as tasks:

        async def wait() -> None:
            await attempt(ledger, BLOCKING, code=code)
            raise AssertionError

        tasks.start_soon(wait)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    gate.opened.set()
    assert isinstance(await holding, Started)
    assert [one.tool for one in await ledger.latest(9)] == [sending().tool]
    assert isinstance(await attempt(ledger, BLOCKING, code=code), Started)
    ledger.close()


@pytest.mark.parametrize("by", ["a scope", "its task"])
async def test_a_caller_cancelled_in_the_middle_still_commits(tmp_path: Path, machine: Machine, by: str) -> None:
    ledger, gate = machine.ledger(tmp_path), _Gate()
    code = await ledger.issue(sending(), "ayse", "code", LIFE)
    scope = anyio.CancelScope()
    answers: list[object] = []

    async def call() -> None:
        with scope:
            answers.append(
                await ledger.begin(
                    sending(), code=code, confirmed_by="code", identity=AYSE, audit_owed=False, check_limits=gate
                )
            )

    task = asyncio.create_task(call())
    assert await asyncio.to_thread(gate.entered.wait, 60)
    if by == "a scope":
        scope.cancel()
    else:
        task.cancel()
    next_call = asyncio.create_task(ledger.latest(9))
    gate.opened.set()
    await asyncio.wait([task])
    (kept,) = await next_call
    if by == "a scope":
        (started,) = answers
        assert isinstance(started, Started)
        assert started.attempt == kept
    assert await attempt(ledger, code=code) == CodeUsed(kept)
    ledger.close()


async def test_closing_waits_for_the_call_that_runs(tmp_path: Path, machine: Machine) -> None:
    ledger, gate = machine.ledger(tmp_path), _Gate()
    holding = await gate.holding(ledger)
    closing_ = asyncio.create_task(asyncio.to_thread(ledger.close))
    gate.opened.set()
    assert isinstance(await holding, Started)
    await closing_
    assert len(await ledger.latest(9)) == 1
    ledger.close()


async def test_a_call_after_another_has_failed_gets_its_turn(machine: Machine) -> None:
    def check_limits(_: Usage) -> None:
        raise ZeroDivisionError

    ledger = machine.ledger()
    code = await ledger.issue(sending(A), "ayse", "code", LIFE)
    with pytest.raises(ZeroDivisionError):
        await ledger.begin(
            sending(A), code=code, confirmed_by="code", identity=AYSE, audit_owed=False, check_limits=check_limits
        )
    assert isinstance(
        await ledger.begin(
            sending(A), code=code, confirmed_by="code", identity=AYSE, audit_owed=False, check_limits=agree
        ),
        Started,
    )
