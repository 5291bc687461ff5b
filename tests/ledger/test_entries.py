from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt, Duplicate, NewAttempt, Send, Settled, TextUse, Usage
from iletimerkezi_mcp.ledger.database import FILE
from iletimerkezi_mcp.ledger.store import Ledger, Started
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import CANCEL_ORDER, SEND_SMS

from .machine import ACCOUNT, BLOCKING, Machine, attempt, begun, message, on_record, sending, state

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=ISTANBUL)
ORDER = Settled("done", order_id="123")


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def ledger(machine: Machine) -> Ledger:
    return machine.ledger()


def test_an_attempt_is_recorded_as_given(machine: Machine, ledger: Ledger) -> None:
    send = Send(
        message_key=b"s",
        text_key=b"t",
        credits=24,
        sender="FIRMA",
        message_type="commercial",
        iys_list="TACIR",
        send_at=datetime(2026, 12, 25, 10, 0, tzinfo=ISTANBUL),
        label="Kasım indirimi",
    )
    kept = begun(ledger, NewAttempt(SEND_SMS, ACCOUNT, b"digest", 12, send=send))
    assert kept == Attempt(1, SEND_SMS, ACCOUNT, b"digest", "code", 12, machine.now, "in_flight", None, None, send)
    assert on_record(ledger, 1) == kept


def test_other_changes_are_recorded_with_the_order_that_they_are_about(machine: Machine, ledger: Ledger) -> None:
    kept = begun(ledger, NewAttempt(CANCEL_ORDER, ACCOUNT, b"digest", 1, order_id="77"))
    assert kept == Attempt(1, CANCEL_ORDER, ACCOUNT, b"digest", "code", 1, machine.now, "in_flight", "77")
    ledger.settle(1, Settled("done"))
    assert on_record(ledger, 1) == Attempt(1, CANCEL_ORDER, ACCOUNT, b"digest", "code", 1, machine.now, "done", "77")
    assert ledger.order(ACCOUNT, "77") is None


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Settled("done", order_id="9"), ("done", "9", None)),
        (Settled("done"), ("done", None, None)),
        (Settled("refused", code=450), ("refused", None, 450)),
        (Settled("nothing_done"), ("nothing_done", None, None)),
        (Settled("unknown", code=503), ("unknown", None, 503)),
    ],
)
def test_each_outcome_is_written_down(ledger: Ledger, outcome: Settled, expected: tuple[object, ...]) -> None:
    begun(ledger)
    ledger.settle(1, outcome)
    kept = on_record(ledger, 1)
    assert kept is not None
    assert (kept.state, kept.order_id, kept.code) == expected


@pytest.mark.parametrize(
    ("settled", "stored"),
    [
        (Settled("done", order_id="9"), "accepted"),
        (Settled("done"), "done"),
        (Settled("refused", code=450), "refused"),
        (Settled("nothing_done"), "never_sent"),
        (Settled("unknown"), "unknown"),
    ],
)
def test_the_words_in_the_file_are_those_of_earlier_versions(
    machine: Machine, tmp_path: Path, settled: Settled, stored: str
) -> None:
    ledger = machine.ledger(tmp_path)
    begun(ledger)
    ledger.settle(1, settled)
    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        assert file.execute("SELECT state FROM attempts").fetchall() == [(stored,)]
    assert state(ledger, 1) == settled.outcome
    ledger.close()


def test_an_attempt_left_in_flight_for_a_minute_is_unknown(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    machine.wait(59 * SECOND)
    assert state(ledger, 1) == "in_flight"
    machine.wait(SECOND)
    assert state(ledger, 1) == "unknown"
    assert [kept.state for kept in ledger.unknown_sends(ACCOUNT)] == ["unknown"]


def test_unknown_once_is_unknown_although_the_clock_goes_back(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    machine.wait(MINUTE)
    begun(ledger, BLOCKING)
    machine.restart(-timedelta(hours=1))
    assert state(ledger, 1) == "unknown"


@pytest.mark.parametrize("late", [Settled("refused", code=450), Settled("done", order_id="9"), Settled("nothing_done")])
def test_an_answer_that_comes_late_still_counts(machine: Machine, ledger: Ledger, late: Settled) -> None:
    begun(ledger)
    machine.wait(2 * MINUTE)
    ledger.reconcile(1, "5")
    ledger.settle(1, late)
    assert state(ledger, 1) == late.outcome


def test_no_answer_does_not_undo_what_a_report_showed(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    machine.wait(2 * MINUTE)
    assert ledger.reconcile(1, "5")
    ledger.settle(1, Settled("unknown"))
    kept = on_record(ledger, 1)
    assert kept is not None
    assert (kept.state, kept.order_id) == ("done", "5")


def test_a_cancelled_or_refused_attempt_stays_so(ledger: Ledger) -> None:
    begun(ledger)
    ledger.settle(1, ORDER)
    ledger.cancelled(ACCOUNT, "123")
    ledger.settle(1, ORDER)
    assert state(ledger, 1) == "cancelled"
    begun(ledger)
    ledger.settle(2, Settled("refused", code=450))
    ledger.settle(2, Settled("unknown"))
    assert state(ledger, 2) == "refused"


HOLDS = [
    (None, timedelta(hours=24)),
    (ORDER, 10 * MINUTE),
    (Settled("unknown"), timedelta(hours=24)),
]


@pytest.mark.parametrize(("outcome", "span"), HOLDS)
@pytest.mark.parametrize("restart", [False, True])
def test_an_identical_send_is_held_back(
    tmp_path: Path, machine: Machine, outcome: Settled | None, span: timedelta, restart: bool
) -> None:
    ledger = machine.ledger(tmp_path)
    first = begun(ledger)
    until = machine.now + span
    if outcome:
        ledger.settle(1, outcome)
    if restart:
        ledger.close()
        machine.restart()
        ledger = machine.ledger(tmp_path)
    machine.wait(max(MINUTE, span - MINUTE))
    again = NewAttempt(
        SEND_SMS, ACCOUNT, b"other digest", 3, send=message(text_key=b"text", credits_=1, label="another")
    )
    held = attempt(ledger, again)
    kept = on_record(ledger, first.id)
    assert kept is not None
    assert held == Duplicate(kept, until)
    assert ledger.usage(ACCOUNT, message_key=b"same").duplicate == held
    assert ledger.recent(ACCOUNT, 9) == [kept]
    machine.wait(MINUTE)
    assert ledger.usage(ACCOUNT, message_key=b"same").duplicate is None
    assert isinstance(attempt(ledger, again), Started)
    ledger.close()


def test_a_send_in_flight_holds_for_ten_minutes_while_its_process_may_live(machine: Machine, ledger: Ledger) -> None:
    first = begun(ledger)
    assert attempt(ledger) == Duplicate(first, machine.now + 10 * MINUTE)


@pytest.mark.parametrize("outcome", [Settled("refused", code=450), Settled("nothing_done")])
def test_a_send_that_came_to_nothing_holds_nothing_back_and_costs_nothing(ledger: Ledger, outcome: Settled) -> None:
    begun(ledger)
    ledger.settle(1, outcome)
    assert ledger.usage(ACCOUNT, text_key=b"text", message_key=b"same") == Usage(0, MIDNIGHT)
    assert isinstance(attempt(ledger), Started)


def test_a_cancelled_order_holds_nothing_back_and_costs_nothing(ledger: Ledger) -> None:
    begun(ledger)
    ledger.settle(1, ORDER)
    ledger.cancelled(b"another account", "123")
    ledger.cancelled(ACCOUNT, "124")
    assert state(ledger, 1) == "done"
    ledger.cancelled(ACCOUNT, "123")
    assert state(ledger, 1) == "cancelled"
    assert ledger.usage(ACCOUNT, text_key=b"text", message_key=b"same") == Usage(0, MIDNIGHT)


@pytest.mark.parametrize(
    "other", [sending(message(b"other")), sending(account=b"other"), BLOCKING], ids=["same", "account", "tool"]
)
def test_what_is_not_identical_is_not_held_back(ledger: Ledger, other: NewAttempt) -> None:
    begun(ledger)
    begun(ledger, other)


def test_other_tools_are_not_held_back_by_their_like(ledger: Ledger) -> None:
    begun(ledger, BLOCKING)
    begun(ledger, BLOCKING)


def test_the_longest_hold_counts(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    ledger.settle(1, Settled("unknown"))
    ledger.mark_missing(1)
    machine.wait(MINUTE)
    begun(ledger)
    ledger.settle(2, ORDER)
    ledger.settle(1, Settled("unknown"))
    held = ledger.usage(ACCOUNT, message_key=b"same").duplicate
    assert held == Duplicate(ledger.unknown_sends(ACCOUNT)[0], machine.now - MINUTE + timedelta(hours=24))


def test_a_missing_send_holds_nothing_back_but_counts_and_is_reported(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    ledger.settle(1, Settled("unknown"))
    assert ledger.mark_missing(1)
    lost = on_record(ledger, 1)
    assert lost is not None
    assert lost.state == "not_found"
    use = TextUse(3, machine.now + 60 * MINUTE)
    assert ledger.usage(ACCOUNT, text_key=b"text", message_key=b"same") == Usage(6, MIDNIGHT, (use,), None, lost)
    second = begun(ledger)
    assert ledger.usage(ACCOUNT, text_key=b"text", message_key=b"same") == Usage(
        12, MIDNIGHT, (use, use), Duplicate(second, machine.now + 10 * MINUTE), lost
    )
    machine.wait(timedelta(hours=24))
    assert ledger.usage(ACCOUNT, text_key=b"text", message_key=b"same").not_found is None


def test_a_send_that_was_not_found_may_turn_up_later(ledger: Ledger) -> None:
    begun(ledger)
    ledger.settle(1, Settled("unknown"))
    ledger.mark_missing(1)
    assert [kept.state for kept in ledger.unknown_sends(ACCOUNT)] == ["not_found"]
    assert ledger.reconcile(1, "5")
    found = ledger.order(ACCOUNT, "5")
    assert found is not None
    assert (found.id, found.state) == (1, "done")
    assert ledger.unknown_sends(ACCOUNT) == []


def test_one_order_settles_one_send(ledger: Ledger) -> None:
    for number in range(2):
        begun(ledger, sending(message(b"same %d" % number)))
        ledger.settle(number + 1, Settled("unknown"))
    assert ledger.reconcile(1, "5")
    assert not ledger.reconcile(2, "5")
    assert not ledger.reconcile(1, "6")
    assert [kept.id for kept in ledger.unknown_sends(ACCOUNT)] == [2]


def test_only_a_send_of_unknown_outcome_is_settled_by_a_list(ledger: Ledger) -> None:
    begun(ledger)
    begun(ledger, BLOCKING)
    ledger.settle(2, Settled("unknown"))
    for number in (1, 2, 3):
        assert not ledger.reconcile(number, "5")
        assert not ledger.mark_missing(number)
    assert (state(ledger, 1), state(ledger, 2), state(ledger, 3)) == ("in_flight", "unknown", None)
    assert ledger.unknown_sends(ACCOUNT) == []


def test_credits_count_for_istanbuls_day(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    machine.wait(timedelta(hours=12) - SECOND)
    assert ledger.usage(ACCOUNT) == Usage(6, MIDNIGHT)
    begun(ledger, sending(message(b"late", credits_=5)))
    assert ledger.usage(ACCOUNT) == Usage(11, MIDNIGHT)
    assert ledger.usage(b"another") == Usage(0, MIDNIGHT)
    machine.wait(SECOND)
    assert ledger.usage(ACCOUNT) == Usage(0, MIDNIGHT + timedelta(days=1))


def test_a_send_at_the_stroke_of_midnight_belongs_to_the_new_day(machine: Machine, ledger: Ledger) -> None:
    machine.wait(timedelta(hours=12))
    begun(ledger)
    assert ledger.usage(ACCOUNT) == Usage(6, MIDNIGHT + timedelta(days=1))


def test_a_minute_across_midnight_counts_send_by_send(machine: Machine, ledger: Ledger) -> None:
    machine.set_clock(30 * SECOND)
    machine.wait(timedelta(hours=12) - 40 * SECOND)
    for number, cost in enumerate((5, 7)):
        begun(ledger, sending(message(f"{number}".encode(), credits_=cost)))
        assert ledger.usage(ACCOUNT) == Usage(5 + 7 * number, MIDNIGHT)
        machine.wait(5 * SECOND)
    begun(ledger, sending(message(b"of the new day", credits_=11)))
    assert ledger.usage(ACCOUNT) == Usage(11, MIDNIGHT + timedelta(days=1))
    ledger.settle(3, Settled("refused", code=450))
    assert ledger.usage(ACCOUNT) == Usage(0, MIDNIGHT + timedelta(days=1))


def test_a_clock_set_ahead_does_not_bring_a_new_day(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    machine.set_clock(timedelta(days=3))
    assert ledger.usage(ACCOUNT, message_key=b"same") == Usage(
        6, MIDNIGHT + timedelta(days=3), (), Duplicate(begun_again(ledger), machine.now + 10 * MINUTE)
    )


def begun_again(ledger: Ledger) -> Attempt:
    kept = on_record(ledger, 1)
    assert kept is not None
    return kept


def test_recipients_of_one_text_count_for_an_hour(machine: Machine, ledger: Ledger) -> None:
    begun(ledger, sending(message(b"1"), count=200))
    machine.wait(10 * MINUTE)
    begun(ledger, sending(message(b"2"), count=300))
    begun(ledger, sending(message(b"3", text_key=b"another text"), count=400))
    first = TextUse(200, machine.now + 50 * MINUTE)
    second = TextUse(300, machine.now + 60 * MINUTE)
    assert ledger.usage(ACCOUNT, text_key=b"text").same_text == (first, second)
    machine.wait(50 * MINUTE)
    assert ledger.usage(ACCOUNT, text_key=b"text").same_text == (second,)
    assert ledger.usage(b"another", text_key=b"text").same_text == ()


def test_a_clock_that_once_ran_years_ahead_holds_back_for_its_span_only(machine: Machine, ledger: Ledger) -> None:
    machine.set_clock(timedelta(days=1000))
    begun(ledger)
    ledger.settle(1, ORDER)
    machine.restart(-timedelta(days=1000))
    assert isinstance(attempt(ledger), Duplicate)
    machine.wait(10 * MINUTE)
    assert isinstance(attempt(ledger), Started)


def test_a_clock_that_is_years_behind_for_one_start_frees_nothing(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    ledger.settle(1, Settled("unknown"))
    machine.restart(-timedelta(days=20_000))
    assert isinstance(attempt(ledger), Duplicate)
    machine.restart(timedelta(days=20_000))
    assert isinstance(attempt(ledger), Duplicate)


def test_what_has_come_to_its_end_does_not_come_back_with_the_clock(machine: Machine, ledger: Ledger) -> None:
    begun(ledger)
    machine.wait(timedelta(hours=24))
    begun(ledger, BLOCKING)
    machine.restart(-timedelta(hours=24))
    assert ledger.usage(ACCOUNT, text_key=b"text", message_key=b"same") == Usage(0, MIDNIGHT)


def test_recent_attempts_come_newest_first(ledger: Ledger) -> None:
    kept = [begun(ledger, sending(message(b"%d" % number))) for number in range(3)]
    kept.append(begun(ledger, BLOCKING))
    begun(ledger, sending(account=b"another"))
    assert ledger.recent(ACCOUNT, 3) == kept[:0:-1]


def test_an_order_is_known_to_its_account_alone(ledger: Ledger) -> None:
    begun(ledger, sending(message(label="Kasım indirimi")))
    ledger.settle(1, ORDER)
    assert ledger.order(ACCOUNT, "123") == on_record(ledger, 1)
    assert ledger.order(b"another", "123") is None
    assert ledger.order(ACCOUNT, "124") is None


def test_entries_go_after_ninety_days(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    begun(ledger)
    machine.wait(timedelta(days=1))
    begun(ledger, BLOCKING)
    machine.wait(timedelta(days=89))
    assert [kept.id for kept in ledger.recent(ACCOUNT, 9)] == [2]
    ledger.close()
    machine.wait(timedelta(days=1))
    assert ledger.recent(ACCOUNT, 9) == []
    assert begun(ledger).id == 3
    ledger.close()
