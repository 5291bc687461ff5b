"""Several calls use one ledger at the same instant: from tasks, threads and real processes."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from iletimerkezi_mcp.ledger.ledger import Started
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger

from .machine import LIFE, A, B, C, D, Machine, attempt, begun, sending
from .racing import race

ONCE = {"Started": 1, "CodeUsed": 9}
OVERLAPPING = {"Started": 1, "Overlap": 9}


def _kinds(answers: Sequence[object]) -> Counter[str]:
    return Counter(type(answer).__name__ for answer in answers)


@pytest.mark.parametrize("shared", [True, False], ids=["one ledger", "a ledger each"])
async def test_ten_calls_at_once_with_one_code_act_once(tmp_path: Path, machine: Machine, shared: bool) -> None:
    ledgers = [machine.ledger(tmp_path)] * 10 if shared else [machine.ledger(tmp_path) for _ in range(10)]
    code = await ledgers[0].issue(sending(), "ayse", "code", LIFE)
    answers = await asyncio.gather(*(attempt(ledger, code=code) for ledger in ledgers))
    assert len(await ledgers[0].latest(99)) == 1
    for ledger in ledgers:
        ledger.close()
    assert _kinds(answers) == ONCE


@pytest.mark.parametrize("shared", [True, False], ids=["one text to the same people", "one text to one of them"])
async def test_ten_sends_at_once_that_overlap_act_once(tmp_path: Path, machine: Machine, shared: bool) -> None:
    ledger = machine.ledger(tmp_path)
    changes = [sending(A, B) if shared or number % 2 else sending(B) for number in range(10)]
    codes = [await ledger.issue(change, "ayse", "code", LIFE) for change in changes]
    answers = await asyncio.gather(
        *(attempt(ledger, change, code=code) for change, code in zip(changes, codes, strict=True))
    )
    ledger.close()
    assert _kinds(answers) == OVERLAPPING


def _in_threads(folder: Path, machine: Machine, codes: Sequence[str]) -> list[object]:
    """Return the answers of as many threads as there are codes, each with a loop and a ledger of its own."""
    barrier = threading.Barrier(len(codes), timeout=60)

    def call(code: str) -> object:
        ledger = machine.ledger(folder)
        barrier.wait()
        try:
            return asyncio.run(attempt(ledger, code=code))
        finally:
            ledger.close()

    with ThreadPoolExecutor(len(codes)) as pool:
        return list(pool.map(call, codes))


async def test_ten_threads_with_one_code_act_once(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    code = await ledger.issue(sending(), "ayse", "code", LIFE)
    answers = await asyncio.to_thread(_in_threads, tmp_path, machine, [code] * 10)
    assert len(await ledger.latest(99)) == 1
    ledger.close()
    assert _kinds(answers) == ONCE


async def test_ten_threads_with_a_code_each_send_once(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    codes = [await ledger.issue(sending(), "ayse", "code", LIFE) for _ in range(10)]
    answers = await asyncio.to_thread(_in_threads, tmp_path, machine, codes)
    ledger.close()
    assert _kinds(answers) == OVERLAPPING


async def test_of_many_reports_at_once_one_settles_a_send(tmp_path: Path, machine: Machine) -> None:
    ledgers = [machine.ledger(tmp_path) for _ in range(4)]
    sends = [await begun(ledgers[0], sending(number)) for number in (A, B, C, D)]
    for send in sends:
        await ledgers[0].settle(send, AttemptOutcome("unknown"))
    settled = await asyncio.gather(
        *(ledger.settle_unknown(send, "5") for ledger, send in zip(ledgers, sends, strict=True)),
    )
    assert sorted(settled) == [False, False, False, True]
    for ledger in ledgers:
        ledger.close()


async def _issued(ledger: SqliteLedger) -> str:
    return await ledger.issue(sending(), "ayse", "code", LIFE)


def test_processes_with_one_code_act_once(tmp_path: Path) -> None:
    ledger = Machine().ledger(tmp_path)
    code = asyncio.run(_issued(ledger))
    answers = race(tmp_path, code)
    kept = asyncio.run(ledger.latest(9))
    ledger.close()
    assert sorted(kind for kind, _ in answers) == ["CodeUsed", "CodeUsed", "CodeUsed", "Started"]
    assert len(kept) == 1


def test_processes_that_start_at_once_share_one_new_ledger_and_its_keys(tmp_path: Path) -> None:
    answers = race(tmp_path / "state", "NOBODYSCODE2")
    ledger = Machine().ledger(tmp_path / "state")
    assert answers == [["CodeInvalid", ledger.request_state_key().hex()]] * 4
    ledger.close()
    assert {path.name for path in (tmp_path / "state").iterdir()} == {"ledger.key", "ledger.sqlite3"}


async def test_a_ledger_serves_one_event_loop_after_another(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    first = await asyncio.to_thread(asyncio.run, attempt(ledger))
    assert isinstance(first, Started)
    assert await ledger.latest(9) == [first.attempt]
    ledger.close()
