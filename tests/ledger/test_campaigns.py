"""A campaign is on record from its confirmation on, and goes on, stops and is continued step by step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome, Identity, Overlap, State
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.ledger.ledger import CodeInvalid, CodeUsed, Started, Superseded
from iletimerkezi_mcp.ledger.overlaps import MessageDigests
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider.outcomes import RequestOutcome
from tests.calls import CANCEL_ORDER, REGISTER_LIST, SEND_LIST

from .machine import (
    BLOCKING,
    HOUR,
    LIFE,
    MINUTE,
    REFUSED,
    SECOND,
    UNKNOWN,
    A,
    B,
    C,
    D,
    Machine,
    PlannedChange,
    attempt,
    begun,
    campaign,
    campaign_of,
    declaring,
    ids,
    message,
    on_record,
    part,
    sending,
    stepped,
    usage_of,
)


def done(order: str) -> AttemptOutcome:
    return AttemptOutcome("done", order_id=order)


async def test_a_campaign_is_recorded_as_confirmed_and_its_steps_as_sends_of_it(
    machine: Machine, ledger: SqliteLedger
) -> None:
    parent = await begun(
        ledger,
        campaign(sheet="Sayfa\ud800", file="şube/liste\udce7.csv", number_column="Cep\ud800", include_hidden=True),
        confirmed_by="person",
    )
    assert (parent.tool, parent.count, parent.send, parent.parent) == (SEND_LIST, 4, None, None)
    assert (parent.campaign, parent.confirmed_by) == ("k-1", "person")
    started = machine.now
    machine.wait(SECOND)
    step = await stepped(ledger, parent, A, B, label="Kasım", credits_=4)
    assert (step.parent, step.campaign, step.count, step.tool) == (parent.id, "k-1", 2, SEND_LIST)
    assert (step.confirmed_by, step.identity) == ("person", parent.identity)
    assert step.send is not None
    assert (step.send.credits, step.send.label) == (4, "Kasım")
    kept = await campaign_of(ledger)
    assert kept == Campaign(
        name="k-1",
        file="şube/liste\udce7.csv",
        file_digest=bytes(32),
        template_digest=kept.template_digest,
        columns=(1, 2),
        sheet="Sayfa\ud800",
        number_column="Cep\ud800",
        include_hidden=True,
        recipients=4,
        state="under_way",
        runner=parent.id,
        running=True,
        started=started,
        touched=machine.now,
        steps=(step,),
    )
    assert await ledger.campaigns() == [kept]
    assert await ledger.steps(parent) == [step]
    assert (kept.position, kept.left, kept.interrupted) == (2, 2, False)
    await ledger.settle(step, done("1"))
    assert [one.campaign for one in (await ledger.orders(["1"])).values()] == ["k-1"]
    await ledger.settle(parent, AttemptOutcome("done"))
    await ledger.settle(parent, REFUSED)
    kept = await campaign_of(ledger)
    assert (kept.state, kept.running) == ("finished", False)


async def test_what_is_not_on_record_is_no_campaign(ledger: SqliteLedger) -> None:
    assert await ledger.campaigns() == []
    assert await ledger.campaign("k-1") is None
    assert await ledger.campaign("\ud800") is None
    assert await ledger.handed_over("k-1", [A]) == set()
    assert not await ledger.cancel_campaign("k-1")


async def test_campaigns_are_told_from_those_of_other_accounts(tmp_path: Path, machine: Machine) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path, account=("other",))
    parent = await begun(ledger, campaign())
    await stepped(ledger, parent, A)
    await begun(other, campaign(columns=()))
    assert [one.columns for one in [*await ledger.campaigns(), *await other.campaigns()]] == [(1, 2), ()]
    assert (await campaign_of(other)).steps == ()
    await other.record_several_texts_proven()
    assert await other.several_texts_proven()
    await other.record_several_texts_proven()
    assert not await ledger.several_texts_proven()
    ledger.close()
    other.close()


STATES: list[tuple[AttemptOutcome | None, State, int]] = [
    (None, "in_flight", 2),
    (done("9"), "done", 2),
    (UNKNOWN, "unknown", 2),
    (REFUSED, "refused", 1),
    (AttemptOutcome("nothing_done"), "nothing_done", 1),
]


@pytest.mark.parametrize(("outcome", "state", "position"), STATES)
async def test_the_position_is_of_those_handed_over_or_in_doubt(
    machine: Machine, ledger: SqliteLedger, outcome: AttemptOutcome | None, state: State, position: int
) -> None:
    parent = await begun(ledger, campaign())
    await ledger.settle(await stepped(ledger, parent, A), done("1"))
    step = await stepped(ledger, parent, B)
    if outcome is not None:
        await ledger.settle(step, outcome)
    kept = await campaign_of(ledger)
    assert (kept.steps[1].state, kept.position, kept.left) == (state, position, 4 - position)
    assert await ledger.handed_over("k-1", [D, A, B]) == ({A, B} if position == 2 else {A})


async def test_a_step_that_a_list_of_orders_does_not_show_is_left_to_be_sent(
    machine: Machine, ledger: SqliteLedger
) -> None:
    parent = await begun(ledger, campaign())
    step = await stepped(ledger, parent, A, B)
    machine.wait(MINUTE)
    assert [one.id for one in await ledger.unsettled_sends()] == [step.id]
    assert await ledger.are_recipients(step, [A])
    assert await ledger.settle_unknown(step, None)
    assert (await campaign_of(ledger)).left == 4
    assert await ledger.handed_over("k-1", [A, B, C]) == set()
    step = await stepped(ledger, parent, C)
    machine.wait(MINUTE)
    assert await ledger.settle_unknown(step, "7")
    assert (await campaign_of(ledger)).position == 1
    assert await ledger.handed_over("k-1", [A, B, C]) == {C}


async def test_a_cancelled_order_was_handed_over(machine: Machine, ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign())
    step = await stepped(ledger, parent, A, B, send_at=machine.now + HOUR)
    await ledger.settle(step, done("1"))
    await ledger.cancel(["1"])
    assert (await campaign_of(ledger)).left == 2
    machine.wait(2 * HOUR)
    await ledger.prune()
    assert await ledger.handed_over("k-1", [A, C]) == {A}


async def test_a_campaign_without_a_step_for_two_minutes_was_interrupted(
    machine: Machine, ledger: SqliteLedger
) -> None:
    parent = await begun(ledger, campaign())
    machine.wait(100 * SECOND)
    step = await stepped(ledger, parent, A)
    await ledger.settle(step, done("1"))
    machine.wait(119 * SECOND)
    kept = await campaign_of(ledger)
    assert (kept.running, kept.interrupted) == (True, False)
    assert [one.state for one in await ledger.latest(9)] == ["done", "in_flight"]
    machine.wait(SECOND)
    kept = await campaign_of(ledger)
    assert (kept.state, kept.running, kept.interrupted) == ("under_way", False, True)
    assert [one.state for one in await ledger.latest(9)] == ["done", "unknown"]


async def test_a_series_that_goes_on_owes_no_line_yet(machine: Machine, ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign(), audit_owed=True)
    for number, person in enumerate((A, B, C)):
        await ledger.settle(await stepped(ledger, parent, person), done(str(number)))
        machine.wait(MINUTE)
    assert await ledger.unaudited_attempts() == []
    machine.wait(MINUTE)
    assert ids(await ledger.unaudited_attempts()) == [parent.id]


async def test_a_step_after_the_end_is_refused(ledger: SqliteLedger) -> None:
    for name, outcome, state in (("k-1", UNKNOWN, "stopped"), ("k-2", AttemptOutcome("done"), "finished")):
        parent = await begun(ledger, campaign(name=name, text=name))
        await ledger.settle(parent, outcome)
        assert await ledger.begin_step(parent, part(A), audit_owed=False) == Superseded()
        assert (await campaign_of(ledger, name)).state == state


async def test_a_cancelled_campaign_goes_no_further_whoever_runs_it(ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign())
    await ledger.settle(await stepped(ledger, parent, A), done("1"))
    assert await ledger.cancel_campaign("k-1")
    assert await ledger.begin_step(parent, part(B), audit_owed=False) == Superseded()
    assert not await ledger.cancel_campaign("k-1")
    await ledger.settle(parent, AttemptOutcome("done"))
    assert (await campaign_of(ledger)).state == "cancelled"
    assert await attempt(ledger, campaign(B, continues=True)) == Superseded()


async def test_a_step_is_held_back_from_each_person(machine: Machine, ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign())
    first = await stepped(ledger, parent, A, B)
    for recipients, held in (((B, C), B), ((D, A), A)):
        again = await ledger.begin_step(parent, part(*recipients), audit_owed=False)
        assert again == Overlap(first, (held,), machine.now + 168 * HOUR)
    assert (await campaign_of(ledger)).position == 2
    await stepped(ledger, parent, C)


async def test_a_part_is_held_back_by_others_and_if_it_begins_elsewhere_by_its_own_campaign(
    machine: Machine, ledger: SqliteLedger
) -> None:
    earlier = await begun(ledger, campaign())
    first = await stepped(ledger, earlier, A, B, start=0)
    await ledger.settle(earlier, AttemptOutcome("unknown"))
    machine.wait(SECOND)
    parent = await begun(ledger, campaign(C, D, continues=True))
    until = machine.now - SECOND + 168 * HOUR
    assert await ledger.begin_step(parent, part(B, start=0), audit_owed=False) == Overlap(first, (B,), until)
    second = await stepped(ledger, parent, C, start=0)
    until = machine.now + 168 * HOUR
    for start in (0, 2, None):
        assert await ledger.begin_step(parent, part(C, start=start), audit_owed=False) == Overlap(second, (C,), until)
    single = await begun(ledger, sending(D))
    held = await ledger.begin_step(parent, part(D, start=1), audit_owed=False)
    assert held == Overlap(single, (D,), machine.now + 10 * MINUTE)


@pytest.mark.parametrize("outcome", ["accepted", "cancelled", "refused"])
async def test_a_part_is_not_compared_with_those_before_it(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch, outcome: str
) -> None:
    monkeypatch.delattr(MessageDigests, "shared_with")
    parent = await begun(ledger, campaign())
    whole = message(A, B, C, D)
    for start, stop in ((0, 2), (2, 4)):
        share = whole.part(start, stop, 4)
        step = await ledger.begin_step(parent, replace(part(), count=2, message=share), audit_owed=False)
        assert isinstance(step, Attempt)
        await ledger.settle(step, REFUSED if outcome == "refused" else done(str(start + 1)))
        if outcome == "cancelled":
            await ledger.cancel([str(start + 1)])
    assert await ledger.handed_over("k-1", [A, B, C, D]) == (set() if outcome == "refused" else {A, B, C, D})


@pytest.mark.parametrize("outcome", [done("1"), UNKNOWN])
async def test_nobody_is_reached_twice_by_a_campaign_that_is_continued_later(
    machine: Machine, ledger: SqliteLedger, outcome: AttemptOutcome
) -> None:
    parent = await begun(ledger, campaign())
    first = await stepped(ledger, parent, A, B)
    await ledger.settle(first, outcome)
    await ledger.settle(await begun(ledger, sending(C)), done("2"))
    await ledger.settle(parent, AttemptOutcome("unknown"))
    machine.wait(168 * HOUR - MINUTE)
    whole = await attempt(ledger, campaign(D, B, C, continues=True))
    assert isinstance(whole, Overlap)
    assert (whole.attempt.id, whole.recipients, whole.until) == (first.id, (B,), machine.now + MINUTE)
    again = await begun(ledger, campaign(C, D, continues=True))
    held = await ledger.begin_step(again, part(B, C), audit_owed=False)
    assert isinstance(held, Overlap)
    assert (held.attempt.id, held.recipients) == (first.id, (B,))
    assert (await usage_of(ledger, sending(B))).overlap is None
    assert (await usage_of(ledger, campaign(B, name="k-2"))).overlap is None
    await stepped(ledger, again, C, D)


async def test_no_more_are_sent_than_were_confirmed(ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign(A, B))
    await ledger.settle(await stepped(ledger, parent, A), REFUSED)
    await stepped(ledger, parent, A)
    with pytest.raises(ValueError, match="2 were confirmed, 1 are done, and 2 more"):
        await ledger.begin_step(parent, part(B, C), audit_owed=False)
    assert len((await campaign_of(ledger)).steps) == 2


async def test_a_series_of_declarations_has_steps_of_its_own(machine: Machine, ledger: SqliteLedger) -> None:
    whole = replace(declaring("a", "b", "c"), tool=REGISTER_LIST, is_series=True)
    parent = await begun(ledger, whole, audit_owed=True)
    assert (await usage_of(ledger, declaring("a"))).unsettled_attempt is None
    step = await ledger.begin_step(parent, replace(declaring("a", "b"), tool=REGISTER_LIST), audit_owed=True)
    assert isinstance(step, Attempt)
    assert (step.parent, step.campaign) == (parent.id, None)
    usage = await usage_of(ledger, declaring("b", "c"))
    assert (usage.unsettled_attempt, usage.unsettled_records) == (step, ("b",))
    assert (usage.count_today, usage.code_count_in_hour) == (3, 3)
    usage = await usage_of(ledger, whole)
    assert (usage.unsettled_attempt, usage.unsettled_records) == (step, ("a", "b"))
    await ledger.settle(step, AttemptOutcome("done"))
    usage = await usage_of(ledger, whole)
    assert (usage.unsettled_attempt, usage.recent_records) == (None, ("a", "b"))
    await ledger.settle(parent, AttemptOutcome("done"))
    assert await ledger.begin_step(parent, declaring("c"), audit_owed=True) == Superseded()
    assert ids(await ledger.steps(parent)) == [step.id]


async def test_a_series_that_counts_nothing_has_any_number_of_steps(ledger: SqliteLedger) -> None:
    parent = await begun(ledger, PlannedChange(CANCEL_ORDER, b"x", is_series=True))
    for order in ("1", "2"):
        step = PlannedChange(CANCEL_ORDER, order.encode(), order_id=order)
        assert isinstance(await ledger.begin_step(parent, step, audit_owed=False), Attempt)


async def test_a_test_message_is_outside_holds(ledger: SqliteLedger) -> None:
    for _ in range(2):
        sent = await begun(ledger, sending(A, held=False))
        assert sent.send is not None
        await ledger.settle(sent, UNKNOWN)
    assert not await ledger.are_recipients(sent, [A])
    assert await ledger.about(A) == []
    usage = await usage_of(ledger, sending(A))
    assert (usage.overlap, usage.unsettled_attempt, usage.recipients_in_hour, usage.credits_today) == (
        None,
        None,
        2,
        12,
    )
    await begun(ledger, sending(A))
    usage = await usage_of(ledger, sending(A, held=False))
    assert (usage.overlap, usage.unsettled_attempt, usage.recent_attempt) == (None, None, None)


@pytest.mark.parametrize("text", ["Sayın {Ad}", "Kod 1"])
async def test_the_same_template_to_the_same_person_is_held_back(
    machine: Machine, ledger: SqliteLedger, text: str
) -> None:
    parent = await begun(ledger, campaign(text=text))
    step = await stepped(ledger, parent, A, B, text=text)
    await ledger.settle(step, done("1"))
    await ledger.settle(parent, AttemptOutcome("done"))
    again = await attempt(ledger, campaign(C, B, name="k-2", text=text, file="other", file_digest=b"o" * 32))
    assert isinstance(again, Overlap)
    assert (again.attempt.id, again.recipients) == (step.id, (B,))
    single = await attempt(ledger, sending(B, text=text))
    assert isinstance(single, Overlap)
    assert single.attempt.id == step.id
    await begun(ledger, sending(C, text=text))
    again = await attempt(ledger, campaign(C, D, name="k-2", text=text, file="other", file_digest=b"o" * 32))
    assert isinstance(again, Overlap)
    assert again.recipients == (C,)


async def test_a_single_send_in_between_holds_the_step_back(ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign())
    single = await begun(ledger, sending(C))
    await stepped(ledger, parent, A, B)
    again = await ledger.begin_step(parent, part(C, D), audit_owed=False)
    assert isinstance(again, Overlap)
    assert (again.attempt, again.recipients) == (single, (C,))


async def test_an_unfinished_campaign_of_file_and_template_is_found(ledger: SqliteLedger) -> None:
    def pending(**more: Any) -> Any:
        return campaign(name="k-9", **more).campaign

    parent = await begun(ledger, campaign())
    same = {"file": "liste.xlsx", "file_digest": bytes(32)}
    for file, digest, text, found in [
        ("liste.xlsx", bytes(32), None, True),
        ("liste.xlsx", b"1" * 32, None, True),
        ("kopya.xlsx", bytes(32), None, True),
        ("kopya.xlsx", b"1" * 32, None, False),
        ("liste.xlsx", bytes(32), "another", False),
    ]:
        fields: dict[str, Any] = {"file": file, "file_digest": digest} | ({} if text is None else {"text": text})
        kept = await ledger.unfinished_campaign(pending(**fields))
        assert (kept is not None) == found
        answer = await attempt(ledger, campaign(name="k-9", **fields)) if found else None
        assert answer == (Superseded() if found else None)
    await ledger.settle(parent, AttemptOutcome("unknown"))
    assert await ledger.unfinished_campaign(pending(**same)) is not None
    again = await begun(ledger, campaign(continues=True))
    await ledger.settle(again, AttemptOutcome("done"))
    assert await ledger.unfinished_campaign(pending(**same)) is None


async def test_a_campaign_whose_last_step_has_begun_is_unfinished_while_it_runs(
    machine: Machine, ledger: SqliteLedger
) -> None:
    parent = await begun(ledger, campaign(A, B))
    await stepped(ledger, parent, A, B)
    pending = campaign(name="k-9").campaign
    assert pending is not None
    assert await ledger.unfinished_campaign(pending) is not None
    machine.wait(2 * MINUTE)
    assert await ledger.unfinished_campaign(pending) is None


async def test_a_name_that_is_taken_is_refused(ledger: SqliteLedger) -> None:
    await begun(ledger, campaign())
    code = await ledger.issue(campaign(text="another"), "ayse", "code", LIFE)
    assert await attempt(ledger, campaign(text="another"), code=code) == Superseded()
    assert len(await ledger.latest(9)) == 1


async def test_one_that_stopped_is_continued_by_another_attempt(machine: Machine, ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign())
    await ledger.settle(await stepped(ledger, parent, A), done("1"))
    await ledger.settle(await stepped(ledger, parent, B), REFUSED)
    await ledger.settle(parent, UNKNOWN)
    machine.wait(HOUR)
    again = await begun(ledger, campaign(B, C, continues=True), principal="mehmet")
    kept = await campaign_of(ledger)
    assert (kept.state, kept.runner, kept.running) == ("under_way", again.id, True)
    assert (kept.recipients, kept.left) == (3, 2)
    step = await stepped(ledger, again, B, C)
    assert step.identity == Identity("mehmet", "Host 1.0")
    kept = await campaign_of(ledger)
    assert [(one.parent, one.count) for one in kept.steps] == [(parent.id, 1), (parent.id, 1), (again.id, 2)]
    assert kept.left == 0


async def test_an_interrupted_one_is_taken_over_and_its_old_runner_is_fenced(
    machine: Machine, ledger: SqliteLedger
) -> None:
    parent = await begun(ledger, campaign())
    step = await stepped(ledger, parent, A)
    early = await ledger.issue(campaign(B, C, D, continues=True), "ayse", "code", LIFE)
    assert await attempt(ledger, campaign(B, C, D, continues=True), code=early) == Superseded()
    machine.wait(2 * MINUTE)
    again = await begun(ledger, campaign(B, C, D, continues=True))
    assert await ledger.begin_step(parent, part(B), audit_owed=False) == Superseded()
    await ledger.settle(parent, UNKNOWN)
    assert (await campaign_of(ledger)).state == "under_way"
    await stepped(ledger, again, B)
    # Its own last step is settled all the same.
    await ledger.settle(step, done("1"))
    assert (await campaign_of(ledger)).steps[0].state == "done"


@pytest.mark.parametrize(
    "other",
    [
        {"name": "k-9"},
        {"text": "another"},
        {"file_digest": b"1" * 32},
    ],
)
async def test_what_is_not_the_campaign_does_not_continue_it(ledger: SqliteLedger, other: dict[str, Any]) -> None:
    parent = await begun(ledger, campaign())
    await ledger.settle(parent, AttemptOutcome("unknown"))
    change = campaign(B, **{"continues": True, **other})
    assert change.campaign is not None
    assert await attempt(ledger, change) == Superseded()


async def test_one_that_was_continued_since_the_preview_is_previewed_anew(ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign())
    await ledger.settle(parent, AttemptOutcome("unknown"))
    change = campaign(continues=True)
    codes = [await ledger.issue(change, "ayse", "code", LIFE) for _ in range(2)]
    again = await begun(ledger, change, code=codes[0])
    assert await attempt(ledger, change, code=codes[0]) == CodeUsed(again)
    assert await attempt(ledger, change, code=codes[1]) == Superseded()
    await ledger.settle(again, AttemptOutcome("unknown"))
    assert await attempt(ledger, change, code=codes[1]) == Superseded()
    assert await attempt(ledger, BLOCKING, code=codes[1]) == CodeInvalid("other_change")
    assert isinstance(await attempt(ledger, change), Started)


async def test_who_was_handed_over_is_known_for_seven_days_after_the_last_step(
    machine: Machine, ledger: SqliteLedger
) -> None:
    parent = await begun(ledger, campaign())
    await ledger.settle(await stepped(ledger, parent, A, B), done("1"))
    await ledger.settle(parent, AttemptOutcome("unknown"))
    await ledger.settle(await begun(ledger, sending(D, text="single")), done("2"))
    machine.wait(100 * HOUR)
    again = await begun(ledger, campaign(C, D, continues=True))
    await ledger.settle(await stepped(ledger, again, C), done("3"))
    machine.wait(168 * HOUR - SECOND)
    await ledger.prune()
    assert await ledger.handed_over("k-1", [A, B, C, D]) == {A, B, C}
    assert ids(await ledger.about(D)) == []
    machine.wait(HOUR)
    assert await ledger.handed_over("k-1", [A, B, C, D]) is None
    assert await ledger.about(A) == []
    assert (await campaign_of(ledger)).left == 1
    machine.wait(84 * 24 * HOUR)
    assert [one.name for one in await ledger.campaigns()] == []
    assert await on_record(ledger, parent.id) is None


async def test_a_scheduled_or_unknown_step_is_held_back_as_long_as_any_send(
    machine: Machine, ledger: SqliteLedger
) -> None:
    parent = await begun(ledger, campaign())
    await ledger.settle(await stepped(ledger, parent, A, send_at=machine.now + 240 * HOUR), done("1"))
    await stepped(ledger, parent, B)
    refused = await stepped(ledger, parent, C)
    assert await ledger.are_recipients(refused, [C])
    await ledger.settle(refused, REFUSED)
    machine.wait(240 * HOUR)
    await ledger.prune()
    assert not await ledger.are_recipients(refused, [C])
    assert (await usage_of(ledger, sending(A))).overlap is not None
    assert (await usage_of(ledger, sending(B))).unsettled_attempt is not None
    assert await ledger.handed_over("k-1", [A, B, C]) == {A, B}


async def test_a_forgotten_person_is_in_no_step_and_the_campaign_can_be_continued(ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign())
    first, second = await stepped(ledger, parent, A), await stepped(ledger, parent, B, C)
    assert await ledger.about(A) == [first]
    assert await ledger.forget(A) == [first]
    assert await ledger.forget(B) == [second]
    assert await ledger.about(A) == await ledger.about(B) == []
    assert not await ledger.are_recipients(first, [A])
    assert await ledger.handed_over("k-1", [A, B, C, D]) == {C}


@pytest.mark.parametrize("outcome", ["done", "unknown", "refused", "nothing_done"])
async def test_who_is_left_out_is_known_for_seven_days_and_is_no_recipient(
    machine: Machine, ledger: SqliteLedger, outcome: RequestOutcome
) -> None:
    parent = await begun(ledger, campaign(A, B, left_out=(C,)))
    await ledger.settle(parent, AttemptOutcome(outcome))
    assert await ledger.handed_over("k-1", [A, B, C]) == set()
    usage = await usage_of(ledger, sending(C))
    assert (usage.overlap, usage.unsettled_attempt, usage.recent_attempt) == (None, None, None)
    assert ids(await ledger.about(C)) == [parent.id]
    machine.wait(168 * HOUR - SECOND)
    await ledger.prune()
    assert await ledger.handed_over("k-1", [A, B, C], left_out=True) == {C}
    machine.wait(SECOND)
    await ledger.prune()
    assert await ledger.handed_over("k-1", [A, B, C], left_out=True) is None
    assert await ledger.about(C) == []


async def test_who_is_left_out_is_forgotten_like_a_recipient(ledger: SqliteLedger) -> None:
    parent = await begun(ledger, campaign(A, B, left_out=(C, D)))
    assert ids(await ledger.forget(C)) == [parent.id]
    assert await ledger.handed_over("k-1", [A, B, C, D], left_out=True) == {D}


async def test_campaigns_count_once_and_their_credits_as_they_go(machine: Machine, ledger: SqliteLedger) -> None:
    async def counts() -> tuple[int, int, int, int]:
        usage = await usage_of(ledger, sending(text="single"))
        return usage.credits_today, usage.recipients_in_hour, usage.count_today, usage.code_count_in_hour

    await begun(ledger, sending(D, text="single 2", credits_=1))
    parent = await begun(ledger, campaign())
    assert await counts() == (9, 1, 5, 5)
    assert (await usage_of(ledger, campaign(continues=True))).credits_today == 1
    step = await stepped(ledger, parent, A, B, credits_=3)
    assert await counts() == (9, 1, 5, 5)
    assert (await usage_of(ledger, campaign(continues=True))).credits_today == 4
    await ledger.settle(step, REFUSED)
    assert await counts() == (6, 1, 5, 5)
    step = await stepped(ledger, parent, A, B, C, credits_=7)
    assert await counts() == (8, 1, 5, 5)
    await ledger.settle(parent, AttemptOutcome("refused"))
    assert await counts() == (8, 1, 1, 5)
    machine.wait(13 * HOUR)
    assert await counts() == (0, 0, 0, 0)


async def test_an_interrupted_campaign_counts_for_its_day_only(machine: Machine, ledger: SqliteLedger) -> None:
    await begun(ledger, campaign())
    machine.wait(11 * HOUR)
    assert (await usage_of(ledger)).credits_today == 8
    machine.wait(HOUR)
    assert (await usage_of(ledger)).credits_today == 0


async def test_a_clock_that_was_set_forward_ages_no_campaign(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.record_provider_time(machine.now)
    parent = await begun(ledger, campaign())
    await ledger.settle(await stepped(ledger, parent, A), done("1"))
    right = machine.now
    ledger.close()
    machine.restart(240 * HOUR)
    again = await begun(ledger, campaign(B, continues=True))
    await ledger.record_provider_time(right)
    kept = await campaign_of(ledger)
    assert kept.touched == machine.now
    assert (kept.runner, kept.running) == (again.id, True)
    assert await ledger.handed_over("k-1", [A, B]) == {A}
    ledger.close()


async def test_the_rest_of_a_campaign_that_runs_over_midnight_counts_for_the_new_day(
    machine: Machine, ledger: SqliteLedger
) -> None:
    machine.wait(12 * HOUR - 10 * SECOND)
    parent = await begun(ledger, campaign())
    await stepped(ledger, parent, A)
    machine.wait(119 * SECOND)
    assert (await usage_of(ledger)).credits_today == 6
    await stepped(ledger, parent, B)
    machine.wait(2 * MINUTE)
    assert (await usage_of(ledger)).credits_today == 2 + 4


async def test_the_rest_of_a_campaign_that_was_interrupted_before_midnight_does_not(
    machine: Machine, ledger: SqliteLedger
) -> None:
    machine.wait(12 * HOUR - 10 * SECOND)
    await stepped(ledger, await begun(ledger, campaign()), A)
    machine.wait(2 * MINUTE)
    assert (await usage_of(ledger)).credits_today == 0


@pytest.mark.parametrize("outcome", [done("1"), UNKNOWN, REFUSED])
async def test_the_texts_of_a_test_count_for_the_day_from_its_confirmation_to_its_end(
    machine: Machine, ledger: SqliteLedger, outcome: AttemptOutcome
) -> None:
    made = 0 if outcome is REFUSED else 2
    whole = replace(sending(A, credits_=5, held=False), tool=SEND_LIST, count=2, is_series=True)
    parent = await begun(ledger, whole)
    assert parent.send is None
    assert (await usage_of(ledger)).credits_today == 5
    machine.wait(110 * SECOND)
    step = await stepped(ledger, parent, A, credits_=2, held=False)
    assert (await usage_of(ledger)).credits_today == 5
    await ledger.settle(step, outcome)
    machine.wait(119 * SECOND)
    assert (await usage_of(ledger)).credits_today == made + 3
    # Without a step for so long its process has died.
    machine.wait(SECOND)
    assert (await usage_of(ledger)).credits_today == made
    later = await begun(ledger, whole)
    assert (await usage_of(ledger)).credits_today == made + 5
    await ledger.settle(later, UNKNOWN)
    assert (await usage_of(ledger)).credits_today == made


async def test_a_test_that_runs_over_midnight_counts_for_the_new_day_in_every_process(
    tmp_path: Path, machine: Machine
) -> None:
    ledger, other = machine.ledger(tmp_path), machine.ledger(tmp_path)
    machine.wait(12 * HOUR - SECOND)
    parent = await begun(ledger, replace(sending(A, credits_=5, held=False), count=2, is_series=True))
    await stepped(ledger, parent, A, credits_=2, held=False)
    machine.wait(SECOND)
    assert (await usage_of(other)).credits_today == 3
    ledger.close()
    other.close()
