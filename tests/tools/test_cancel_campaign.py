"""Cancelling a campaign: its scheduled orders one by one, and its rest, under one yes; through a real client."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from iletimerkezi_mcp.tools import campaign_run
from tests.calls import CANCEL_CAMPAIGN, GET_CAMPAIGNS, SEND_LIST
from tests.confirmation.scenes import YES, people
from tests.hosting import ERAS, LIVE, Mode, text_of
from tests.ledger.machine import A, B, C, D
from tests.tools.campaigns import TOMORROW, staged
from tests.tools.list_sends import CAMPAIGN, Failing, refused, with_lists, write_list

CALL = {"campaign": "k-1"}
UNKNOWN = AttemptOutcome("unknown")


@pytest.mark.parametrize("mode", ERAS)
async def test_the_scheduled_orders_are_cancelled_under_one_yes(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin()
        gone = await stage.accept(runner, A)
        orders = [await stage.accept(runner, number, send_at=TOMORROW) for number in (B, C)]
        await stage.ledger.settle(runner, AttemptOutcome("unknown"))
        stage.host.wire.requests.clear()
        preview = await stage.host.call(CANCEL_CAMPAIGN, CALL)
        assert stage.host.wire.requests == []
        done = await stage.host.call(CANCEL_CAMPAIGN, CALL, confirm=preview["confirm"])
        assert stage.host.wire.paths() == ["cancel-order", "cancel-order"]
        after = await stage.host.call(GET_CAMPAIGNS, CALL)
        again = await stage.host.call(CANCEL_CAMPAIGN, CALL)
    assert preview["preview"].splitlines() == [
        "LIVE, key …7f3a: cancel campaign k-1 (list “liste.xlsx”), 2 scheduled orders, which cannot be undone.",
        "! Orders that are gone, or may be, and that nothing can stop: 1.",
        f"- Order {orders[0]}: 1 recipient, 10:30 on Tuesday 2026-11-24",
        f"- Order {orders[1]}: 1 recipient, 10:30 on Tuesday 2026-11-24",
        "- Recipients who have not been handed over, and will not be: 1.",
        "- Only a scheduled order that has not begun to go out can be cancelled.",
    ]
    assert (done["outcome"], done["campaign"], done["cancelled"]) == ("done", "k-1", orders)
    assert (done["not_cancelled"], done["unknown"], done["left"]) == ([], [], 1)
    assert done["summary"] == (
        "Campaign k-1 is ended; orders cancelled: 2. Recipients who have not been handed over, and will not be: 1."
    )
    assert [(one["order_id"], one["outcome"]) for one in after["orders"]] == [
        (gone, "done"),
        (orders[0], "cancelled"),
        (orders[1], "cancelled"),
    ]
    assert after["campaigns"][0]["progress"] == "cancelled"
    assert again["outcome"] == "nothing_done"
    assert again["summary"].startswith("Campaign k-1 has no scheduled order and nothing left that could be stopped.")


@pytest.mark.parametrize("mode", ERAS)
async def test_a_person_is_asked_once_and_reads_whose_campaign_it_is(mode: Mode, tmp_path: Path) -> None:
    person = YES()
    async with staged(tmp_path, mode=mode, elicitation_callback=person) as stage:
        runner = await stage.begin(principal="ayse")
        await stage.accept(runner, A, B, send_at=TOMORROW)
        await stage.accept(runner, C, D, send_at=TOMORROW)
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        done = await stage.host.call(CANCEL_CAMPAIGN, CALL)
    assert (done["outcome"], done["confirmed_by"], len(done["cancelled"])) == ("done", "person", 2)
    assert len(person.shown) == 1
    assert "This order was sent by ayse, not by you." in person.shown[0].message
    assert "Do you want to cancel this campaign?" in str(person.shown[0].requested_schema)


async def test_a_stopped_campaign_without_scheduled_orders_is_only_ended(tmp_path: Path) -> None:
    async with staged(tmp_path, replace(LIVE, language="tr")) as stage:
        runner = await stage.begin()
        await stage.step(runner, A, B, outcome=UNKNOWN)
        await stage.ledger.settle(runner, AttemptOutcome("unknown"))
        preview = await stage.host.call(CANCEL_CAMPAIGN, CALL)
        done = await stage.host.call(CANCEL_CAMPAIGN, CALL, confirm=preview["confirm"])
        assert stage.host.wire.requests == []
        campaign = await stage.ledger.campaign("k-1")
    assert "! Giden ya da gitmiş olabilecek, artık durdurulamayacak gönderim: 1." in preview["preview"].splitlines()
    assert done["summary"] == (
        "k-1 kampanyası bitirildi; iptal edilen gönderim: 0. Gönderime verilmemiş ve artık verilmeyecek alıcı: 2."
    )
    assert campaign is not None
    assert campaign.state == "cancelled"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_campaign_that_is_being_sent_ends_after_the_order_under_way(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin()
        first = await stage.accept(runner, A, send_at=TOMORROW)
        preview = await stage.host.call(CANCEL_CAMPAIGN, CALL)
        # Meanwhile it goes on, which does not change what was confirmed: all of it.
        second = await stage.accept(runner, B, send_at=TOMORROW)
        step = await stage.step(runner, C)
        unknown = await stage.host.call(CANCEL_CAMPAIGN, CALL, confirm=preview["confirm"])
        await stage.ledger.settle(step, AttemptOutcome("nothing_done"))
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        campaign = await stage.ledger.campaign("k-1")
    assert campaign is not None
    assert campaign.state == "cancelled"
    assert preview["warnings"][0] == "It is being sent now: no further order is made after the one under way."
    assert (unknown["outcome"], unknown["cancelled"]) == ("unknown", [first, second])
    assert unknown["next_step"].startswith("One order is being handed over at this moment and may be accepted")


@pytest.mark.parametrize("mode", ERAS)
async def test_what_could_not_be_cancelled_and_what_is_unknown_is_told_apart(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin()
        orders = [await stage.accept(runner, number, send_at=TOMORROW) for number in (A, B, C)]
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        answers = {
            orders[0]: httpx.Response(200, json={"response": {"status": {"code": 455, "message": ""}}}),
            orders[1]: httpx.Response(504),
        }
        stage.host.wire.broken = lambda request: next(
            (answer for order, answer in answers.items() if order in request.content.decode()), None
        )
        unknown = await stage.host.confirm(CANCEL_CAMPAIGN, CALL)
    assert unknown["outcome"] == "unknown"
    assert (unknown["not_cancelled"], unknown["unknown"], unknown["cancelled"]) == (
        [orders[0]],
        [orders[1]],
        [orders[2]],
    )
    assert unknown["summary"] == (
        "Campaign k-1 is ended; orders cancelled: 1. Recipients who have not been handed over, and will not be: 1. "
        f"Not cancelled: {orders[0]}. Of unknown outcome: {orders[1]}."
    )
    assert unknown["next_step"].startswith("get_campaigns with campaign k-1 shows its orders.")


@pytest.mark.parametrize("mode", ERAS)
async def test_it_is_no_success_if_one_order_could_not_be_cancelled(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin()
        begun, waiting = [await stage.accept(runner, number, send_at=TOMORROW) for number in (A, B)]
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        refusal = httpx.Response(200, json={"response": {"status": {"code": 455, "message": ""}}})
        stage.host.wire.broken = lambda request: refusal if begun in request.content.decode() else None
        stopped = await stage.host.confirm(CANCEL_CAMPAIGN, CALL)
    assert (stopped["outcome"], stopped["cancelled"], stopped["not_cancelled"]) == ("stopped", [waiting], [begun])


@pytest.mark.parametrize(("code", "asked"), [(455, 2), (401, 1)])
async def test_it_is_no_success_if_nothing_could_be_cancelled(code: int, asked: int, tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        runner = await stage.begin()
        orders = [await stage.accept(runner, *numbers, send_at=TOMORROW) for numbers in ((A, B), (C, D))]
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        stage.host.wire.requests.clear()
        stage.host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": code, "message": ""}}}
        )
        stopped = await stage.host.confirm(CANCEL_CAMPAIGN, CALL)
        assert len(stage.host.wire.requests) == asked
    assert (stopped["outcome"], stopped["cancelled"], stopped["not_cancelled"]) == ("stopped", [], orders)
    assert ("denied this account access" in stopped["summary"]) == (asked == 1)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_clock_set_forward_hides_no_scheduled_order(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin("k-1", A)
        order = await stage.accept(runner, A, send_at=TOMORROW)
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        stage.host.clock.jump(days=2)
        # The provider's clock is right, and there the time has not come.
        stage.host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 200, "message": ""}}}
        )
        done = await stage.host.confirm(CANCEL_CAMPAIGN, CALL)
        stage.host.clock.advance(days=1)
        gone = await stage.host.call(CANCEL_CAMPAIGN, CALL)
    assert (done["outcome"], done["cancelled"]) == ("done", [order])
    assert gone["outcome"] == "nothing_done"


async def test_only_the_first_orders_are_named_in_the_preview(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        recipients = people(12)
        runner = await stage.begin("k-1", *recipients)
        for recipient in recipients:
            await stage.accept(runner, recipient, send_at=TOMORROW)
        preview = await stage.host.call(CANCEL_CAMPAIGN, CALL, dry_run=True)
    assert preview["outcome"] == "dry_run"
    assert preview["preview"].count("- Order ") == 10
    assert "12 scheduled orders" in preview["preview"]


async def test_of_many_orders_an_answer_names_the_first(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        recipients = people(60)
        runner = await stage.begin("k-1", *recipients)
        orders = [await stage.accept(runner, recipient, send_at=TOMORROW) for recipient in recipients]
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        stage.host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 401, "message": ""}}}
        )
        stopped = await stage.host.confirm(CANCEL_CAMPAIGN, CALL)
        stage.host.wire.broken = None
        done = await stage.host.confirm(CANCEL_CAMPAIGN, CALL)
    assert stopped["not_cancelled"] == orders[:50]
    assert f"Not cancelled: {', '.join(orders[:10])}, … (60)." in stopped["summary"]
    assert done["cancelled"] == orders[:50]
    assert "orders cancelled: 60." in done["summary"]


async def test_what_is_under_way_without_a_scheduled_order_is_ended(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.accept(await stage.begin(), A)
        preview = await stage.host.call(CANCEL_CAMPAIGN, CALL, dry_run=True)
    assert "end campaign k-1 (list “liste.xlsx”), none of whose orders is scheduled." in preview["preview"]


async def test_a_campaign_that_is_not_on_record_cannot_be_cancelled(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        answer = await stage.host.call(CANCEL_CAMPAIGN, campaign="k-9")
    assert (answer["outcome"], answer["summary"]) == ("nothing_done", "No campaign “k-9” was made here.")


@pytest.mark.parametrize("mode", ERAS)
async def test_once_it_is_cancelled_a_new_campaign_of_the_list_and_text_may_begin(
    mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_run, "CHECK_PAUSE", 0)
    write_list(tmp_path, 35)
    arguments = {**CAMPAIGN, "send_at": TOMORROW}
    async with with_lists(tmp_path, mode, settings=replace(LIVE, texts_per_order=10)) as host:
        host.wire.broken = Failing(2, refused(402))
        stopped = await host.confirm(SEND_LIST, arguments)
        host.wire.broken = None
        shown = await host.call(GET_CAMPAIGNS, campaign=stopped["campaign"])
        refused_anew = await host.call(SEND_LIST, arguments)
        (tmp_path / "musteriler.csv").rename(tmp_path / "eski.csv")
        gone = await host.client.call_tool(GET_CAMPAIGNS, {"campaign": stopped["campaign"]})
        (tmp_path / "eski.csv").rename(tmp_path / "musteriler.csv")
        cancelled = await host.confirm(CANCEL_CAMPAIGN, campaign=stopped["campaign"])
        anew = await host.call(SEND_LIST, arguments)
    assert [order["outcome"] for order in shown["orders"]] == ["done", "done", "refused"]
    assert (shown["campaigns"][0]["progress"], shown["campaigns"][0]["left"]) == ("stopped", 15)
    # Twenty people are handed over, below the row of the names.
    assert shown["up_to_row"] == 21
    assert "Which rows are left cannot be said, and they cannot be sent: " in text_of(gone)
    assert refused_anew["outcome"] == "nothing_done"
    assert (cancelled["outcome"], len(cancelled["cancelled"]), cancelled["left"]) == ("done", 2, 15)
    assert (anew["outcome"], anew["recipients"]) == ("preview", 35)


async def test_of_a_campaign_whose_first_order_was_refused_all_rows_are_left(tmp_path: Path) -> None:
    write_list(tmp_path, 5)
    async with with_lists(tmp_path) as host:
        host.wire.broken = Failing(0, refused(402))
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        shown = await host.call(GET_CAMPAIGNS, campaign=stopped["campaign"])
    assert shown["campaigns"][0]["left"] == 5
    assert "up_to_row" not in shown
