"""A send is held back for the people to whom the same text went a moment ago, or may have gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome, Overlap
from iletimerkezi_mcp.ledger.ledger import CodeInvalid, Started
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from tests.calls import CANCEL_ORDER

from .machine import (
    BLOCKING,
    LIFE,
    TEXT,
    A,
    B,
    C,
    D,
    Machine,
    PlannedChange,
    attempt,
    begun,
    on_record,
    sending,
    state,
    usage_of,
)

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ORDER = AttemptOutcome("done", order_id="123")
UNKNOWN = AttemptOutcome("unknown")
REFUSED = AttemptOutcome("refused", status_code=450)
OTHERS = ("+905325555555", "+905326666666")
NEARLY = "SIPARISINIZ YOLA CIKTI"


def _id(found: Attempt | None) -> int | None:
    return None if found is None else found.id


HOLDS = [
    (None, timedelta(), DAY),
    (ORDER, timedelta(), 10 * MINUTE),
    (UNKNOWN, timedelta(), DAY),
    (None, 3 * HOUR, DAY),
    (ORDER, 3 * HOUR, 3 * HOUR + 10 * MINUTE),
    (UNKNOWN, 3 * HOUR, DAY),
    (None, 3 * DAY, 3 * DAY + 10 * MINUTE),
    (ORDER, 3 * DAY, 3 * DAY + 10 * MINUTE),
    (UNKNOWN, 3 * DAY, 3 * DAY + 10 * MINUTE),
    (ORDER, -HOUR, 10 * MINUTE),
]


@pytest.mark.parametrize(("outcome", "ahead", "span"), HOLDS)
@pytest.mark.parametrize("restart", [False, True])
async def test_the_same_text_to_the_same_person_is_held_back(
    tmp_path: Path, outcome: AttemptOutcome | None, ahead: timedelta, span: timedelta, restart: bool
) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger, sending(A, B, send_at=machine.now + ahead if ahead else None))
    until = machine.now + span
    if outcome:
        await ledger.settle(first, outcome)
    if restart:
        ledger.close()
        machine.restart()
        ledger = machine.ledger(tmp_path)
    machine.wait(max(MINUTE, span - MINUTE))
    again = sending(C, B, text=f" {TEXT}\u200b", credits_=1, label="another", message_type="commercial")
    held = await attempt(ledger, again)
    kept = await on_record(ledger, first.id)
    assert kept is not None
    assert held == Overlap(kept, (B,), until)
    assert (await usage_of(ledger, again)).overlap == held
    assert await ledger.latest(9) == [kept]
    machine.wait(MINUTE)
    usage = await usage_of(ledger, again)
    assert usage.overlap is None
    assert usage.unsettled_attempt == (None if outcome == ORDER else kept)
    assert isinstance(await attempt(ledger, again), Started)
    ledger.close()


async def test_a_send_in_flight_holds_for_ten_minutes_while_its_process_may_live(
    machine: Machine, ledger: SqliteLedger
) -> None:
    first = await begun(ledger)
    assert await attempt(ledger) == Overlap(first, (A, B, C), machine.now + 10 * MINUTE)


@pytest.mark.parametrize("outcome", [REFUSED, AttemptOutcome("nothing_done")])
async def test_a_send_that_came_to_nothing_holds_nothing_back(ledger: SqliteLedger, outcome: AttemptOutcome) -> None:
    await ledger.settle(await begun(ledger), outcome)
    usage = await usage_of(ledger)
    assert (usage.overlap, usage.unsettled_attempt, usage.recent_attempt) == (None, None, None)
    assert isinstance(await attempt(ledger), Started)


async def test_a_cancelled_order_holds_nothing_back(machine: Machine, ledger: SqliteLedger) -> None:
    await ledger.settle(await begun(ledger, sending(A, send_at=machine.now + DAY)), ORDER)
    cancelling = await begun(ledger, PlannedChange(CANCEL_ORDER, b"digest", order_id="123"))
    assert (await usage_of(ledger, sending(A))).overlap is not None
    await ledger.settle(cancelling, AttemptOutcome("done"), cancelled_order_id="123")
    usage = await usage_of(ledger, sending(A))
    assert (usage.overlap, usage.unsettled_attempt, usage.recent_attempt) == (None, None, None)


@pytest.mark.parametrize("earlier", [(A,), (A, B)])
@pytest.mark.parametrize("later", [(A,), (C, A)])
async def test_one_person_is_found_among_many_and_alone(
    machine: Machine, ledger: SqliteLedger, earlier: tuple[str, ...], later: tuple[str, ...]
) -> None:
    first = await begun(ledger, sending(*earlier))
    for other in (sending(D), sending(*OTHERS), sending(*earlier, text="another")):
        await begun(ledger, other)
    overlap = (await usage_of(ledger, sending(*later))).overlap
    assert overlap == Overlap(first, (A,), machine.now + 10 * MINUTE)


async def test_what_is_about_others_another_text_or_no_message_is_not_held_back(ledger: SqliteLedger) -> None:
    await begun(ledger, sending(A, B))
    for change in (sending(C), sending(D, C, text="x"), sending(A, B, text="another"), BLOCKING, BLOCKING):
        await begun(ledger, change)


async def test_held_recipients_are_in_the_senders_order_and_the_longest_hold_is_named(
    machine: Machine, ledger: SqliteLedger
) -> None:
    await ledger.settle(await begun(ledger, sending(A)), ORDER)
    machine.wait(MINUTE)
    second = await begun(ledger, sending(B, C))
    await ledger.settle(second, UNKNOWN)
    machine.wait(MINUTE)
    await ledger.settle(await begun(ledger, sending("+905325555555")), AttemptOutcome("done", order_id="9"))
    overlap = (await usage_of(ledger, sending(C, D, "+905325555555", A))).overlap
    assert overlap == Overlap(
        (await ledger.unsettled_sends())[0], (C, "+905325555555", A), machine.now - MINUTE + DAY, 3
    )
    overlap = (await usage_of(ledger, sending(A, "+905325555555"))).overlap
    assert overlap is not None
    assert (overlap.attempt.id, overlap.until) == (3, machine.now + 10 * MINUTE)
    assert (await usage_of(ledger, sending(D))).overlap is None


@pytest.mark.parametrize("ahead", [timedelta(), 3 * DAY])
async def test_a_send_that_was_not_found_holds_nothing_back_and_is_doubted_until_a_day_after_its_time(
    machine: Machine, ledger: SqliteLedger, ahead: timedelta
) -> None:
    first = await begun(ledger, sending(send_at=machine.now + ahead if ahead else None))
    await ledger.settle(first, UNKNOWN)
    assert await ledger.settle_unknown(first, None)
    usage = await usage_of(ledger, sending(C))
    assert (usage.overlap, _id(usage.unsettled_attempt), usage.recent_attempt) == (None, 1, None)
    second = await begun(ledger, sending(C, D))
    usage = await usage_of(ledger, sending(C))
    assert usage.overlap == Overlap(second, (C,), machine.now + 10 * MINUTE)
    assert _id(usage.unsettled_attempt) == 1
    await ledger.settle(second, ORDER)
    machine.wait(ahead + DAY - SECOND)
    await ledger.prune()
    assert _id((await usage_of(ledger, sending(C))).unsettled_attempt) == 1
    machine.wait(SECOND)
    usage = await usage_of(ledger, sending(C))
    assert (usage.overlap, usage.unsettled_attempt) == (None, None)


async def test_an_unknown_send_is_doubted_for_as_long_as_it_is_kept(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger, sending(A, B))
    machine.wait(90 * DAY - SECOND)
    await ledger.prune()
    usage = await usage_of(ledger, sending(B))
    assert (usage.overlap, _id(usage.unsettled_attempt)) == (None, 1)
    assert (await usage_of(ledger, sending(C))).unsettled_attempt is None
    machine.wait(HOUR)
    assert (await usage_of(ledger, sending(B))).unsettled_attempt is None


@pytest.mark.parametrize("ahead", [timedelta(days=1000), timedelta(days=-20_000)])
async def test_a_clock_set_within_a_start_frees_nothing(
    machine: Machine, ledger: SqliteLedger, ahead: timedelta
) -> None:
    first = await begun(ledger)
    await ledger.settle(first, ORDER)
    machine.set_clock(ahead)
    overlap = (await usage_of(ledger)).overlap
    assert overlap is not None
    assert overlap.until == machine.now + 10 * MINUTE
    machine.wait(10 * MINUTE)
    assert (await usage_of(ledger)).overlap is None


async def test_a_clock_that_once_ran_years_ahead_holds_back_for_its_span_only(
    machine: Machine, ledger: SqliteLedger
) -> None:
    machine.set_clock(timedelta(days=1000))
    await ledger.settle(await begun(ledger), ORDER)
    machine.restart(-timedelta(days=1000))
    assert isinstance(await attempt(ledger), Overlap)
    machine.wait(10 * MINUTE)
    assert isinstance(await attempt(ledger), Started)


async def test_a_clock_that_is_years_behind_for_one_start_frees_nothing(tmp_path: Path) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    await ledger.settle(await begun(ledger), UNKNOWN)
    for change in (-timedelta(days=20_000), timedelta(days=20_000)):
        ledger.close()
        machine.restart(change)
        assert isinstance(await attempt(ledger), Overlap)
    ledger.close()


async def test_a_clock_set_forward_across_a_restart_frees_nothing_once_the_provider_has_answered(
    tmp_path: Path,
) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    await ledger.settle(await begun(ledger), UNKNOWN)
    provider = machine.now + timedelta(seconds=3)
    await ledger.record_provider_time(provider)
    assert (await usage_of(ledger)).clock_difference == timedelta(seconds=3)
    ledger.close()
    machine.restart(HOUR + 30 * DAY)
    assert (await usage_of(ledger)).overlap is None
    await ledger.record_provider_time(provider + HOUR)
    usage = await usage_of(ledger)
    assert usage.overlap is not None
    assert usage.overlap.until == machine.now + 23 * HOUR
    assert usage.clock_difference == timedelta(seconds=3) - 30 * DAY
    machine.wait(23 * HOUR)
    assert (await usage_of(ledger)).overlap is None
    ledger.close()


@pytest.mark.parametrize("date", [timedelta(days=-20_000), timedelta(days=20_000)])
async def test_a_mad_date_of_the_provider_ends_no_hold_early_and_holds_for_its_span_only(
    tmp_path: Path, date: timedelta
) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    await ledger.record_provider_time(machine.now)
    await ledger.settle(await begun(ledger), ORDER)
    ledger.close()
    machine.restart(MINUTE)
    await ledger.record_provider_time(machine.now + date)
    overlap = (await usage_of(ledger)).overlap
    assert overlap is not None
    assert machine.now + 9 * MINUTE <= overlap.until <= machine.now + 10 * MINUTE
    machine.wait(10 * MINUTE)
    assert (await usage_of(ledger)).overlap is None
    ledger.close()


SIMILAR = [
    NEARLY,
    f"{TEXT}!!",
    f"«{TEXT}»",
    TEXT.replace("i", "\u0456"),
    TEXT.replace("o", "\u03bf"),
    TEXT.replace(" ", ""),
]


@pytest.mark.parametrize("text", SIMILAR)
async def test_a_text_that_reads_nearly_alike_is_similar_for_ten_minutes(
    machine: Machine, ledger: SqliteLedger, text: str
) -> None:
    first = await begun(ledger, sending(A, B))
    usage = await usage_of(ledger, sending(B, text=text))
    assert (usage.overlap, usage.unsettled_attempt, usage.recent_attempt) == (None, None, first)
    assert (await usage_of(ledger, sending(C, text=text))).recent_attempt is None
    machine.wait(10 * MINUTE - SECOND)
    assert _id((await usage_of(ledger, sending(A, D, text=text))).recent_attempt) == 1
    machine.wait(SECOND)
    assert (await usage_of(ledger, sending(A, D, text=text))).recent_attempt is None


async def test_blanks_more_or_fewer_make_no_other_text(ledger: SqliteLedger) -> None:
    await begun(ledger, sending(A))
    usage = await usage_of(ledger, sending(A, text=TEXT.replace(" ", " \n\u00a0 ")))
    assert usage.overlap is not None
    assert usage.recent_attempt is None


async def test_the_last_similar_send_is_named_unless_it_came_to_nothing(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger, sending(A, text=f"{TEXT}!"))
    second = await begun(ledger, sending(A, text=f"{TEXT}?"))
    third = await begun(ledger, sending(A, text=f"{TEXT}#"))
    await ledger.settle(third, REFUSED)
    assert (await usage_of(ledger, sending(A))).recent_attempt == second
    await ledger.settle(second, UNKNOWN)
    assert _id((await usage_of(ledger, sending(A))).recent_attempt) == 2
    await ledger.settle_unknown(second, None)
    assert _id((await usage_of(ledger, sending(A))).recent_attempt) == 1


async def test_other_changes_are_doubted_and_similar_by_what_they_do(machine: Machine, ledger: SqliteLedger) -> None:
    usage = await usage_of(ledger, BLOCKING)
    assert (usage.unsettled_attempt, usage.recent_attempt) == (None, None)
    first = await begun(ledger, BLOCKING)
    usage = await usage_of(ledger, BLOCKING)
    assert (usage.overlap, usage.unsettled_attempt, usage.recent_attempt) == (None, first, None)
    await ledger.settle(first, AttemptOutcome("done"))
    usage = await usage_of(ledger, BLOCKING)
    assert (usage.unsettled_attempt, _id(usage.recent_attempt)) == (None, 1)
    assert (await usage_of(ledger, PlannedChange(BLOCKING.tool, b"other"))).recent_attempt is None
    machine.wait(10 * MINUTE - SECOND)
    assert _id((await usage_of(ledger, BLOCKING)).recent_attempt) == 1
    machine.wait(SECOND)
    second = await begun(ledger, BLOCKING)
    await ledger.settle(second, UNKNOWN)
    machine.wait(80 * DAY)
    usage = await usage_of(ledger, BLOCKING)
    assert (_id(usage.unsettled_attempt), usage.recent_attempt) == (2, None)


@pytest.mark.parametrize("outcome", [REFUSED, AttemptOutcome("nothing_done")])
async def test_another_change_that_came_to_nothing_is_neither_doubted_nor_similar(
    ledger: SqliteLedger, outcome: AttemptOutcome
) -> None:
    await ledger.settle(await begun(ledger, BLOCKING), outcome)
    usage = await usage_of(ledger, BLOCKING)
    assert (usage.unsettled_attempt, usage.recent_attempt) == (None, None)


@pytest.mark.parametrize("restarts", [1, 2])
async def test_nothing_is_deleted_by_a_clock_that_the_provider_has_not_confirmed_since_the_restart(
    tmp_path: Path, restarts: int
) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    # As in a server whose first answer came before there was a ledger.
    await ledger.record_provider_time(machine.now)
    assert not ledger.exists()
    await ledger.settle(await begun(ledger), UNKNOWN)
    right = machine.now
    ledger.close()
    machine.restart(91 * DAY)
    for _ in range(restarts - 1):
        await ledger.prune()
        ledger.close()
        machine.restart(timedelta())
    await ledger.prune()
    await ledger.record_provider_time(right)
    overlap = (await usage_of(ledger)).overlap
    assert overlap is not None
    assert overlap.attempt.state == "unknown"
    ledger.close()


async def test_a_message_that_is_scheduled_for_longer_than_attempts_are_kept_holds_until_it_goes_out(
    machine: Machine, ledger: SqliteLedger
) -> None:
    send_at = machine.now + 120 * DAY
    await ledger.settle(await begun(ledger, sending(send_at=send_at)), ORDER)
    machine.wait(119 * DAY)
    await ledger.prune()
    overlap = (await usage_of(ledger)).overlap
    assert overlap is not None
    assert overlap.until == send_at + 10 * MINUTE


async def test_an_attempt_without_its_audit_line_is_kept(machine: Machine, ledger: SqliteLedger) -> None:
    owed = await begun(ledger, audit_owed=True)
    machine.wait(91 * DAY)
    await ledger.prune()
    assert [attempt.id for attempt in await ledger.unaudited_attempts()] == [owed.id]
    await ledger.mark_audited(owed)
    machine.wait(HOUR)
    await ledger.prune()
    assert await ledger.latest(9) == []


async def test_what_happened_under_a_clock_that_was_set_forward_ages_from_then_on(tmp_path: Path) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    await ledger.record_provider_time(machine.now)
    await ledger.settle(await begun(ledger, sending(A)), ORDER)
    right = machine.now
    ledger.close()
    machine.restart(DAY)
    code = await ledger.issue(BLOCKING, "ayse", "code", LIFE)
    await ledger.settle(await begun(ledger, sending(B)), AttemptOutcome("done", "8"))
    flying = await begun(ledger, sending(C))
    await ledger.record_provider_time(right)
    machine.wait(10 * MINUTE)
    for number in (B, C):
        overlap = (await usage_of(ledger, sending(number))).overlap
        assert (overlap is None) is (number == B)
    assert await state(ledger, flying.id) == "unknown"
    assert await attempt(ledger, BLOCKING, code=code) == CodeInvalid("expired")
    machine.wait(HOUR)
    assert (await usage_of(ledger)).recipients_in_hour == 0
    ledger.close()
