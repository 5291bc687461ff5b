from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome, Identity, Send
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, REGISTER_LIST, SEND_SMS

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
    PlannedChange,
    begun,
    declaring,
    ids,
    on_record,
    sending,
    state,
    usage_of,
)

MIDNIGHT = datetime(2026, 11, 24, tzinfo=ISTANBUL)


async def test_an_attempt_is_recorded_as_made(machine: Machine, ledger: SqliteLedger) -> None:
    send_at = datetime(2026, 12, 25, 10, 0, tzinfo=ISTANBUL)
    change = sending(
        A, B, credits_=24, message_type="commercial", iys_list="TACIR", send_at=send_at, label="Kasım indirimi"
    )
    attempt = await begun(ledger, change, confirmed_by="person", principal="mehmet")
    digest, _ = await ledger.look_up(change)
    assert attempt == Attempt(
        id=1,
        tool=SEND_SMS,
        change_digest=digest,
        confirmed_by="person",
        identity=Identity("mehmet", "Host 1.0"),
        count=2,
        started=machine.now,
        state="in_flight",
        corrected_start=machine.now,
        corrected_end=machine.now + MINUTE,
        send=Send(24, "FIRMA", "commercial", "TACIR", send_at, "Kasım indirimi"),
    )
    assert await on_record(ledger, 1) == attempt


async def test_other_changes_are_recorded_with_the_order_that_they_are_about(ledger: SqliteLedger) -> None:
    attempt = await begun(ledger, PlannedChange(CANCEL_ORDER, b"digest", order_id="77"))
    assert (attempt.tool, attempt.order_id, attempt.send, attempt.count) == (CANCEL_ORDER, "77", None, 1)
    await ledger.settle(attempt, AttemptOutcome("done"))
    settled = await on_record(ledger, 1)
    assert settled is not None
    assert (settled.state, settled.order_id) == ("done", "77")
    assert await ledger.orders(["77"]) == {}


async def test_digests_of_changes_are_equal_for_equal_changes_under_one_key(ledger: SqliteLedger) -> None:
    digests = [(await ledger.look_up(change))[0] for change in (sending(A), sending(A), sending(B))]
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 32
    assert (await Machine().ledger().look_up(sending(A)))[0] != digests[0]
    assert digests[0] != sending(A).digest


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (AttemptOutcome("done", order_id="9"), ("done", "9", None)),
        (AttemptOutcome("done"), ("done", None, None)),
        (REFUSED, ("refused", None, 450)),
        (AttemptOutcome("nothing_done"), ("nothing_done", None, None)),
        (AttemptOutcome("unknown", status_code=503), ("unknown", None, 503)),
    ],
)
async def test_each_outcome_is_written_down(
    machine: Machine, ledger: SqliteLedger, outcome: AttemptOutcome, expected: tuple[object, ...]
) -> None:
    attempt = await begun(ledger)
    machine.wait(SECOND)
    await ledger.settle(attempt, outcome)
    ended = machine.now
    machine.wait(HOUR)
    settled = await on_record(ledger, 1)
    assert settled is not None
    assert (settled.state, settled.order_id, settled.status_code) == expected
    assert settled.corrected_end == ended


async def test_an_attempt_left_in_flight_for_a_minute_is_unknown(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger)
    machine.wait(59 * SECOND)
    assert await state(ledger, 1) == "in_flight"
    assert [attempt.state for attempt in await ledger.unsettled_sends()] == ["in_flight"]
    machine.wait(SECOND)
    assert await state(ledger, 1) == "unknown"
    assert [attempt.state for attempt in await ledger.unsettled_sends()] == ["unknown"]
    assert (await ledger.unsettled_sends())[0].corrected_end == machine.now


async def test_unknown_once_is_unknown_although_the_clock_goes_back(machine: Machine, tmp_path: Path) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    machine.wait(MINUTE)
    await begun(ledger, BLOCKING)
    ledger.close()
    machine.restart(-timedelta(hours=1))
    assert await state(ledger, 1) == "unknown"
    ledger.close()


@pytest.mark.parametrize("late", [REFUSED, ORDER, AttemptOutcome("nothing_done")])
@pytest.mark.parametrize("shown", ["5", None])
async def test_an_answer_that_comes_late_still_counts(
    machine: Machine, ledger: SqliteLedger, late: AttemptOutcome, shown: str | None
) -> None:
    attempt = await begun(ledger)
    machine.wait(2 * MINUTE)
    assert await ledger.settle_unknown(attempt, shown)
    await ledger.settle(attempt, late)
    settled = await on_record(ledger, 1)
    assert settled is not None
    # An order that is another send's by now must be free for it.
    assert (settled.state, settled.order_id) == (late.outcome, late.order_id)


async def test_no_answer_does_not_undo_what_a_list_showed(machine: Machine, ledger: SqliteLedger) -> None:
    attempt = await begun(ledger)
    machine.wait(2 * MINUTE)
    assert await ledger.settle_unknown(attempt, "5")
    await ledger.settle(attempt, UNKNOWN)
    settled = await on_record(ledger, 1)
    assert settled is not None
    assert (settled.state, settled.order_id) == ("done", "5")


async def test_a_cancelled_or_refused_attempt_stays_so(ledger: SqliteLedger) -> None:
    first = await begun(ledger)
    await ledger.settle(first, ORDER)
    cancelling = await begun(ledger, PlannedChange(CANCEL_ORDER, b"digest", order_id="123"))
    await ledger.settle(cancelling, AttemptOutcome("done"), cancelled_order_id="123")
    await ledger.settle(first, ORDER)
    assert await state(ledger, 1) == "cancelled"
    second = await begun(ledger)
    await ledger.settle(second, REFUSED)
    await ledger.settle(second, UNKNOWN)
    assert await state(ledger, second.id) == "refused"


async def test_an_order_is_cancelled_in_its_own_account_alone(tmp_path: Path, machine: Machine) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other",))
    first = await begun(ledger)
    await ledger.settle(first, ORDER)
    cancelling = await begun(other, PlannedChange(CANCEL_ORDER, b"digest", order_id="123"))
    await other.settle(cancelling, AttemptOutcome("done"), cancelled_order_id="123")
    assert await state(ledger, first.id) == "done"
    await ledger.settle(cancelling, AttemptOutcome("done"), cancelled_order_id="124")
    assert await state(ledger, first.id) == "done"
    await ledger.settle(cancelling, AttemptOutcome("done"), cancelled_order_id="123")
    assert await state(ledger, first.id) == "cancelled"
    ledger.close()
    other.close()


async def test_a_send_that_was_not_found_may_turn_up_later(ledger: SqliteLedger) -> None:
    attempt = await begun(ledger)
    await ledger.settle(attempt, UNKNOWN)
    assert await ledger.settle_unknown(attempt, None)
    assert [one.state for one in await ledger.unsettled_sends()] == ["not_found"]
    assert await ledger.settle_unknown(attempt, "5")
    assert {order: (one.id, one.state) for order, one in (await ledger.orders(["5", "6"])).items()} == {
        "5": (1, "done")
    }
    assert await ledger.unsettled_sends() == []


async def test_one_order_settles_one_send(ledger: SqliteLedger) -> None:
    first, second = await begun(ledger, sending(A)), await begun(ledger, sending(B))
    await ledger.settle(first, UNKNOWN)
    await ledger.settle(second, UNKNOWN)
    assert await ledger.settle_unknown(first, "5")
    assert not await ledger.settle_unknown(second, "5")
    assert not await ledger.settle_unknown(first, "6")
    assert ids(await ledger.unsettled_sends()) == [2]


async def test_a_send_in_flight_is_found_however_many_came_after_it(ledger: SqliteLedger) -> None:
    flying = await begun(ledger, sending(A))
    for number in range(501):
        await ledger.settle(await begun(ledger, sending(A, text=f"text {number}")), REFUSED)
    assert [attempt.id for attempt in await ledger.unsettled_sends()] == [flying.id]


async def test_only_a_send_of_unknown_outcome_is_settled_by_a_list(machine: Machine, ledger: SqliteLedger) -> None:
    flying, refused = await begun(ledger, sending(A)), await begun(ledger, sending(B))
    blocking = await begun(ledger, BLOCKING)
    await ledger.settle(blocking, UNKNOWN)
    await ledger.settle(refused, REFUSED)
    for attempt in (flying, blocking, refused):
        assert not await ledger.settle_unknown(attempt, "5")
        assert not await ledger.settle_unknown(attempt, None)
    assert [one.state for one in await ledger.latest(9)] == ["unknown", "refused", "in_flight"]
    assert [attempt.id for attempt in await ledger.unsettled_sends()] == [flying.id]
    machine.wait(90 * DAY)
    await ledger.prune()
    assert not await ledger.settle_unknown(flying, "5")


async def test_credits_and_counts_are_of_istanbuls_day(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger)
    machine.wait(12 * HOUR - SECOND)
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.count_today, usage.day_ends) == (6, 3, MIDNIGHT)
    await begun(ledger, sending(A, text="late", credits_=5))
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.count_today) == (11, 4)
    machine.wait(SECOND)
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.count_today, usage.day_ends) == (0, 0, MIDNIGHT + DAY)


async def test_a_send_at_the_stroke_of_midnight_belongs_to_the_new_day(machine: Machine, ledger: SqliteLedger) -> None:
    machine.wait(12 * HOUR)
    await begun(ledger)
    usage = await ledger.usage()
    assert (usage.credits_today, usage.day_ends) == (6, MIDNIGHT + DAY)


async def test_the_hour_goes_back_over_midnight_though_the_day_begins_anew(
    machine: Machine, ledger: SqliteLedger
) -> None:
    machine.wait(12 * HOUR - 600 * SECOND)
    await begun(ledger)
    machine.wait(1200 * SECOND)
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.count_today) == (0, 0)
    assert (usage.recipients_in_hour, usage.code_count_in_hour) == (3, 3)


async def test_credits_are_the_accounts_own(tmp_path: Path, machine: Machine) -> None:
    ledger, other = (
        machine.ledger(tmp_path),
        machine.ledger(tmp_path, account=("key", "https://api.example", "sandbox")),
    )
    await begun(ledger)
    usage = await usage_of(other)
    assert (usage.credits_today, usage.count_today, usage.recipients_in_hour, usage.code_count_in_hour) == (
        0,
        0,
        0,
        0,
    )
    assert usage.overlap is None
    assert await other.latest(9) == []
    ledger.close()
    other.close()


async def test_a_clock_set_ahead_does_not_bring_a_new_day(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger)
    machine.set_clock(3 * DAY)
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.count_today, usage.recipients_in_hour) == (6, 3, 3)
    assert usage.day_ends == MIDNIGHT + 3 * DAY


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (None, True),
        (ORDER, True),
        (UNKNOWN, True),
        (REFUSED, False),
        (AttemptOutcome("nothing_done"), False),
    ],
)
async def test_what_reached_nobody_costs_nothing_but_was_confirmed(
    ledger: SqliteLedger, outcome: AttemptOutcome | None, counts: bool
) -> None:
    attempt = await begun(ledger)
    if outcome is not None:
        await ledger.settle(attempt, outcome)
    usage = await usage_of(ledger, sending(D, text="other"))
    assert (usage.credits_today, usage.count_today, usage.recipients_in_hour) == ((6, 3, 3) if counts else (0, 0, 0))
    assert (usage.code_count_in_hour, usage.person_count_in_hour) == (3, 0)


async def test_a_cancelled_send_costs_nothing_and_one_that_was_not_found_does(ledger: SqliteLedger) -> None:
    first, second = await begun(ledger, sending(A)), await begun(ledger, sending(B, C))
    await ledger.settle(first, ORDER, cancelled_order_id="123")
    await ledger.settle(second, UNKNOWN)
    await ledger.settle_unknown(second, None)
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.count_today, usage.recipients_in_hour, usage.code_count_in_hour) == (
        6,
        2,
        2,
        3,
    )


async def test_recipients_of_all_texts_count_for_an_hour(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger, sending(A, B))
    machine.wait(10 * MINUTE)
    await begun(ledger, sending(A, text="another"))
    await begun(ledger, BLOCKING)
    assert (await ledger.usage()).recipients_in_hour == 3
    machine.wait(50 * MINUTE - SECOND)
    assert (await ledger.usage()).recipients_in_hour == 3
    machine.wait(SECOND)
    assert (await ledger.usage()).recipients_in_hour == 1
    machine.wait(10 * MINUTE)
    assert (await ledger.usage()).recipients_in_hour == 0


async def test_what_codes_and_people_confirmed_is_counted_by_what_is_counted(
    machine: Machine, ledger: SqliteLedger
) -> None:
    await begun(ledger, sending(A, B))
    await begun(ledger, declaring("a", "b"), confirmed_by="person")
    await begun(ledger, replace(declaring("c", "d", "e"), tool=REGISTER_LIST), confirmed_by="person")
    await begun(ledger, PlannedChange(ADD_BLACKLIST, b"1", count=5), confirmed_by="person")
    machine.wait(MINUTE)
    await begun(ledger, declaring(*"fghijkl"))

    async def counts(change: PlannedChange) -> tuple[int, int, int]:
        usage = await usage_of(ledger, change)
        return usage.code_count_in_hour, usage.person_count_in_hour, usage.count_today

    assert await counts(declaring("z")) == (7, 5, 12)
    assert await counts(sending()) == (2, 0, 2)
    assert await counts(BLOCKING) == (0, 0, 0)
    machine.wait(59 * MINUTE)
    assert await counts(declaring("z")) == (7, 0, 12)


async def test_what_counts_nothing_has_no_sums(ledger: SqliteLedger) -> None:
    await begun(ledger)
    usage = await ledger.usage()
    assert (usage.count_today, usage.code_count_in_hour, usage.person_count_in_hour) == (0, 0, 0)
    assert (usage.overlap, usage.unsettled_attempt, usage.recent_attempt) == (None, None, None)
    assert (usage.credits_today, usage.recipients_in_hour) == (6, 3)


async def test_what_has_come_to_its_end_does_not_come_back_with_the_clock(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.settle(await begun(ledger), ORDER)
    machine.wait(DAY)
    await begun(ledger, BLOCKING)
    ledger.close()
    machine.restart(-DAY)
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.recipients_in_hour, usage.overlap) == (0, 0, None)
    ledger.close()


async def test_the_latest_attempts_come_newest_first(ledger: SqliteLedger) -> None:
    attempts = [await begun(ledger, sending(number)) for number in (A, B, C)]
    attempts.append(await begun(ledger, BLOCKING))
    assert await ledger.latest(3) == attempts[:0:-1]


async def test_an_order_is_known_to_its_account_alone(tmp_path: Path, machine: Machine) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other",))
    attempt = await begun(ledger, sending(label="Kasım indirimi"))
    await ledger.settle(attempt, ORDER)
    assert await ledger.orders(["123", "124"]) == {"123": await on_record(ledger, 1)}
    assert await ledger.orders([]) == {}
    assert await other.orders(["123"]) == {}
    ledger.close()
    other.close()
