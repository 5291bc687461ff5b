"""What the provider pushed: of each message the first final state holds, whatever comes in whatever order."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.ledger import pushed_reports
from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.pushed_reports import PushedCounts, PushedToNumber
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider.pushed import PushedStatus
from tests import processes

from .machine import BLOCKING, DAY, HOUR, MINUTE, ORDER, SECOND, UNKNOWN, A, B, C, D, Machine, begun, pushed, sending
from .racing import PUSHED, race

ROOT = Path(__file__).parents[2]


async def _ordered(ledger: SqliteLedger, order_id: str = "123", **more: object) -> Attempt:
    """Send to three people, and return the attempt, which has this order."""
    attempt = await begun(ledger, sending(text=f"order {order_id}", **more))
    await ledger.settle(attempt, AttemptOutcome("done", order_id=order_id))
    return attempt


async def _count(ledger: SqliteLedger) -> int:
    return await ledger._call(
        "DEFERRED", lambda session: session._connection.execute("SELECT count(*) FROM pushed").fetchone()[0]
    )


async def test_an_order_is_counted_by_number(ledger: SqliteLedger, machine: Machine) -> None:
    await _ordered(ledger)
    assert await ledger.last_pushed() is None
    await ledger.record_pushed([pushed("accepted", message=number, to=to) for number, to in enumerate((A, B, C))])
    assert await ledger.pushed(["123"]) == {"123": PushedCounts(0, 0, 3, 0, machine.now)}
    assert await ledger.pushed_to("123", [A]) == {A: PushedToNumber("waiting", machine.now, False)}
    machine.wait(MINUTE)
    await ledger.record_pushed([pushed(message=0), pushed("undelivered", message=1, to=B)])
    assert await ledger.pushed(["123", "124"]) == {"123": PushedCounts(1, 1, 1, 0, machine.now)}
    assert await ledger.pushed_to("123", [B, D, C, A]) == {
        A: PushedToNumber("delivered", machine.now, False),
        B: PushedToNumber("undelivered", machine.now, False),
        C: PushedToNumber("waiting", machine.now - MINUTE, False),
    }
    assert await ledger.last_pushed() == machine.now


async def test_a_number_that_was_not_reported_has_no_state(ledger: SqliteLedger) -> None:
    await _ordered(ledger)
    await ledger.record_pushed([pushed()])
    assert await ledger.pushed_to("123", [D]) == {}
    assert await ledger.pushed_to("123", []) == {}
    assert await ledger.pushed([]) == {}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("delivered", "delivered"), "delivered"),
        (("delivered", "accepted"), "waiting"),
        (("delivered", "undelivered"), "undelivered"),
        (("accepted", "undelivered"), "undelivered"),
    ],
)
async def test_of_the_parts_of_a_long_text_the_worst_counts_for_its_number(
    ledger: SqliteLedger, machine: Machine, states: tuple[PushedStatus, ...], expected: str
) -> None:
    await _ordered(ledger)
    await ledger.record_pushed([pushed(state, message=number) for number, state in enumerate(states)])
    assert await ledger.pushed_to("123", [A]) == {A: PushedToNumber(expected, machine.now, False)}  # type: ignore[arg-type]
    counts = (await ledger.pushed(["123"]))["123"]
    assert counts.delivered + counts.undelivered + counts.waiting == 1


@pytest.mark.parametrize("reports", list(itertools.permutations(["accepted", "delivered", "undelivered", "delivered"])))
@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "one by one"])
async def test_the_first_final_state_holds_in_any_order(
    machine: Machine, reports: tuple[PushedStatus, ...], at_once: bool
) -> None:
    ledger = machine.ledger()
    await _ordered(ledger)
    pushes = [pushed(status) for status in reports]
    for batch in [pushes] if at_once else [[each] for each in pushes]:
        await ledger.record_pushed(batch)
    first = next(status for status in reports if status != "accepted")
    assert await ledger.pushed_to("123", [A]) == {A: PushedToNumber(first, machine.now, True)}
    assert (await ledger.pushed(["123"]))["123"].contradicted == 1
    assert await _count(ledger) == 1


async def test_what_was_known_already_changes_neither_state_nor_time(ledger: SqliteLedger, machine: Machine) -> None:
    await _ordered(ledger)
    await ledger.record_pushed([pushed("accepted"), pushed("accepted")])
    machine.wait(SECOND)
    await ledger.record_pushed([pushed(), pushed(), pushed("accepted")])
    then = machine.now
    machine.wait(SECOND)
    await ledger.record_pushed([pushed("accepted"), pushed()])
    assert await ledger.pushed_to("123", [A]) == {A: PushedToNumber("delivered", then, False)}
    await ledger.record_pushed([pushed("undelivered"), pushed("undelivered")])
    assert await ledger.pushed_to("123", [A]) == {A: PushedToNumber("delivered", then, True)}


async def test_a_status_that_is_not_documented_is_kept_nowhere(ledger: SqliteLedger) -> None:
    await ledger.record_pushed([pushed(None)])
    await ledger.record_pushed([])
    assert await _count(ledger) == 0


async def test_what_comes_before_the_answer_counts_once_the_order_is_on_record(
    ledger: SqliteLedger, machine: Machine
) -> None:
    attempt = await begun(ledger)
    await ledger.record_pushed([pushed()])
    assert (await ledger.pushed(["123"]), await ledger.pushed_to("123", [A])) == ({}, {})
    await ledger.settle(attempt, ORDER)
    assert await ledger.pushed(["123"]) == {"123": PushedCounts(1, 0, 0, 0, machine.now)}


async def test_an_order_that_was_only_cancelled_from_here_is_not_one_of_here(ledger: SqliteLedger) -> None:
    await ledger.settle(await begun(ledger, BLOCKING), AttemptOutcome("done", order_id="123"))
    await ledger.record_pushed([pushed()])
    assert await ledger.pushed(["123"]) == {}


async def test_another_account_sees_nothing_of_it(tmp_path: Path, machine: Machine) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other",))
    await _ordered(ledger)
    await _ordered(other)
    await ledger.record_pushed([pushed()])
    assert (await other.pushed(["123"]), await other.pushed_to("123", [A])) == ({}, {})
    assert (await other.last_pushed(), await other.pushed_about(A)) == (None, [])
    ledger.close()
    other.close()


async def test_no_number_is_kept_and_two_orders_share_nothing(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.record_pushed([pushed(order_id=order_id) for order_id in ("1", "2")])
    ledger.close()
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        recipients = {row[0] for row in file.execute("SELECT recipient FROM pushed")}
    assert len(recipients) == 2
    assert A.removeprefix("+").encode() not in (tmp_path / LEDGER_FILE).read_bytes()


async def test_the_digest_of_a_number_needs_the_key_of_its_folder(tmp_path: Path, machine: Machine) -> None:
    recipients = set()
    for name in ("one", "two"):
        ledger = machine.ledger(tmp_path / name)
        await ledger.record_pushed([pushed()])
        ledger.close()
        with closing(sqlite3.connect(tmp_path / name / LEDGER_FILE)) as file:
            recipients |= {row[0] for row in file.execute("SELECT recipient FROM pushed")}
    assert len(recipients) == 2


async def test_it_does_not_age_by_the_wall_clock(ledger: SqliteLedger, machine: Machine) -> None:
    await _ordered(ledger)
    await ledger.record_pushed([pushed()])
    machine.set_clock(400 * DAY)
    assert await ledger.pushed(["123"]) == {"123": PushedCounts(1, 0, 0, 0, machine.now)}
    machine.set_clock(-800 * DAY)
    assert await ledger.pushed(["123"]) == {"123": PushedCounts(1, 0, 0, 0, machine.now)}


async def test_its_times_are_corrected_by_the_providers_clock(ledger: SqliteLedger, machine: Machine) -> None:
    """The machine was restarted with its clock a day ahead, and reports came before the provider's first answer."""
    await ledger.record_provider_time(machine.now, create=True)
    await _ordered(ledger)
    machine.restart(DAY)
    await ledger.record_pushed([pushed(), pushed("accepted", to=B)])
    assert await ledger.last_pushed() == machine.now
    true = machine.now - DAY
    await ledger.record_provider_time(true)
    counts = (await ledger.pushed(["123"]))["123"]
    assert counts.at == machine.now
    machine.wait(29 * DAY - SECOND)
    assert (await ledger.pushed(["123"]))["123"].waiting == 1
    machine.wait(SECOND)
    assert await ledger.pushed(["123"]) == {}


async def test_what_is_29_days_old_counts_no_more_and_is_deleted(ledger: SqliteLedger, machine: Machine) -> None:
    await _ordered(ledger)
    await ledger.record_pushed([pushed("accepted")])
    machine.wait(DAY)
    await ledger.record_pushed([pushed(), pushed("accepted", to=B)])
    machine.wait(28 * DAY - SECOND)
    await ledger.prune()
    assert await ledger.pushed_to("123", [A]) == {
        A: PushedToNumber("delivered", machine.now - 28 * DAY + SECOND, False)
    }
    machine.wait(SECOND)
    assert (await ledger.pushed(["123"]))["123"].waiting == 1
    assert await _count(ledger) == 2
    await ledger.prune()
    assert await _count(ledger) == 1
    machine.wait(DAY)
    assert (await ledger.pushed(["123"]), await ledger.last_pushed()) == ({}, None)
    await ledger.record_pushed([])
    assert await _count(ledger) == 0


async def test_a_report_waits_for_its_order_for_a_day(ledger: SqliteLedger, machine: Machine) -> None:
    await _ordered(ledger)
    await ledger.settle(await begun(ledger, BLOCKING), AttemptOutcome("done", order_id="9"))
    await ledger.record_pushed([pushed(), pushed(order_id="9"), pushed(order_id="8")])
    machine.wait(DAY - SECOND)
    await ledger.prune()
    assert await _count(ledger) == 3
    machine.wait(SECOND)
    await ledger.prune()
    assert await _count(ledger) == 1
    assert (await ledger.pushed(["123"]))["123"].delivered == 1


async def test_a_process_that_only_receives_deletes_too(ledger: SqliteLedger, machine: Machine) -> None:
    await ledger.record_pushed([pushed(order_id="8")])
    machine.wait(DAY)
    await ledger.record_pushed([pushed(order_id="9")])
    assert await _count(ledger) == 1


async def test_many_are_deleted_in_several_transactions_with_nothing_left(
    ledger: SqliteLedger, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushed_reports, "DELETED_AT_ONCE", 2)
    await ledger.record_pushed([pushed(message=number) for number in range(7)])
    machine.wait(DAY)
    # Each call deletes two, that which counts them too; the last one deletes all that is left.
    await ledger.record_pushed([])
    assert await _count(ledger) == 3
    await ledger.prune()
    assert await _count(ledger) == 0


async def test_a_person_is_found_and_forgotten(ledger: SqliteLedger) -> None:
    await _ordered(ledger)
    reports = [pushed(), pushed(message=2), pushed(order_id="9"), pushed(to=B), pushed(order_id="8", to=B)]
    await ledger.record_pushed(reports)
    assert sorted(await ledger.pushed_about(A)) == ["123", "9"]
    assert await ledger.pushed_about(C) == await ledger.forget_pushed(C) == []
    assert sorted(await ledger.forget_pushed(A)) == ["123", "9"]
    assert await ledger.pushed_about(A) == []
    assert sorted(await ledger.pushed_about(B)) == ["123", "8"]


async def _unsettled(ledger: SqliteLedger, *numbers: str, text: str = "unknown") -> Attempt:
    attempt = await begun(ledger, sending(*numbers, text=text))
    await ledger.settle(attempt, UNKNOWN)
    return attempt


async def test_reports_about_the_people_of_an_unknown_send_claim_its_order(ledger: SqliteLedger) -> None:
    attempt = await _unsettled(ledger, A, B, C)
    await ledger.record_pushed([pushed("accepted", order_id="7")])
    assert await ledger.pushed_claims() == {attempt.id: {"7": 1}}
    await ledger.record_pushed([pushed(order_id="7", to=B), pushed(order_id="7", to=B, message=2)])
    assert await ledger.pushed_claims() == {attempt.id: {"7": 2}}
    await ledger.record_pushed([pushed(order_id="6", to=C)])
    assert await ledger.pushed_claims() == {attempt.id: {"7": 2, "6": 1}}
    assert await ledger.settle_unknown(attempt, "7")
    assert await ledger.pushed_claims() == {}
    assert (await ledger.pushed(["7"]))["7"].delivered == 1


async def test_one_in_flight_and_one_that_was_not_found_are_claimed_too(ledger: SqliteLedger) -> None:
    lost = await _unsettled(ledger, A)
    await ledger.settle_unknown(lost, None)
    flying = await begun(ledger, sending(B))
    await ledger.record_pushed([pushed(order_id="7"), pushed(order_id="8", to=B)])
    assert await ledger.pushed_claims() == {lost.id: {"7": 1}, flying.id: {"8": 1}}


async def test_a_number_of_two_unknown_sends_claims_neither(ledger: SqliteLedger) -> None:
    await _unsettled(ledger, A, B)
    second = await _unsettled(ledger, B, C, text="another")
    await ledger.record_pushed([pushed(order_id="7", to=C), pushed(order_id="8", to=C)])
    assert await ledger.pushed_claims() == {second.id: {"7": 1, "8": 1}}
    await ledger.record_pushed([pushed(order_id="8", to=B), pushed(order_id="9", to=B)])
    assert await ledger.pushed_claims() == {second.id: {"7": 1}}


async def test_an_order_with_people_of_two_sends_or_of_none_is_not_claimed(ledger: SqliteLedger) -> None:
    await _unsettled(ledger, A)
    await _unsettled(ledger, B, text="another")
    await ledger.record_pushed([pushed(order_id="7"), pushed(order_id="7", to=B)])
    await ledger.record_pushed([pushed(order_id="8"), pushed(order_id="8", to=D)])
    assert await ledger.pushed_claims() == {}


async def test_an_order_on_record_claims_no_other_send(ledger: SqliteLedger) -> None:
    await _ordered(ledger)
    attempt = await _unsettled(ledger, A)
    await ledger.record_pushed([pushed()])
    assert await ledger.pushed_claims() == {}
    await ledger.record_pushed([pushed(order_id="7")])
    await ledger.settle(await begun(ledger, sending(B)), AttemptOutcome("done", order_id="7"))
    assert await ledger.pushed_claims() == {}
    assert [one.id for one in await ledger.unsettled_sends()] == [attempt.id]


async def test_a_message_keeps_the_send_of_its_first_report(ledger: SqliteLedger) -> None:
    await ledger.record_pushed([pushed("accepted", order_id="7")])
    attempt = await _unsettled(ledger, A)
    await ledger.record_pushed([pushed(order_id="7")])
    assert await ledger.pushed_claims() == {}
    await ledger.record_pushed([pushed("accepted", order_id="8")])
    await _unsettled(ledger, A, text="another")
    await ledger.record_pushed([pushed(order_id="8")])
    assert await ledger.pushed_claims() == {attempt.id: {"8": 1}}


@pytest.mark.parametrize("to", ["+90532***", "kimse", "çok uzun ve ASCII olmayan bir söz", "+" + "9" * 39, "ü"])
async def test_what_is_no_number_is_nobodys(ledger: SqliteLedger, to: str) -> None:
    attempt = await _unsettled(ledger, A)
    await ledger.record_pushed([pushed(order_id="8", to=to), pushed(order_id="7")])
    assert await ledger.pushed_claims() == {attempt.id: {"7": 1}}
    assert await _count(ledger) == 2


async def test_a_send_whose_people_are_not_known_any_more_is_not_claimed(ledger: SqliteLedger) -> None:
    await _unsettled(ledger, A)
    await ledger.forget(A)
    await ledger.record_pushed([pushed(order_id="7")])
    assert await ledger.pushed_claims() == {}


async def test_reports_alone_change_no_attempt_and_no_limit(ledger: SqliteLedger) -> None:
    """What counts and what holds back is the same, whatever is pushed."""
    await _ordered(ledger)
    await _unsettled(ledger, A, B)
    before = await ledger.latest(9), await ledger.usage("recipients"), await ledger.look_up(sending(A, text="unknown"))
    await ledger.record_pushed(
        [
            pushed(status, order_id=order, to=to)
            for status in ("undelivered", "delivered")
            for order in ("123", "7")
            for to in (A, B, D)
        ]
    )
    after = await ledger.latest(9), await ledger.usage("recipients"), await ledger.look_up(sending(A, text="unknown"))
    assert after == before


async def test_an_order_without_final_reports_is_late_while_others_come(ledger: SqliteLedger, machine: Machine) -> None:
    assert await ledger.late_orders() == []
    await _ordered(ledger, "1")
    await ledger.record_pushed([pushed(order_id="1")])
    machine.wait(MINUTE)
    silent = await _ordered(ledger, "2")
    waiting = await _ordered(ledger, "3")
    await _ordered(ledger, "4")
    await _unsettled(ledger, D)
    machine.wait(MINUTE)
    await ledger.record_pushed([pushed("accepted", order_id="3"), pushed(order_id="4")])
    machine.wait(HOUR - MINUTE - SECOND)
    assert await ledger.late_orders() == []
    machine.wait(SECOND)
    assert await ledger.late_orders() == [waiting_now := await _again(ledger, waiting), await _again(ledger, silent)]
    await ledger.record_pushed([pushed("undelivered", order_id="3")])
    assert waiting_now not in await ledger.late_orders()
    machine.wait(7 * DAY - HOUR)
    assert [one.order_id for one in await ledger.late_orders()] == ["2"]
    machine.wait(SECOND)
    assert await ledger.late_orders() == []


async def _again(ledger: SqliteLedger, attempt: Attempt) -> Attempt:
    return next(each for each in await ledger.latest(99) if each.id == attempt.id)


async def test_no_order_is_late_if_others_came_only_before_or_only_after(
    ledger: SqliteLedger, machine: Machine
) -> None:
    await _ordered(ledger, "1")
    machine.wait(MINUTE)
    await ledger.record_pushed([pushed(order_id="9")])
    machine.wait(MINUTE)
    await _ordered(ledger, "2")
    machine.wait(SECOND)
    await ledger.record_pushed([pushed("accepted", order_id="2")])
    machine.wait(2 * HOUR)
    assert await ledger.late_orders() == []
    await ledger.record_pushed([pushed(order_id="9", message=2)])
    assert [one.order_id for one in await ledger.late_orders()] == ["2"]


async def test_a_scheduled_order_is_late_by_its_own_time(ledger: SqliteLedger, machine: Machine) -> None:
    await ledger.record_pushed([pushed(order_id="9")])
    await _ordered(ledger, "1", send_at=machine.now + 3 * HOUR)
    machine.wait(2 * HOUR)
    await ledger.record_pushed([pushed(order_id="9", message=2)])
    assert await ledger.late_orders() == []
    machine.wait(2 * HOUR)
    await ledger.record_pushed([pushed(order_id="9", message=3)])
    assert [one.order_id for one in await ledger.late_orders()] == ["1"]


async def test_at_most_ten_are_named(ledger: SqliteLedger, machine: Machine) -> None:
    await ledger.record_pushed([pushed(order_id="99")])
    machine.wait(SECOND)
    for number in range(12):
        await _ordered(ledger, str(number))
    machine.wait(HOUR)
    await ledger.record_pushed([pushed(order_id="99", message=2)])
    assert [one.order_id for one in await ledger.late_orders()] == [str(number) for number in range(11, 1, -1)]


async def test_processes_that_get_the_same_reports_agree(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await _ordered(ledger)
    race(tmp_path, "123", kind="pushed")
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        rows = file.execute("SELECT message, contradicted, delivered FROM pushed ORDER BY message").fetchall()
    assert [row[:2] for row in rows] == [(number, number % 2) for number in range(PUSHED)]
    assert all(delivered for number, _, delivered in rows if number % 2 == 0)
    assert (await ledger.pushed(["123"]))["123"].contradicted == 1
    ledger.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_kill_at_any_point_loses_no_report_that_was_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.ledger.dying", str(tmp_path), "pushed"]
    ran = processes.run(command, cwd=ROOT, env=processes.unmeasured())
    assert (ran.returncode, ran.stderr) == (0, "")
    seen = set()
    for line in ran.stdout.splitlines():
        point, words = json.loads(line)
        ledger = Machine().ledger(tmp_path / str(point))
        kept = await _count(ledger)
        ledger.close()
        assert kept in (2 * len(words), 2 * len(words) + 2)
        seen.add((len(words), kept))
    assert seen >= {(0, 0), (1, 2), (2, 4)}


_REPORTS = st.lists(
    st.tuples(
        st.sampled_from(["accepted", "delivered", "undelivered", None]),
        st.integers(1, 3),
        st.sampled_from(["1", "2"]),
        st.sampled_from([A, B]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(_REPORTS, st.integers(1, 5))
def test_any_reports_in_any_batches_are_as_the_rules_say(
    reports: list[tuple[PushedStatus | None, int, str, str]], size: int
) -> None:
    """The rules once more, told of one message after the other."""
    first: dict[tuple[str, str, int], PushedStatus] = {}
    contradicted = set()
    for status, message, order_id, to in reports:
        key = (order_id, to, message)
        if status is None:
            continue
        if first.get(key, "accepted") == "accepted":
            first[key] = status
        elif status not in ("accepted", first[key]):
            contradicted.add(key)
    expected: dict[str, dict[str, tuple[str, bool]]] = {"1": {}, "2": {}}
    for order_id, to in {key[:2] for key in first}:
        own = {key: status for key, status in first.items() if key[:2] == (order_id, to)}
        states = set(own.values())
        state = "undelivered" if "undelivered" in states else "waiting" if "accepted" in states else "delivered"
        expected[order_id][to] = state, bool(contradicted & own.keys())

    async def run() -> None:
        ledger = Machine().ledger()
        await _ordered(ledger, "1")
        await _ordered(ledger, "2")
        pushes = [pushed(status, message=m, order_id=order, to=to) for status, m, order, to in reports]
        for start in range(0, len(pushes), size):
            await ledger.record_pushed(pushes[start : start + size])
        counts = await ledger.pushed(["1", "2"])
        for order_id, by_number in expected.items():
            seen = await ledger.pushed_to(order_id, [A, B])
            assert {to: (one.state, one.contradicted) for to, one in seen.items()} == by_number
            states = [state for state, _ in by_number.values()]
            assert (order_id in counts) == bool(states)
            if states:
                own = counts[order_id]
                assert (own.delivered, own.undelivered, own.waiting, own.contradicted) == (
                    states.count("delivered"),
                    states.count("undelivered"),
                    states.count("waiting"),
                    sum(contradiction for _, contradiction in by_number.values()),
                )
        ledger.close()

    asyncio.run(run())
