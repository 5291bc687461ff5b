"""What the ledger keeps, for how long, and what can be found in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger

from .machine import (
    BLOCKING,
    DAY,
    HOUR,
    MINUTE,
    ORDER,
    REFUSED,
    SECOND,
    UNKNOWN,
    A,
    B,
    C,
    D,
    Machine,
    begun,
    campaign,
    ids,
    on_record,
    sending,
    stepped,
    usage_of,
)


async def test_entries_go_after_ninety_days(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    machine.wait(DAY)
    await begun(ledger, BLOCKING)
    machine.wait(89 * DAY)
    await ledger.prune()
    assert ids(await ledger.latest(9)) == [2]
    ledger.close()
    machine.wait(DAY)
    assert await ledger.latest(9) == []
    assert (await begun(ledger)).id == 3
    ledger.close()
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        assert file.execute("SELECT attempt FROM recipients").fetchall() == [(3,)]
        assert file.execute("SELECT attempt FROM confirmation_code").fetchall() == [(3,)]


async def test_old_entries_are_deleted_once_an_hour(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger)
    machine.wait(90 * DAY - 30 * MINUTE)
    assert ids(await ledger.latest(9)) == [1]
    machine.wait(59 * MINUTE)
    assert ids(await ledger.latest(9)) == [1]
    machine.wait(MINUTE)
    assert await ledger.latest(9) == []


@pytest.mark.parametrize(
    ("outcome", "found", "scheduled", "kept_for"),
    [
        (ORDER, True, False, 10 * MINUTE),
        (ORDER, True, True, 3 * DAY + 10 * MINUTE),
        (REFUSED, True, False, timedelta()),
        (AttemptOutcome("nothing_done"), True, True, timedelta()),
        (UNKNOWN, True, False, None),
        (UNKNOWN, False, False, DAY),
        (UNKNOWN, False, True, 4 * DAY),
        (None, True, False, None),
    ],
)
async def test_the_digests_of_recipients_are_kept_no_longer_than_they_hold_something_back(
    tmp_path: Path,
    machine: Machine,
    outcome: AttemptOutcome | None,
    found: bool,
    scheduled: bool,
    kept_for: timedelta | None,
) -> None:
    ledger = machine.ledger(tmp_path)
    attempt = await begun(ledger, sending(A, B, send_at=machine.now + 3 * DAY if scheduled else None))
    if outcome is not None:
        await ledger.settle(attempt, outcome)
    if not found:
        await ledger.settle_unknown(attempt, None)
    machine.wait(max(timedelta(), (89 * DAY if kept_for is None else kept_for) - SECOND))
    ledger.close()
    await ledger.prune()
    assert await ledger.are_recipients(attempt, [A, B]) == (kept_for != timedelta())
    machine.wait(SECOND)
    ledger.close()
    await ledger.prune()
    assert await ledger.are_recipients(attempt, [A, B]) == (kept_for is None)
    assert len(await ledger.about(A)) == (kept_for is None)
    assert await on_record(ledger, 1) is not None
    ledger.close()


async def test_a_cancelled_sends_digests_go_at_once(machine: Machine, ledger: SqliteLedger) -> None:
    attempt = await begun(ledger, sending(A, send_at=machine.now + DAY))
    await ledger.settle(attempt, ORDER, cancelled_order_id="123")
    machine.wait(HOUR)
    await ledger.prune()
    assert not await ledger.are_recipients(attempt, [A])


async def test_the_recipients_of_a_send_are_recognised(ledger: SqliteLedger) -> None:
    attempt, blocking = await begun(ledger, sending(A, B)), await begun(ledger, BLOCKING)
    assert await ledger.are_recipients(attempt, [A])
    assert await ledger.are_recipients(attempt, [B, A])
    assert await ledger.are_recipients(attempt, [])
    assert not await ledger.are_recipients(attempt, [A, C])
    assert not await ledger.are_recipients(blocking, [A])


async def test_a_number_finds_the_attempts_that_went_to_it(tmp_path: Path, machine: Machine) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other",))
    await begun(ledger, sending(A, B))
    await begun(ledger, sending(C))
    await begun(ledger, sending(A, text="another"))
    await begun(ledger, sending(D, A, text=f"{sending().message}"))
    await begun(ledger, BLOCKING)
    await begun(other, sending(A))
    assert [ids(await ledger.about(number)) for number in (A, B, C, D, "+905329999999")] == [
        [1, 3, 4],
        [1],
        [2],
        [4],
        [],
    ]
    assert ids(await other.about(A)) == [6]
    ledger.close()
    other.close()


async def test_a_forgotten_number_is_in_no_list_and_holds_nothing_back(tmp_path: Path, machine: Machine) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other",))
    both, alone = await begun(ledger, sending(A, B)), await begun(ledger, sending(A, text="another"))
    await begun(ledger, sending(C))
    await begun(other, sending(A))
    assert ids(await ledger.forget(A)) == [1, 2]
    assert await ledger.about(A) == await ledger.forget(A) == []
    assert [ids(await ledger.about(number)) for number in (B, C)] == [[1], [3]]
    assert ids(await other.about(A)) == [4]
    assert await ledger.are_recipients(both, [B])
    assert not await ledger.are_recipients(both, [A])
    assert not await ledger.are_recipients(alone, [A])
    assert (await usage_of(ledger, sending(A))).overlap is None
    assert (await usage_of(ledger, sending(A, text="another"))).overlap is None
    overlap = (await usage_of(ledger, sending(A, B))).overlap
    assert overlap is not None
    assert overlap.recipients == (B,)
    ledger.close()
    other.close()
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        lists = file.execute("SELECT attempt, length(digests) FROM recipients").fetchall()
    assert lists == [(1, 8), (3, 8), (4, 8)]


async def test_what_has_ended_is_owed_to_the_audit_log_until_it_is_there(
    machine: Machine, ledger: SqliteLedger
) -> None:
    settled = await begun(ledger, sending(A), audit_owed=True)
    await ledger.settle(settled, ORDER)
    await begun(ledger, sending(B), audit_owed=True)
    await begun(ledger, sending(C))
    blocking = await begun(ledger, BLOCKING, audit_owed=True)
    await ledger.settle(blocking, REFUSED)
    owed = await ledger.unaudited_attempts()
    assert [(attempt.id, attempt.state) for attempt in owed] == [(1, "done"), (4, "refused")]
    for attempt in owed:
        await ledger.mark_audited(attempt)
    assert await ledger.unaudited_attempts() == []
    machine.wait(MINUTE)
    assert [(attempt.id, attempt.state) for attempt in await ledger.unaudited_attempts()] == [(2, "unknown")]


async def test_each_account_owes_its_own_to_the_audit_log(tmp_path: Path, machine: Machine) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other",))
    await ledger.settle(await begun(ledger, audit_owed=True), ORDER)
    assert await other.unaudited_attempts() == []
    assert ids(await ledger.unaudited_attempts()) == [1]
    ledger.close()
    other.close()


async def test_the_queries_of_a_send_use_an_index(ledger: SqliteLedger) -> None:
    statements: list[str] = []
    await begun(ledger)
    assert ledger._connection is not None
    ledger._connection.set_trace_callback(statements.append)
    code = await ledger.issue(sending(D), "ayse", "code", HOUR)
    await begun(ledger, sending(D), code=code)
    await ledger.orders(["1"])
    await ledger.unsettled_sends()
    await ledger.unaudited_attempts()
    parent = await begun(ledger, campaign(text="campaign"))
    step = await stepped(ledger, parent, A, text="campaign")
    await ledger.steps(parent)
    await ledger.campaign("k-1")
    await ledger.handed_over("k-1", [A])
    await ledger.settle(parent, AttemptOutcome("unknown"))
    await ledger.settle(step, ORDER)
    ledger._connection.set_trace_callback(None)
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) > 8
    for statement in selects:
        plan = [str(row[3]) for row in ledger._connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if step.startswith(("SCAN attempt", "SCAN recipients", "SCAN campaign"))], (
            statement,
            plan,
        )


async def test_a_scheduled_send_is_kept_for_ninety_days_after_its_time(machine: Machine, ledger: SqliteLedger) -> None:
    change = sending(A, send_at=machine.now + 92 * DAY)
    await ledger.settle(await begun(ledger, change), ORDER)
    machine.wait(92 * DAY)
    assert (await usage_of(ledger, change)).overlap is not None
    assert ids([*(await ledger.orders(["123"])).values()]) == [1]
    machine.wait(90 * DAY - HOUR)
    assert ids(await ledger.latest(9)) == [1]
    machine.wait(2 * HOUR)
    assert await ledger.latest(9) == []


@pytest.mark.parametrize("restarts", [1, 2, 3])
@pytest.mark.parametrize("ahead", [26 * HOUR, 91 * DAY])
async def test_a_clock_set_forward_deletes_nothing_before_the_provider_has_answered(
    tmp_path: Path, machine: Machine, ahead: timedelta, restarts: int
) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.record_provider_time(machine.now)
    await ledger.settle(await begun(ledger, audit_owed=True), ORDER)
    await ledger.settle(await begun(ledger, sending(D), audit_owed=True), UNKNOWN)
    right = machine.now
    for step in (ahead, *(restarts - 1) * [timedelta()]):
        ledger.close()
        machine.restart(step)
        await ledger.prune()
        code = await ledger.issue(BLOCKING, "ayse", "code", HOUR)
        await ledger.withdraw(code)
    await ledger.record_provider_time(right)
    for change in (sending(), sending(D)):
        assert (await usage_of(ledger, change)).overlap is not None
    assert ids(await ledger.unaudited_attempts()) == [1, 2]
    ledger.close()


async def test_after_the_providers_answer_old_entries_go_as_ever(machine: Machine, ledger: SqliteLedger) -> None:
    await ledger.record_provider_time(machine.now)
    await begun(ledger)
    machine.restart(91 * DAY)
    await ledger.prune()
    assert ids(await ledger.latest(9)) == [1]
    await ledger.record_provider_time(machine.now)
    machine.wait(HOUR)
    assert await ledger.latest(9) == []
