"""Sends of unknown outcome are settled together, by what a list or a report shows and by nothing less."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from tests.calls import GET_REPORT, GET_REPORTS, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted

from .orders import AT_TEN, LOST, NOT_MADE, SEND, A, B, C, held, listing, lose, read, reporting
from .scenes import remember_only_the_latest


@pytest.mark.parametrize("mode", ERAS)
async def test_of_two_unknown_sends_neither_is_told_as_the_others_order(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        for number, text in ((NOT_MADE, "Birinci"), (LOST, "İkinci")):
            answer = await host.confirm(SEND_SMS, {**SEND, "text": text, "recipients": [number]})
            assert answer["outcome"] == "unknown"
        host.clock.advance(minutes=6)
        listed = await host.call(GET_REPORTS)
        (order,) = (row["order_id"] for row in listed["orders"] if row["submitted_at"].startswith("2026-11-23"))
        assert [(one["outcome"], one["order_ids"]) for one in listed["settled"]] == [("undecided", [order])] * 2
        # The report's number is the second's alone, and then the list shows that the first was not made.
        report = await host.call(GET_REPORT, order_id=order)
        assert report["settled"] == [
            {"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "done", "order_ids": [order]}
        ]
        again = await host.call(GET_REPORTS)
        assert again["settled"] == [
            {"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "not_found", "order_ids": []}
        ]
        assert "settled" not in await host.call(GET_REPORTS)


async def test_one_send_and_one_order_settle_each_other() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=4, seconds=59)
        # Its own order may still come, and this one be another program's.
        settled, _ = await read(host, listing({"id": 7, "total": 2}))
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "undecided", "order_ids": ["7"]}]
        host.clock.advance(seconds=1)
        settled, text = await read(host, listing({"id": 7, "total": 2}))
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "done", "order_ids": ["7"]}]
        assert "is order 7: " in text
        assert (await host.call(SEND_SMS, {**SEND, "recipients": [A]}))["order_id"] == "7"


async def test_two_orders_that_fit_leave_it_undecided() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        settled, text = await read(host, listing({"id": 7, "total": 2}, {"id": 8, "total": 2}))
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "undecided", "order_ids": ["7", "8"]}]
        assert "may be one of these orders: 7, 8." in text
        assert await held(host, A, B)


async def test_an_order_with_fewer_recipients_may_be_it_until_a_report_shows_its_numbers() -> None:
    async with hosted() as host:
        await lose(host, A, B, C)
        host.clock.advance(minutes=6)
        settled, _ = await read(host, listing({"id": 7, "total": 2}))
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "undecided", "order_ids": ["7"]}]
        assert await held(host, C)
        settled, text = await read(host, reporting("7", A, C, total=2), GET_REPORT, order_id="7")
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "done", "order_ids": ["7"]}]
        assert "is order 7: " in text
        host.clock.advance(minutes=10)
        assert not await held(host, A, B, C)


@pytest.mark.parametrize(
    "order",
    [
        {"id": 7},
        {"id": 7, "total": 2, "submitAt": None},
        {"id": 7, "total": 2, "submitAt": "gestern"},
        {"id": 7, "total": 2, "sender": None},
    ],
)
async def test_an_order_that_cannot_be_read_whole_is_not_taken_for_absent(order: dict[str, Any]) -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        settled, _ = await read(host, listing(order))
        assert [one["outcome"] for one in settled] == ["undecided"]
        assert await held(host, A, B)


@pytest.mark.parametrize(
    "order",
    [
        {"id": 7, "total": 3},
        {"id": 7, "total": 2, "sender": "DEMO"},
        {"id": 7, "total": 2, "submitAt": "2026-11-23 09:57:59"},
        {"id": 7, "total": 2, "submitAt": "2026-11-23 10:05:01"},
    ],
)
async def test_an_order_that_cannot_be_it_is_none_of_its_candidates(order: dict[str, Any]) -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=5)
        settled, text = await read(host, listing(order))
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "not_found", "order_ids": []}]
        assert "may be sent again after a new preview" in text
        assert not await held(host, A, B)


async def test_a_list_shorter_than_its_count_settles_nothing() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        assert (await read(host, listing(count=1)))[0] == []
        settled, _ = await read(host, listing({"id": 7, "total": 2}, count=2))
        assert [one["outcome"] for one in settled] == ["undecided"]
        assert await held(host, A, B)


@pytest.mark.parametrize("count", ["missing", None, 0, -1, 1, 3, "viel"])
async def test_a_list_that_its_count_does_not_confirm_is_not_whole(count: Any) -> None:
    others = [{"id": number, "status": 114, "total": 9, "sender": "DEMO"} for number in (1, 2)]
    body: dict[str, Any] = {"status": {"code": 200}, "count": count, "orders": others}
    if count == "missing":
        del body["count"]
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        assert (await read(host, lambda _: httpx.Response(200, json={"response": body})))[0] == []
        assert await held(host, A, B)


@pytest.mark.parametrize("sender", ["FIRMAADI ", "firmaadi", " Firmaadi"])
async def test_a_sender_in_another_spelling_is_the_same_one(sender: str) -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        settled, _ = await read(host, listing({"id": 7, "total": 2, "sender": sender}))
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "done", "order_ids": ["7"]}]


async def test_a_list_read_too_soon_says_when_to_read_it_again() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=4, seconds=59)
        settled, text = await read(host, listing())
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "undecided", "order_ids": []}]
        assert "may still come: read the list again after 10:05 on Monday 2026-11-23." in text
        assert "not settled yet: read the list again at the time named above." in text
        assert await held(host, A, B)
        host.clock.advance(seconds=1)
        assert [one["outcome"] for one in (await read(host, listing()))[0]] == ["not_found"]


def pages(*rows: list[dict[str, Any]], count: int) -> Any:
    """Return a provider that lists these pages."""

    def answer(request: httpx.Request) -> httpx.Response:
        page = json.loads(request.content)["request"]["filter"]["page"]
        response: httpx.Response = listing(*rows[int(page) - 1], count=count)(request)
        return response

    return answer


@pytest.mark.parametrize("set_by", [timedelta(), timedelta(hours=-1), timedelta(hours=1)])
@pytest.mark.parametrize(("first_page_after", "outcome"), [(299, "undecided"), (300, "not_found")])
async def test_the_pages_of_a_list_have_one_age_whatever_the_clock_is_set_to_between_them(
    first_page_after: int, outcome: str, set_by: timedelta
) -> None:
    others = [[{"id": number, "total": 2, "sender": "DEMO"}] for number in (1, 2)]
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(seconds=first_page_after)
        assert (await read(host, pages(*others, count=2)))[0] == []
        host.clock.now += set_by
        host.clock.advance(minutes=2)
        settled, _ = await read(host, pages(*others, count=2), page=2)
        assert [one["outcome"] for one in settled] == [outcome]


async def test_a_clock_that_is_set_back_while_a_list_is_asked_for_makes_it_no_younger() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=4)

        def slow(request: httpx.Request) -> httpx.Response:
            host.clock.now -= timedelta(hours=1)
            response: httpx.Response = listing()(request)
            return response

        settled, _ = await read(host, slow)
        assert [one["outcome"] for one in settled] == ["undecided"]


OURS, THEIRS = {"id": 7, "total": 2}, {"id": 7, "total": 3}


DIFFERENCES: list[dict[str, Any]] = [{}, {"total": 2, "sender": "DEMO"}, {"total": 2, "submitAt": None}]


def is_doubt(settled: list[Any], text: str) -> bool:
    expected = {"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "undecided", "order_ids": ["7"]}
    return settled == [expected] and "may be order 7." in text


@pytest.mark.parametrize("ours_first", [True, False])
@pytest.mark.parametrize("difference", DIFFERENCES)
@pytest.mark.parametrize("page_count", [1, 2])
async def test_an_order_that_a_list_shows_in_two_ways_settles_nothing(
    page_count: int, difference: dict[str, Any], ours_first: bool
) -> None:
    first, second = (OURS, THEIRS | difference) if ours_first else (THEIRS | difference, OURS)
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        if page_count == 1:
            settled, text = await read(host, listing(first, second, count=1))
        else:
            answer = pages([first], [second, {"id": 8, "total": 9}], count=2)
            await read(host, answer)
            settled, text = await read(host, answer, page=2)
        assert is_doubt(settled, text)
        assert await held(host, A, B)


@pytest.mark.parametrize("difference", DIFFERENCES)
async def test_an_order_that_a_page_shows_otherwise_when_it_is_read_again_settles_nothing(
    difference: dict[str, Any],
) -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=4)
        for order in (OURS, THEIRS | difference, OURS):
            settled, text = await read(host, listing(order))
            assert is_doubt(settled, text)
            host.clock.advance(minutes=4)
        assert await held(host, A, B)


async def test_an_order_that_a_list_shows_twice_in_one_way_is_one_order() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        settled, _ = await read(host, listing({**OURS, "delivered": 0}, {**OURS, "delivered": 1}, count=1))
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "done", "order_ids": ["7"]}]


async def test_a_list_of_other_days_says_nothing() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        assert (await read(host, listing(), start="2026-11-10", end="2026-11-19"))[0] == []
        assert await held(host, A, B)


async def test_a_clock_that_differs_from_the_providers_is_allowed_for() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        late = format_datetime((host.clock.now + timedelta(hours=1)).astimezone(UTC), usegmt=True)
        answer = listing({"id": 7, "total": 2, "submitAt": "2026-11-23 11:00:10"})

        def dated(request: httpx.Request) -> httpx.Response:
            response: httpx.Response = answer(request)
            response.headers["Date"] = late
            return response

        settled, _ = await read(host, dated)
        assert settled == [{"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "done", "order_ids": ["7"]}]


@pytest.mark.parametrize(
    ("ahead", "outcome"),
    [
        (timedelta(hours=1), "done"),
        (timedelta(hours=-1), "done"),
        # The list does not cover the day after tomorrow, on which the order may have been made as far as is known.
        (timedelta(days=2), "undecided"),
    ],
)
async def test_a_clock_that_is_set_right_after_the_send_hides_no_order(ahead: timedelta, outcome: str) -> None:
    async with hosted() as host:
        host.clock.now += ahead
        await lose(host, A, B)
        host.clock.now -= ahead
        host.clock.advance(minutes=6)
        (settlement,), _ = await read(host, listing({"id": 7, "total": 2}))
        assert (settlement["outcome"], settlement["order_ids"]) == (outcome, ["7"])


@pytest.mark.parametrize(
    "answer",
    [
        reporting("7", total=2),
        reporting("7", A, "905x", total=2),
        reporting("7", A, "12345", total=2),
        reporting("7", A, total=2, submitAt=None),
        reporting("7", A, total=2, sender="DEMO"),
        reporting("7", A, total=3),
        reporting("7", A, B, total=2, sender="DEMO"),
        reporting("7", A, C, total=2),
    ],
)
async def test_a_report_that_leaves_a_doubt_settles_nothing(answer: Any) -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        assert (await read(host, answer, GET_REPORT, order_id="7"))[0] == []
        assert await held(host, A, B)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_report_settles_nothing_while_another_order_to_the_same_people_is_left(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        both = listing({"id": 7, "total": 2}, {"id": 8, "total": 2})
        assert (await read(host, both))[0][0]["order_ids"] == ["7", "8"]
        for order_id in ("7", "8"):
            settled, text = await read(host, reporting(order_id, A, B, total=2), GET_REPORT, order_id=order_id)
            assert [(one["outcome"], sorted(one["order_ids"])) for one in settled] == [("undecided", ["7", "8"])]
            assert "get_report of each settles it if only one has no other numbers than this send" in text
        assert await held(host, A, B)


async def test_a_report_settles_once_the_other_orders_reports_exclude_them() -> None:
    async with hosted() as host:
        done = await host.confirm(SEND_SMS, {**SEND, "text": "Bir başka toplantı var.", "recipients": [A, B]})
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        await read(host, listing(*({"id": number, "total": 2} for number in (7, 8, done["order_id"]))))
        assert (await read(host, reporting("8", A, C, total=2), GET_REPORT, order_id="8"))[0] == []
        settled, text = await read(host, reporting("7", A, B, total=2), GET_REPORT, order_id="7")
        assert [(one["outcome"], one["order_ids"]) for one in settled] == [("done", ["7"])]
        assert "its sender, time and numbers are this send" in text


async def test_a_report_that_two_unknown_sends_fit_settles_neither() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        await lose(host, A, B, text="Bir başka toplantı var.")
        assert (await read(host, reporting("7", A, B, total=2), GET_REPORT, order_id="7"))[0] == []


async def test_a_report_of_another_sends_order_settles_nothing() -> None:
    async with hosted() as host:
        done = await host.confirm(SEND_SMS, {**SEND, "text": "Bir başka toplantı var.", "recipients": [A, B]})
        await lose(host, A, B)
        order_id = done["order_id"]
        assert (await read(host, reporting(order_id, A, B, total=2), GET_REPORT, order_id=order_id))[0] == []
        assert await held(host, A, B)


async def test_an_order_number_that_an_earlier_send_has_is_a_doubt() -> None:
    async with hosted() as host:
        first = await host.confirm(SEND_SMS, {**SEND, "recipients": [A]})
        body = {"response": {"status": {"code": 200}, "order": {"id": first["order_id"]}}}
        host.wire.broken = lambda _: httpx.Response(200, json=body)
        again = await host.confirm(SEND_SMS, {**SEND, "recipients": [B]})
        assert again["outcome"] == "unknown"
        assert "with the number of an earlier order" in again["summary"]
        assert await held(host, B)


async def test_of_two_sends_at_once_with_one_order_number_one_is_a_doubt() -> None:
    async with hosted() as host:
        body = {"response": {"status": {"code": 200}, "order": {"id": 77}}}
        previews = [await host.call(SEND_SMS, {**SEND, "recipients": [number]}) for number in (A, B)]
        host.wire.broken = lambda _: httpx.Response(200, json=body)
        outcomes = []

        async def confirm(number: str, code: str) -> None:
            outcomes.append((await host.call(SEND_SMS, {**SEND, "recipients": [number]}, confirm=code))["outcome"])

        async with anyio.create_task_group() as tasks:
            for number, preview in zip((A, B), previews, strict=True):
                tasks.start_soon(confirm, number, preview["confirm"])
    assert sorted(outcomes) == ["done", "unknown"]


@pytest.mark.parametrize("year", [9999, 9001, 1970])
async def test_a_mad_date_of_the_provider_spoils_no_list(year: int) -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        answer = listing({"id": 7, "total": 2})

        def dated(request: httpx.Request) -> httpx.Response:
            response: httpx.Response = answer(request)
            response.headers["Date"] = format_datetime(datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC), usegmt=True)
            return response

        for _ in range(2):
            settled, _ = await read(host, dated)
            assert [one["order_ids"] for one in settled] in ([["7"]], [])
        assert [one["outcome"] for one in settled] != ["not_found"]


async def test_an_order_number_that_a_list_has_shown_to_be_this_sends_is_no_doubt(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, state_dir=tmp_path)) as host:
        preview = await host.call(SEND_SMS, {**SEND, "recipients": [A]})

        def settled_before_its_answer(_: httpx.Request) -> httpx.Response:
            with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as ledger, ledger:
                ledger.execute("UPDATE attempt SET state = 'done', order_id = '77'")
            return httpx.Response(200, json={"response": {"status": {"code": 200}, "order": {"id": 77}}})

        host.wire.broken = settled_before_its_answer
        answer = await host.call(SEND_SMS, {**SEND, "recipients": [A]}, confirm=preview["confirm"])
    assert (answer["outcome"], answer["order_id"]) == ("done", "77")


@pytest.mark.parametrize(("arguments", "total"), [({"page_size": 1}, 2), ({"page": 3}, 2_500), ({}, None)])
async def test_a_part_of_an_orders_numbers_settles_nothing(arguments: dict[str, Any], total: int | None) -> None:
    async with hosted() as host:
        await lose(host, A, B, C)
        host.clock.advance(minutes=6)
        answer = reporting("7", A, total=total)
        settled, _ = await read(host, answer, GET_REPORT, order_id="7", **arguments)
        assert [one["outcome"] for one in settled] in ([], ["undecided"])
        assert await held(host, A, B, C)


async def test_a_report_settles_once_all_of_its_pages_fit() -> None:
    async with hosted() as host:
        await lose(host, A, B, C)
        host.clock.advance(minutes=6)
        await read(host, listing({"id": 7, "total": 2}))
        settled, text = await read(host, reporting("7", A, total=2), GET_REPORT, order_id="7", page_size=1)
        assert [one["outcome"] for one in settled] == ["undecided"]
        assert "Read the other pages of this report" in text
        assert "not settled yet: read all pages of get_reports of 2026-11-23, then all pages of this report." in text
        settled, _ = await read(host, reporting("7", C, total=2), GET_REPORT, order_id="7", page=2, page_size=1)
        assert [one["outcome"] for one in settled] == ["done"]


async def test_one_page_with_another_number_excludes_the_order_whatever_the_others_show() -> None:
    async with hosted() as host:
        await lose(host, A, B, C)
        host.clock.advance(minutes=6)
        await read(host, listing({"id": 7, "total": 2}))
        for page, number in enumerate(("+905339999999", A, C), 1):
            answer = reporting("7", number, total=2)
            settled, _ = await read(host, answer, GET_REPORT, order_id="7", page=page, page_size=1)
            assert settled == []
        assert await held(host, A)


async def test_an_order_of_a_whole_list_stays_a_candidate_however_many_were_read_since(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remember_only_the_latest(monkeypatch)
    async with hosted() as host:
        await lose(host, A, B, C)
        host.clock.advance(minutes=6)
        others = [{"id": number, "total": 9, "sender": "X"} for number in range(100, 110)]
        await read(host, listing({"id": 7, "total": 2}, {"id": 8, "total": 3}, *others))
        settled, text = await read(host, reporting("7", A, C, total=2), GET_REPORT, order_id="7")
    assert [(one["outcome"], one["order_ids"]) for one in settled] == [("undecided", ["7", "8"])]
    assert "not settled yet: read all pages of each with get_report: 7, 8." in text


async def test_what_a_list_settles_is_held_back_from_then_on() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        await read(host, listing(count=0))
        host.clock.advance(minutes=5)
        preview = await host.call(SEND_SMS, {**SEND, "recipients": [A, B]})
        assert preview["warnings"][0].startswith("This may arrive twice")
        settled, _ = await read(host, listing({"id": 7, "total": 2}))
        assert [one["outcome"] for one in settled] == ["done"]
        again = await host.call(SEND_SMS, {**SEND, "recipients": [A, B]}, confirm=preview["confirm"])
        assert again["outcome"] == "held_back"


async def test_a_consent_of_somebody_else_is_unreadable() -> None:
    asked = {"recipient": A, "recipient_type": "BIREYSEL", "channel": "MESAJ"}
    record = {"recipient": "905330000011", "recipientType": "bireysel", "type": "MESAJ", "status": "ONAY"}
    async with hosted() as host:
        for change, outcome in (
            ({}, "ok"),
            ({"recipient": B}, "failed"),
            ({"recipientType": "TACIR"}, "failed"),
            ({"type": "ARAMA"}, "failed"),
            ({"brandCode": "123456"}, "ok"),
            ({"brandCode": 123456}, "ok"),
            ({"brandCode": 999999}, "failed"),
        ):
            body = {"response": {"status": {"code": 200}, "consent": [{**record, **change}]}}
            host.wire.broken = lambda _, body=body: httpx.Response(200, json=body)
            assert (await host.call("iys_check", asked))["outcome"] == outcome


async def test_two_consents_of_one_key_are_unreadable() -> None:
    asked = {"recipient": A, "recipient_type": "BIREYSEL", "channel": "MESAJ"}
    records = [{"status": "ONAY"}, {"status": "RET"}]
    async with hosted() as host:
        host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 200}, "consent": records}}
        )
        assert (await host.call("iys_check", asked))["outcome"] == "failed"


async def test_a_report_about_another_order_is_unreadable_and_remembered_nowhere() -> None:
    async with hosted() as host:
        host.wire.broken = reporting("999", A, total=1)
        answer = await host.call(GET_REPORT, order_id="123")
        assert answer["outcome"] == "failed"
        cancel = await host.call("cancel_order", order_id="123")
        assert "this server does not know what order 123 is" in cancel["summary"]


@pytest.mark.parametrize("row", [5, {"id": 9, "status": "x"}])
async def test_a_row_that_cannot_be_read_leaves_a_list_incomplete_whatever_its_count_says(row: Any) -> None:
    def with_it(count: int, *orders: dict[str, Any]) -> Any:
        return listing(*orders, row if isinstance(row, dict) else {"id": row, "status": None}, count=count)

    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        other = {"id": 7, "total": 5}
        settled, text = await read(host, with_it(1, other))
        again, _ = await read(host, listing({"id": 8, "total": 5}, count=1), page=2)
        assert settled == again == []
        assert "Rows of this page that could not be read and are left out: 1." in text
        assert await held(host, A, B)
        settled, _ = await read(host, listing(other))
    assert [one["outcome"] for one in settled] == ["not_found"]


async def test_a_report_with_a_row_that_cannot_be_read_settles_nothing() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        whole = reporting("55", A, B, total=2)
        body = json.loads(whole(None).content)
        body["response"]["order"]["message"].append({"number": "?", "status": 111})
        settled, text = await read(host, lambda _: httpx.Response(200, json=body), GET_REPORT, order_id="55")
        assert settled == []
        assert "could not be read" in text
        await read(host, listing({"id": 55, "total": 1}))
        settled, _ = await read(host, whole, GET_REPORT, order_id="55")
    assert [one["outcome"] for one in settled] == ["done"]


async def test_a_report_alone_settles_nothing_for_another_order_may_be_it_too() -> None:
    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        settled, text = await read(host, reporting("7", A, total=1), GET_REPORT, order_id="7")
        assert [one["outcome"] for one in settled] == ["undecided"]
        assert f"read {GET_REPORTS} of that day, all pages, then this report again" in text
        assert await held(host, A, B)
        await read(host, listing({"id": 7, "total": 1}))
        settled, _ = await read(host, reporting("7", A, total=1), GET_REPORT, order_id="7")
    assert [one["outcome"] for one in settled] == ["done"]


@pytest.mark.parametrize("orders", [[], [{"id": 7, "total": 2}]])
async def test_what_another_process_has_settled_meanwhile_is_not_told_again(
    orders: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def settled_already(*_: object) -> bool:
        return False

    async with hosted() as host:
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        monkeypatch.setattr(SqliteLedger, "settle_unknown", settled_already)
        settled, text = await read(host, listing(*orders))
    assert settled == []
    assert "whose outcome was unknown" not in text
