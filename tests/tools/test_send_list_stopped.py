"""Campaigns that stop on the way: what was handed over is said, nothing goes twice, and the rest can be sent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt, Change
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.tools import campaign_run, list_text
from tests.calls import GET_CAMPAIGNS, GET_REPORTS, SEND_LIST, SEND_SMS
from tests.confirmation.scenes import lost
from tests.hosting import ERAS, LIVE, ManualClock, Mode
from tests.tools.list_sends import CAMPAIGN, Failing, name, number, orders, refused, texts, with_lists, write_list

SMALL = replace(LIVE, texts_per_order=10)

Failure = Callable[[httpx.Request], httpx.Response | None]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_run, "CHECK_PAUSE", 0)


def _whole(people: int) -> list[tuple[str, str]]:
    return [(number(place), f"Sayın {name(place)}, siparişiniz yola çıktı.") for place in range(people)]


def _not_reached(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no", request=request)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("failure", "outcome", "last", "said"),
    [
        (refused(402), "stopped", "refused", "balance"),
        (_not_reached, "stopped", "nothing_done", "could not be reached"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
async def test_what_was_not_handed_over_can_be_sent_and_nothing_goes_twice(
    tmp_path: Path, mode: Mode, place: int, failure: Failure, outcome: str, last: str, said: str
) -> None:
    write_list(tmp_path, 35)
    async with with_lists(tmp_path, mode, settings=SMALL) as host:
        failing = host.wire.broken = Failing(place, failure)
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        refused_anew = await host.call(SEND_LIST, CAMPAIGN)
        assert len(orders(host)) == place + failing.failed
        rest = await host.call(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"])
        done = await host.call(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"], confirm=rest["confirm"])
        ended = await host.call(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"])
    assert stopped["outcome"] == outcome
    assert [order["outcome"] for order in stopped["orders"]] == ["done"] * place + [last]
    counts = f"accepted {10 * place}, of unknown outcome 0, never handed over {35 - 10 * place}."
    assert f"has stopped. Recipients: {counts}" in stopped["summary"]
    assert (f" {place} of 4 orders accepted (3128" in stopped["summary"]) == bool(place)
    assert said.lower() in stopped["summary"].lower()
    assert stopped["campaign"] in stopped["next_step"]
    assert refused_anew["outcome"] == "nothing_done"
    assert stopped["campaign"] in refused_anew["next_step"]
    counts = f"accepted {10 * place}, of unknown outcome 0, to be sent now {35 - 10 * place}"
    assert f"- Goes on with campaign {stopped['campaign']}: {counts}" in rest["preview"]
    assert (rest["recipients"], rest["left_out"]) == (35 - 10 * place, 10 * place)
    if place:
        assert f"Left out, in earlier orders of this campaign: {10 * place} (rows 2, 3, 4, 5, 6, …)" in rest["preview"]
    assert done["outcome"] == "done"
    assert failing.handed_over(host) == _whole(35)
    assert ended["outcome"] == "nothing_done"
    assert "has ended" in ended["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_in_doubt_is_left_out_by_a_persons_yes(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 35)
    async with with_lists(tmp_path, mode, settings=SMALL) as host:
        host.wire.broken = Failing(1, lost)
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        rest = await host.call(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"])
        done = await host.call(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"], confirm=rest["confirm"])
    assert stopped["outcome"] == "unknown"
    assert [order["outcome"] for order in stopped["orders"]] == ["done", "unknown"]
    assert "accepted 10, of unknown outcome 10, never handed over 15." in stopped["summary"]
    assert stopped["next_step"].startswith(
        f"Tell the user which orders were accepted. Five minutes after it call {GET_REPORTS} with start 2026-11-23"
    )
    assert (rest["recipients"], rest["left_out"]) == (15, 20)
    assert "accepted 10, of unknown outcome 10, to be sent now 15" in rest["preview"]
    (warning,) = rest["warnings"]
    assert warning.startswith(
        "10 of those left out are in orders of this campaign whose outcome is unknown (begun 10:00 on Monday 2026-11-23). "
    )
    assert done["outcome"] == "done"
    assert texts(host) == _whole(35)


@pytest.mark.parametrize("mode", ERAS)
async def test_an_only_order_in_doubt_is_told_alike_by_all_and_is_settled_first(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 10)
    async with with_lists(tmp_path, mode, settings=SMALL) as host:
        host.wire.broken = lost
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        name_ = stopped["campaign"]
        shown = await host.call(GET_CAMPAIGNS, campaign=name_)
        continued = await host.call(SEND_LIST, CAMPAIGN, campaign=name_)
        host.clock.advance(minutes=6)
        await host.call(GET_REPORTS, start="2026-11-23")
        settled = await host.call(SEND_LIST, CAMPAIGN, campaign=name_)
    counts = "accepted 0, of unknown outcome 10, never handed over 0"
    assert stopped["summary"].startswith(f"Campaign {name_} has stopped. Recipients: {counts}. ")
    (campaign,) = shown["campaigns"]
    assert campaign["progress"] == "stopped"
    assert [campaign[key] for key in ("accepted", "cancelled", "unknown", "left")] == [0, 0, 10, 0]
    assert continued["outcome"] == "nothing_done"
    assert (
        f"in campaign {name_} an order of unknown outcome is all that is open (10 recipients)" in continued["summary"]
    )
    for answer in (stopped, shown, continued):
        assert f"call {GET_REPORTS} with start 2026-11-23, all pages" in answer["next_step"]
    assert (settled["outcome"], settled["recipients"]) == ("preview", 10)


async def test_an_order_in_doubt_that_was_not_made_is_sent_after_all(tmp_path: Path) -> None:
    write_list(tmp_path, 35)
    async with with_lists(tmp_path, settings=SMALL) as host:
        host.wire.broken = Failing(1, lost)
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        host.clock.advance(minutes=6)
        await host.call(GET_REPORTS, start="2026-11-23")
        rest = await host.call(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"])
        done = await host.call(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"], confirm=rest["confirm"])
    assert (rest["recipients"], rest["left_out"]) == (25, 10)
    assert rest["warnings"][0].startswith(
        "This may arrive twice: the same text may have been sent to some of these recipients"
    )
    assert done["outcome"] == "done"
    assert texts(host) == _whole(20) + _whole(35)[10:]


async def test_the_yes_needs_no_second_reading_of_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_list(tmp_path, 3)
    async with with_lists(tmp_path) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        monkeypatch.setattr(list_text, "read_list", None)
        done = await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"])
    assert done["outcome"] == "done"
    assert texts(host) == _whole(3)


async def test_a_file_that_is_gone_after_the_preview_is_told(tmp_path: Path) -> None:
    path = write_list(tmp_path, 3)
    async with with_lists(tmp_path) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        path.unlink()
        gone = await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"])
    assert gone["outcome"] == "nothing_done"
    assert "There is no file" in gone["summary"]
    assert orders(host) == []


async def test_a_file_that_changes_after_the_preview_is_previewed_anew(tmp_path: Path) -> None:
    write_list(tmp_path, 3)
    async with with_lists(tmp_path) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        write_list(tmp_path, 4)
        anew = await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"])
    assert (anew["outcome"], len(anew["confirm"])) == ("nothing_done", 12)
    assert "issued for something else" in anew["summary"]
    assert anew["recipients"] == 4
    assert orders(host) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: write_list(path.parent, 36), "has changed since it was previewed"),
        (lambda path: path.unlink(), "is no longer there"),
        (lambda path: (path.unlink(), path.mkdir()), "is not a plain file"),
    ],
)
async def test_a_file_that_changes_on_the_way_stops_it(
    tmp_path: Path, change: Callable[[Path], object], said: str
) -> None:
    path = write_list(tmp_path, 35)
    async with with_lists(tmp_path, settings=SMALL) as host:

        def changes(request: httpx.Request) -> None:
            if "send-sms" in request.url.path and len(orders(host)) == 2:
                change(path)

        preview = await host.call(SEND_LIST, CAMPAIGN)
        host.wire.broken = changes
        stopped = await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"])
        other = await host.call(SEND_LIST, {**CAMPAIGN, "file": "musteriler.csv"}, campaign=stopped["campaign"])
    assert stopped["outcome"] == "stopped"
    assert said in stopped["summary"]
    assert texts(host) == _whole(20)
    assert other["outcome"] == "nothing_done"


@pytest.mark.parametrize("mode", ERAS)
async def test_who_was_left_out_for_having_the_text_stays_left_out(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 35)
    plain = {**CAMPAIGN, "text": "Mağazamız bugün 18.00'de kapanır."}
    single = {"text": plain["text"], "message_type": "transactional"}
    async with with_lists(tmp_path, mode) as host:
        await host.confirm(SEND_SMS, single, recipients=[number(0), number(34)])
        host.clock.advance(minutes=5)
        host.wire.broken = Failing(0, refused(402))
        stopped = await host.confirm(SEND_LIST, plain)
        host.wire.broken = None
        await host.confirm(SEND_SMS, single, recipients=[number(1)])
        host.clock.advance(minutes=1)
        again = await host.confirm(SEND_LIST, plain, campaign=stopped["campaign"])
        host.clock.advance(minutes=30)
        shown = await host.call(GET_CAMPAIGNS, campaign=stopped["campaign"])
    assert (stopped["recipients"], stopped["left_out"]) == (33, 2)
    assert (again["outcome"], again["recipients"], again["left_out"]) == ("done", 32, 3)
    assert shown["campaigns"][0]["recipients"] == 32


@pytest.mark.parametrize("mode", ERAS)
async def test_who_was_left_out_stays_so_after_an_hour_and_for_seven_days(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 35)
    write_list(tmp_path, 5, file="ilk.csv")
    async with with_lists(tmp_path, mode, settings=SMALL) as host:
        await host.confirm(SEND_LIST, CAMPAIGN, file="ilk.csv")
        host.wire.broken = Failing(1, refused(402))
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        host.clock.advance(days=6)
        shown = await host.call(GET_CAMPAIGNS, campaign=stopped["campaign"])
        rest = await host.confirm(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"])
    assert shown["campaigns"][0]["left"] == rest["recipients"] == 20
    assert shown["up_to_row"] == 16
    # The list before it had five people, its first order ten, and its second one, of ten, was refused.
    assert texts(host)[:15] + texts(host)[25:] == _whole(35)


async def test_a_file_that_was_only_saved_again_goes_on(tmp_path: Path) -> None:
    path = write_list(tmp_path, 35)
    async with with_lists(tmp_path, settings=SMALL) as host:

        def saved(request: httpx.Request) -> None:
            if "send-sms" in request.url.path:
                os.utime(path, (len(orders(host)), 1))

        host.wire.broken = saved
        assert (await host.confirm(SEND_LIST, CAMPAIGN))["outcome"] == "done"
    assert texts(host) == _whole(35)


async def test_only_the_campaign_itself_can_be_continued(tmp_path: Path) -> None:
    write_list(tmp_path, 35)
    async with with_lists(tmp_path, settings=SMALL) as host:
        host.wire.broken = Failing(1, refused(402))
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        name_ = stopped["campaign"]
        unknown = await host.call(SEND_LIST, CAMPAIGN, campaign="k-000000")
        other_text = await host.call(SEND_LIST, {**CAMPAIGN, "text": "Sayın {Ad Soyad}!"}, campaign=name_)
        tested = await host.call(SEND_LIST, CAMPAIGN, campaign=name_, test=True)
        write_list(tmp_path, 36)
        other_file = await host.call(SEND_LIST, CAMPAIGN, campaign=name_)
        write_list(tmp_path, 35)
        host.clock.advance(days=8)
        forgotten = await host.call(SEND_LIST, CAMPAIGN, campaign=name_)
    said = {
        "No campaign “k-000000” was made here": unknown,
        f"this is not the text of campaign {name_}": other_text,
        "campaign does not go with test": tested,
        f"no longer, the one that campaign {name_} was begun with": other_file,
        f"who got campaign {name_} is kept for seven days": forgotten,
    }
    for reason, answer in said.items():
        assert answer["outcome"] == "nothing_done"
        assert reason in answer["summary"]
    assert len(orders(host)) == 2


async def test_a_campaign_can_go_on_at_another_time_and_with_another_sender(tmp_path: Path) -> None:
    write_list(tmp_path, 25)
    later = {"send_at": "2026-11-24T10:00", "sender": "DEMO FIRMA"}
    async with with_lists(tmp_path, settings=SMALL) as host:
        host.wire.broken = Failing(1, refused(402))
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
        host.wire.broken = None
        done = await host.confirm(SEND_LIST, CAMPAIGN, campaign=stopped["campaign"], **later)
    assert done["outcome"] == "done"
    assert "scheduled for 10:00 on Tuesday 2026-11-24" in done["summary"]
    assert [order["sender"] for order in orders(host)[2:]] == ["DEMO FIRMA"] * 2


async def test_a_time_that_comes_too_near_on_the_way_stops_it(tmp_path: Path) -> None:
    write_list(tmp_path, 25)
    async with with_lists(tmp_path, settings=SMALL) as host:

        def later(request: httpx.Request) -> None:
            if "get-reports" in request.url.path:
                host.clock.advance(seconds=50)

        host.wire.broken = later
        stopped = await host.confirm(SEND_LIST, CAMPAIGN, send_at="2026-11-23T10:02")
    assert stopped["outcome"] == "stopped"
    assert "The send time 10:02 on Monday 2026-11-23 is too near by now" in stopped["summary"]
    assert len(orders(host)) == 1


COMMERCIAL = {
    **CAMPAIGN,
    "text": "Sayın {Ad Soyad}, indirim başladı. Ret için RET yazıp 3300'e.",
    "message_type": "commercial",
    "iys_list": "BIREYSEL",
}


async def test_the_night_that_comes_on_the_way_stops_a_commercial_campaign(tmp_path: Path) -> None:
    write_list(tmp_path, 25)
    clock = ManualClock()
    clock.jump(hours=10, minutes=59, seconds=30)
    async with with_lists(tmp_path, settings=SMALL, clock=clock) as host:

        def later(request: httpx.Request) -> None:
            if "get-reports" in request.url.path:
                host.clock.advance(seconds=40)

        host.wire.broken = later
        stopped = await host.confirm(SEND_LIST, COMMERCIAL)
    assert stopped["outcome"] == "stopped"
    assert "The preview is no longer right: it is night by now" in stopped["summary"]
    assert len(orders(host)) == 1


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_that_is_about_to_leave_when_the_night_begins_stays(
    tmp_path: Path, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_list(tmp_path, 25)
    clock = ManualClock()
    clock.jump(hours=10, minutes=59, seconds=30)
    begin, begun = SqliteLedger.begin_step, list[Attempt]()

    async def slowly(ledger: SqliteLedger, parent: Attempt, step: Change, *, audit_owed: bool) -> Any:
        if parent in begun:
            clock.advance(seconds=40)
        begun.append(parent)
        return await begin(ledger, parent, step, audit_owed=audit_owed)

    monkeypatch.setattr(SqliteLedger, "begin_step", slowly)
    async with with_lists(tmp_path, mode, settings=SMALL, clock=clock) as host:
        stopped = await host.confirm(SEND_LIST, COMMERCIAL)
    assert [order["outcome"] for order in stopped["orders"]] == ["done", "nothing_done"]
    assert stopped["outcome"] == "stopped"
    assert "or the night hours had begun" in stopped["summary"]
    assert len(orders(host)) == 1


async def test_a_total_that_cannot_be_read_stops_it(tmp_path: Path) -> None:
    write_list(tmp_path, 25)

    def unreadable(request: httpx.Request) -> httpx.Response | None:
        return (
            httpx.Response(200, json={"response": {"status": {"code": 401}}}) if "reports" in request.url.path else None
        )

    async with with_lists(tmp_path) as host:
        host.wire.broken = unreadable
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
    assert stopped["outcome"] == "stopped"
    assert "the first of several texts, could not be read" in stopped["summary"]


async def test_a_single_send_of_the_same_text_on_the_way_stops_it(tmp_path: Path) -> None:
    write_list(tmp_path, 25)
    plain = {**CAMPAIGN, "text": "Bugün kapalıyız."}
    async with with_lists(tmp_path) as host:
        single = {"recipients": [number(24)], "text": "Bugün kapalıyız.", "message_type": "transactional"}
        preview = await host.call(SEND_LIST, plain)
        assert (await host.confirm(SEND_SMS, single))["outcome"] == "done"
        anew = await host.call(SEND_LIST, plain, confirm=preview["confirm"])
    assert (anew["outcome"], len(anew["confirm"])) == ("nothing_done", 12)
    assert "Left out, they have this text already, or may have it: 1 (row 26)" in anew["preview"]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_campaign_that_is_under_way_is_neither_begun_anew_nor_continued(tmp_path: Path, mode: Mode) -> None:
    write_list(tmp_path, 35)
    answers: list[dict[str, Any]] = []
    async with with_lists(tmp_path, mode, settings=SMALL) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        checked = host.wire.waiting["/v1/get-reports/json"] = anyio.Event()

        async def confirmed() -> None:
            answers.append(await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"]))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(confirmed)
            while "get-reports" not in host.wire.paths():
                await anyio.lowlevel.checkpoint()
            same = await host.call(SEND_LIST, CAMPAIGN)
            new = await host.call(SEND_LIST, CAMPAIGN, label="Yeniden")
            name_ = new["summary"].split("campaign ")[1].split(" ")[0]
            continued = await host.call(SEND_LIST, CAMPAIGN, campaign=name_)
            checked.set()
    assert (same["outcome"], same["campaign"]) == ("under_way", name_)
    assert f"campaign {name_} is under way, and goes on by itself" in new["summary"]
    assert f"campaign {name_} is under way, and goes on by itself" in continued["summary"]
    assert [(answer["outcome"], answer["campaign"]) for answer in answers] == [("done", name_)]
    assert texts(host) == _whole(35)


async def test_a_send_of_the_same_text_meanwhile_stops_it(tmp_path: Path) -> None:
    write_list(tmp_path, 25)
    answers: list[dict[str, Any]] = []
    async with with_lists(tmp_path, settings=SMALL) as host:
        preview = await host.call(SEND_LIST, CAMPAIGN)
        checked = host.wire.waiting["/v1/get-reports/json"] = anyio.Event()

        async def confirmed() -> None:
            answers.append(await host.call(SEND_LIST, CAMPAIGN, confirm=preview["confirm"]))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(confirmed)
            while "get-reports" not in host.wire.paths():
                await anyio.lowlevel.checkpoint()
            single = {"recipients": [number(12)], "text": CAMPAIGN["text"], "message_type": "transactional"}
            assert (await host.confirm(SEND_SMS, single))["outcome"] == "done"
            checked.set()
    (stopped,) = answers
    assert stopped["outcome"] == "stopped"
    assert "1 of the recipients of the next order have this text by now" in stopped["summary"]
    assert [order["outcome"] for order in stopped["orders"]] == ["done", "held_back"]


async def test_an_order_with_the_number_of_an_earlier_one_is_unknown(tmp_path: Path) -> None:
    write_list(tmp_path, 25)
    async with with_lists(tmp_path, settings=SMALL) as host:

        def same(request: httpx.Request) -> httpx.Response | None:
            if "send-sms" not in request.url.path or len(orders(host)) == 1:
                return None
            return httpx.Response(200, json={"response": {"status": {"code": 200}, "order": {"id": "312891248"}}})

        host.wire.broken = same
        stopped = await host.confirm(SEND_LIST, CAMPAIGN)
    assert (stopped["outcome"], stopped["orders"][0]["order_id"]) == ("unknown", "312891248")
    assert "with the number of an earlier order" in stopped["summary"]


async def test_the_first_order_is_looked_for_on_every_page(tmp_path: Path) -> None:
    write_list(tmp_path, 15)

    def paged(request: httpx.Request) -> httpx.Response | None:
        if "get-reports" not in request.url.path:
            return None
        page = int(json.loads(request.content)["request"]["filter"]["page"])
        ids = range(1, 31) if page == 1 else [312891248]
        rows = [{"id": str(order_id), "status": "113", "total": "10"} for order_id in ids]
        return httpx.Response(200, json={"response": {"status": {"code": 200}, "count": 31, "orders": rows}})

    async with with_lists(tmp_path, settings=SMALL) as host:
        host.wire.broken = paged
        assert (await host.confirm(SEND_LIST, CAMPAIGN))["outcome"] == "done"
        assert host.wire.paths() == ["get-balance", "send-sms", "get-reports", "get-reports", "send-sms"]
