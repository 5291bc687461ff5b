"""The campaigns made here, and what became of each of their orders, through a real client."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from tests.calls import CANCEL_CAMPAIGN, CANCEL_ORDER, GET_CAMPAIGNS, GET_REPORTS, SEND_LIST
from tests.e2e.stdio_client import spoken
from tests.hosting import ERAS, LIVE, Mode, text_of
from tests.ledger.machine import A, B, C, D
from tests.tools.campaigns import TOMORROW, Stage, staged
from tests.tools.list_sends import CAMPAIGN, with_lists, write_list

UNKNOWN = AttemptOutcome("unknown")


async def test_a_sandbox_in_memory_says_that_it_forgets(tmp_path: Path) -> None:
    async with spoken("auto", "--sandbox", "--files-dir", str(tmp_path)) as wire:
        answer = await wire.call(GET_CAMPAIGNS, {})
    assert answer["summary"].endswith("the sandbox is in memory. With ILETIMERKEZI_STATE_DIR it lasts.")


@pytest.mark.parametrize("mode", ERAS)
async def test_without_a_campaign_there_is_nothing_to_list(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        answer = await stage.host.call(GET_CAMPAIGNS)
        assert stage.host.wire.requests == []
    assert (answer["summary"], answer["campaigns"]) == ("No campaign was made here in the last 90 days.", [])
    assert answer["next_step"] == "send_list makes one."


@pytest.mark.parametrize("mode", ERAS)
async def test_campaigns_are_listed_without_a_request_the_newest_first(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        finished = await stage.begin("k-1", file="a\udce7.csv")
        await stage.accept(finished, A, B, C, D)
        await stage.ledger.settle(finished, AttemptOutcome("done"))
        stopped = await stage.begin("k-2")
        await stage.accept(stopped, A)
        await stage.ledger.settle(stopped, AttemptOutcome("unknown"))
        await stage.begin("k-3")
        before = len(stage.host.wire.requests)
        answer = await stage.host.call(GET_CAMPAIGNS)
        stage.host.clock.advance(minutes=3)
        later = await stage.host.call(GET_CAMPAIGNS)
        assert len(stage.host.wire.requests) == before
    assert answer["summary"] == "3 campaigns made here in the last 90 days:"
    assert answer["campaigns"][2] == {
        "campaign": "k-1",
        "file": r"a\udce7.csv",
        "progress": "finished",
        "recipients": 4,
        "accepted": 4,
        "cancelled": 0,
        "sending": 0,
        "unknown": 0,
        "left": 0,
        "orders": 1,
        "send_at": "2026-11-23T10:00:00+03:00",
    }
    assert answer["campaigns"][0]["started"] == "2026-11-23T10:00:00+03:00"
    assert [(one["campaign"], one["progress"], one["left"]) for one in answer["campaigns"]] == [
        ("k-3", "under_way", 4),
        ("k-2", "stopped", 3),
        ("k-1", "finished", 0),
    ]
    assert later["campaigns"][0]["progress"] == "interrupted"


@pytest.mark.parametrize(
    ("language", "of_one", "of_parts", "sent", "begun"),
    [
        (
            "en",
            "scheduled for 10:30 on Tuesday 2026-11-24,",
            "scheduled for 10:30 on Tuesday 2026-11-24 – 12:00 on Tuesday 2026-11-24,",
            "send time 10:00 on Monday 2026-11-23 – 10:02 on Monday 2026-11-23,",
            "begun at 10:02 on Monday 2026-11-23,",
        ),
        (
            "tr",
            "ileri tarihli: 24.11.2026 Salı 10:30,",
            "ileri tarihli: 24.11.2026 Salı 10:30 – 24.11.2026 Salı 12:00,",
            "gönderim zamanı 23.11.2026 Pazartesi 10:00 – 23.11.2026 Pazartesi 10:02,",
            "başlangıç 23.11.2026 Pazartesi 10:02,",
        ),
    ],
)
async def test_it_says_when_a_campaign_goes_out_and_not_when_it_was_confirmed(
    tmp_path: Path, language: Language, of_one: str, of_parts: str, sent: str, begun: str
) -> None:
    async with staged(tmp_path, replace(LIVE, language=language)) as stage:
        later = await stage.begin("k-1")
        await stage.accept(later, A, B, send_at=TOMORROW)
        alone = text_of(await stage.host.client.call_tool(GET_CAMPAIGNS, {}))
        await stage.accept(later, C, D, send_at="2026-11-24T12:00")
        now = await stage.begin("k-2")
        await stage.accept(now, A)
        stage.host.clock.advance(minutes=2)
        await stage.accept(now, B)
        await stage.step(now, C, outcome=UNKNOWN)
        await stage.begin("k-3")
        result = await stage.host.client.call_tool(GET_CAMPAIGNS, {})
        listed = stage.host.check(GET_CAMPAIGNS, result)["campaigns"]
        text = text_of(result)
        orders = await text_of_campaign(stage, "k-1")
        stage.host.clock.advance(days=2)
        past = (await stage.host.call(GET_CAMPAIGNS, campaign="k-1"))["summary"]
    assert of_one in alone
    assert all(words in text for words in (of_parts, sent, begun))
    assert [(one.get("send_at"), one.get("last_send_at")) for one in listed] == [
        (None, None),
        ("2026-11-23T10:00:00+03:00", "2026-11-23T10:02:00+03:00"),
        ("2026-11-24T10:30:00+03:00", "2026-11-24T12:00:00+03:00"),
    ]
    assert ("10:30 on Tuesday 2026-11-24, 2 recipients): scheduled" in orders) == (language == "en")
    assert of_parts.partition(" for ")[2].removeprefix("ileri tarihli: ") in past
    assert of_one[:9] not in past


async def test_only_the_newest_thirty_are_listed(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        for number in range(31):
            await stage.begin(f"k-{number}")
        answer = await stage.host.call(GET_CAMPAIGNS)
    assert answer["summary"] == "31 campaigns made here in the last 90 days; the newest 30:"
    assert [answer["campaigns"][place]["campaign"] for place in (0, -1)] == ["k-30", "k-1"]


@pytest.mark.parametrize("mode", ERAS)
async def test_each_order_is_read_and_added_up(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin()
        first = await stage.accept(runner, A, B)
        second = await stage.accept(runner, C, send_at=TOMORROW)
        stage.host.clock.advance(minutes=1)
        await stage.step(runner, D, outcome=UNKNOWN)
        await stage.ledger.settle(runner, AttemptOutcome("unknown"))
        stage.host.wire.requests.clear()
        answer = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
        assert stage.host.wire.paths() == ["get-report", "get-report"]
    assert [(one.get("order_id"), one["outcome"], one.get("status")) for one in answer["orders"]] == [
        (first, "done", "finished"),
        (second, "done", "scheduled"),
        (None, "unknown", None),
    ]
    assert answer["orders"][1]["send_at"] == "2026-11-24T10:30:00+03:00"
    assert [one["handed_over"] for one in answer["orders"]] == [2, 1, 1]
    assert (answer["delivered"], answer["undelivered"], answer["waiting"]) == (2, 0, 0)
    assert answer["campaigns"][0]["left"] == 0
    assert answer["next_step"].startswith(f"Five minutes after it call {GET_REPORTS} with start 2026-11-23, all pages")


async def test_a_list_of_orders_settles_the_unknown_one_and_the_rest_can_be_sent(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        runner = await stage.begin()
        await stage.step(runner, A, outcome=UNKNOWN)
        await stage.ledger.settle(runner, AttemptOutcome("unknown"))
        stage.host.clock.advance(minutes=10)
        await stage.host.call(GET_REPORTS)
        answer = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
    assert [one["outcome"] for one in answer["orders"]] == ["not_found"]
    assert answer["campaigns"][0]["left"] == 4
    assert answer["next_step"] == (
        "Left: 4. Ask the user. send_list with campaign k-1 and all else as it was previews only the rest, and asks again; "
        "cancel_campaign ends it. Never send the list anew."
    )


async def test_a_person_is_told_of_an_argument_as_the_command_line_spells_it(tmp_path: Path) -> None:
    async with staged(tmp_path, settings=replace(LIVE, audience="person")) as stage:
        runner = await stage.begin()
        await stage.step(runner, A, outcome=AttemptOutcome("nothing_done"))
        await stage.ledger.settle(runner, UNKNOWN)
        left = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
        listed = await stage.host.call(GET_CAMPAIGNS)
    assert left["next_step"] == (
        "Left: 4. send_list with --campaign k-1 and all else as it was previews only the rest, and asks again; "
        "cancel_campaign ends it."
    )
    assert listed["next_step"] == "get_campaigns with --campaign k-1 shows its orders."


async def test_what_stopped_it_is_said(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        for name, outcome in (
            ("k-1", AttemptOutcome("refused", status_code=402)),
            ("k-2", AttemptOutcome("nothing_done")),
        ):
            runner = await stage.begin(name)
            await stage.step(runner, A, outcome=outcome)
            await stage.ledger.settle(runner, AttemptOutcome("unknown"))
        refused, failed = [await text_of_campaign(stage, name) for name in ("k-1", "k-2")]
        runner = await stage.begin("k-3")
        empty = await text_of_campaign(stage, "k-3")
        await stage.accept(runner, A)
        running = await stage.host.call(GET_CAMPAIGNS, campaign="k-3")
        stage.host.clock.advance(minutes=3)
        interrupted = await text_of_campaign(stage, "k-3")
    assert "It stopped because of code 402: " in refused
    assert "refused by the provider, nobody got it" in refused
    assert "It stopped before the next order left." in failed
    assert "did not leave, nobody got it" in failed
    assert (
        "under way; accepted 0, cancelled 0, being handed over 0, of unknown outcome 0, never handed over 4." in empty
    )
    assert running["next_step"] == "It goes on by itself; call this again in a minute."
    assert "The program that sent it has ended on the way." in interrupted


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_that_is_being_handed_over_is_told_as_that(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin()
        await stage.accept(runner, A)
        await stage.step(runner, B, C)
        during = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
        stage.host.clock.advance(minutes=3)
        after = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
    assert (
        "accepted 1, cancelled 0, being handed over 2, of unknown outcome 0, never handed over 1." in during["summary"]
    )
    assert [(each["campaigns"][0]["sending"], each["campaigns"][0]["unknown"]) for each in (during, after)] == [
        (2, 0),
        (0, 2),
    ]


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_that_does_not_go_out_is_recorded(mode: Mode, tmp_path: Path) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin()
        order_id = await stage.accept(runner, A, B, send_at=TOMORROW)
        await stage.accept(runner, C, D, send_at=TOMORROW)
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        await stage.other.confirm(CANCEL_ORDER, order_id=order_id)
        answer = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
        again = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
    for shown in (answer, again):
        assert [(one["outcome"], one["status"]) for one in shown["orders"]] == [
            ("cancelled", "not_sent"),
            ("done", "scheduled"),
        ]
    campaign = answer["campaigns"][0]
    assert [campaign[key] for key in ("progress", "accepted", "cancelled", "left")] == ["finished", 2, 2, 0]
    assert answer["next_step"] == "Until its time cancel_campaign with campaign k-1 can stop what is scheduled."


async def test_a_campaign_of_which_every_order_was_cancelled_is_cancelled(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        runner = await stage.begin()
        await stage.accept(runner, A, B, send_at=TOMORROW)
        await stage.accept(runner, C, D, send_at=TOMORROW)
        await stage.ledger.settle(runner, AttemptOutcome("done"))
        await stage.host.confirm(CANCEL_CAMPAIGN, campaign="k-1")
        answer = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
    campaign = answer["campaigns"][0]
    assert [campaign[key] for key in ("progress", "accepted", "cancelled", "left")] == ["cancelled", 0, 4, 0]
    assert (
        "cancelled; accepted 0, cancelled 4, being handed over 0, of unknown outcome 0, never handed over 0."
        in answer["summary"]
    )
    assert answer["next_step"] == "Tell the user."


async def test_a_campaign_whose_last_order_proves_to_be_accepted_is_finished(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        runner = await stage.begin()
        order_id = await stage.accept(runner, A, B)
        step = await stage.step(runner, C, D, outcome=UNKNOWN)
        await stage.ledger.settle(runner, AttemptOutcome("unknown"))
        before = await stage.host.call(GET_CAMPAIGNS)
        await stage.ledger.settle(step, AttemptOutcome("done", order_id=f"{order_id}0"))
        stage.host.clock.advance(minutes=1)
        result = await stage.host.client.call_tool(GET_CAMPAIGNS, {"campaign": "k-1"})
        after = stage.host.check(GET_CAMPAIGNS, result)
    assert [one["campaigns"][0]["progress"] for one in (before, after)] == ["stopped", "finished"]
    assert "It stopped" not in text_of(result)
    assert after["next_step"].startswith("save_report with campaign k-1 writes into a file who got it")


async def test_a_report_that_cannot_be_read_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        runner = await stage.begin()
        orders = [await stage.accept(runner, *numbers) for numbers in ((A,), (B,), (C, D))]
        await stage.ledger.settle(runner, AttemptOutcome("done"))

        def broken(request: httpx.Request) -> httpx.Response | None:
            if orders[0] in request.content.decode():
                return httpx.Response(200, json={"response": {"status": {"code": 404, "message": ""}}})
            return httpx.Response(200, text="<html>") if orders[1] in request.content.decode() else None

        stage.host.wire.broken = broken
        result = await stage.host.client.call_tool(GET_CAMPAIGNS, {"campaign": "k-1"})
        answer = stage.host.check(GET_CAMPAIGNS, result)
    assert [one.get("status") for one in answer["orders"]] == [None, None, "sending"]
    assert text_of(result).count("accepted; its report could not be read. ") == 2
    assert answer["next_step"].startswith("Messages of it are still waiting. Read it again in a few minutes.")


async def test_an_order_without_a_number_is_told_as_that(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        runner = await stage.begin()
        await stage.step(runner, A, outcome=AttemptOutcome("done"))
        result = await stage.host.client.call_tool(GET_CAMPAIGNS, {"campaign": "k-1"})
    assert "Order - (10:00 on Monday 2026-11-23, 1 recipient): accepted, its order number is unknown" in text_of(result)


async def test_a_campaign_that_is_not_on_record_is_named(tmp_path: Path) -> None:
    async with staged(tmp_path, replace(LIVE, language="tr")) as stage:
        answer = await stage.host.call(GET_CAMPAIGNS, campaign="k-9")
    assert answer["outcome"] == "nothing_done"
    assert answer["summary"] == "Burada “k-9” adlı bir kampanya yapılmadı."
    assert answer["next_step"] == "Adsız get_campaigns hepsini listeler."


@pytest.mark.parametrize("mode", ERAS)
async def test_of_thousands_of_orders_an_answer_lists_fifty_those_to_look_at_first(mode: Mode, tmp_path: Path) -> None:
    write_list(tmp_path, 58, extra="Fatma;+905000000112;1\nVeli;+905000000402;1\n")
    async with with_lists(tmp_path, mode, settings=replace(LIVE, texts_per_order=1)) as host:
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.clock.advance(minutes=5)
        result = await host.client.call_tool(GET_CAMPAIGNS, {"campaign": stopped["campaign"]})
        answer = host.check(GET_CAMPAIGNS, result)
    assert [one["outcome"] for one in stopped["orders"]] == [*["done"] * 50, "refused"]
    assert [one["outcome"] for one in answer["orders"]] == [*["done"] * 49, "refused"]
    assert [one.get("undelivered") for one in answer["orders"]] == [*[0] * 48, 1, None]
    assert (answer["campaigns"][0]["orders"], answer["delivered"], answer["undelivered"]) == (60, 58, 1)
    assert "All orders: 58 delivered, 1 undelivered, 0 waiting." in text_of(result)
    assert "Orders that are not listed: 10." in text_of(result)


async def test_a_campaign_is_listed_with_the_users_name_for_it(tmp_path: Path) -> None:
    write_list(tmp_path, 1)
    async with with_lists(tmp_path) as host:
        sent = await host.confirm(SEND_LIST, CAMPAIGN, label="Kış siparişleri")
        listed = text_of(await host.client.call_tool(GET_CAMPAIGNS, {}))
    assert f"{sent['campaign']} (“Kış siparişleri”): list “musteriler.csv”, 1 recipient, send time " in listed


async def test_after_a_commercial_campaign_the_consents_of_the_undelivered_are_mentioned(tmp_path: Path) -> None:
    write_list(tmp_path, 2)
    commercial = {
        "text": "{Ad Soyad}, indirim! Ret: RET yaz 3300",
        "message_type": "commercial",
        "iys_list": "BIREYSEL",
    }
    async with with_lists(tmp_path) as host:
        sent = await host.confirm(SEND_LIST, CAMPAIGN, **commercial)
        host.clock.advance(minutes=5)
        answer = await host.call(GET_CAMPAIGNS, campaign=sent["campaign"])
    assert answer["undelivered"] == 2
    assert answer["next_step"].endswith("The undelivered may be numbers without İYS consent.")


async def test_without_the_ledger_it_says_so(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.begin()
        stage.ledger.close()
        for file in (tmp_path / "state").glob("ledger.sqlite3*"):
            file.unlink()
        (tmp_path / "state" / "ledger.sqlite3").mkdir()
        answer = await stage.host.call(GET_CAMPAIGNS)
    assert answer["outcome"] == "nothing_done"
    assert answer["next_step"] == "Tell the user."


async def text_of_campaign(stage: Stage, name: str) -> str:
    return text_of(await stage.host.client.call_tool(GET_CAMPAIGNS, {"campaign": name}))
