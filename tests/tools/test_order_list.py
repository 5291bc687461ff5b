"""The orders of some days."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from tests.calls import GET_REPORTS, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of
from tests.sandbox.response_variants import ResponseVariant
from tests.tools.orders import SEND, answering, numbers, send


async def test_the_orders_of_the_last_ten_days_are_listed_with_their_counters() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND, recipients=numbers(2), send_at="2026-11-25T10:00")
        answer = await host.call(GET_REPORTS)
    assert (answer["start"], answer["end"]) == ("2026-11-14", "2026-11-23")
    assert answer["count"] == 4
    assert {order["status"] for order in answer["orders"]} == {"finished", "scheduled"}
    assert host.wire.requests[-1][1]["filter"] == {"start": "2026-11-14", "end": "2026-11-23", "page": 1}


async def test_a_range_without_orders_says_so() -> None:
    async with hosted() as host:
        answer = await host.call(GET_REPORTS, start="2026-10-01", end="2026-10-02")
    assert (answer["count"], answer["orders"]) == (0, [])
    assert answer["summary"] == "No order was submitted from 2026-10-01 to 2026-10-02."


async def test_pages_of_orders_say_how_to_get_the_next() -> None:
    async with hosted() as host:
        rows = [{"id": 300 + n, "status": 114, "total": 1} for n in range(30)]
        host.wire.broken = answering({"count": "45", "orders": rows})
        answer = await host.call(GET_REPORTS)
    assert answer["count"] == 45
    assert len(answer["orders"]) == 30
    assert "page 2" in answer["next_step"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"start": "2026-11-01", "end": "2026-11-11"},
        {"start": "2026-11-20", "end": "2026-11-10"},
        {"start": "2026-11-24"},
        {"end": "01.11.2026"},
    ],
)
async def test_a_range_that_the_provider_would_refuse_is_refused_here_and_tells_the_time(
    arguments: dict[str, str],
) -> None:
    async with hosted() as host:
        answer = await host.call(GET_REPORTS, arguments)
    assert answer["outcome"] == "nothing_done"
    assert "10:00 on Monday 2026-11-23" in answer["summary"]
    assert host.wire.requests == []


async def test_a_failed_read_says_that_it_could_not_be_read() -> None:
    def html(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, html="<h1>hello</h1>")

    async with hosted() as host:
        host.wire.broken = html
        answer = await host.call(GET_REPORTS)
    assert answer["outcome"] == "failed"


async def test_an_empty_object_of_orders_is_no_orders() -> None:
    async with hosted(variant=ResponseVariant(empty_object=True)) as host:
        answer = await host.call(GET_REPORTS, start="2026-10-01", end="2026-10-02")
    assert answer["orders"] == []


async def test_a_listed_order_can_be_known_by_its_recipients_sender_and_minute() -> None:
    rows = [
        {"id": 301, "status": 115, "total": 12, "sender": "FIRMAADI", "submitAt": "2026-11-22 09:59:31"},
        {
            "id": 302,
            "status": 113,
            "total": 1,
            "sender": "FIRMAADI",
            "submitAt": "2026-11-22 10:01:00",
            "sendAt": "2026-11-25 10:00:00",
        },
        {"id": 303, "status": 114},
    ]
    async with hosted() as host:
        order_id = await send(host, numbers(2))
        result = await host.client.call_tool(GET_REPORTS, {})
        answer = host.check(GET_REPORTS, result)
        host.wire.broken = answering({"count": 3, "orders": rows})
        odd = await host.client.call_tool(GET_REPORTS, {})
    (mine,) = [row for row in answer["orders"] if row["order_id"] == order_id]
    assert mine["submitted_at"] == "2026-11-23T10:00:00+03:00"
    (line,) = [line for line in text_of(result).splitlines() if line.startswith(order_id)]
    assert line.endswith(", 2 recipients, sender “FIRMAADI”, submitted at 10:00 on Monday 2026-11-23")
    assert "not sent (cancelled or rejected), 12 recipients, sender “FIRMAADI”" in text_of(odd)
    assert "scheduled for 10:00 on Wednesday 2026-11-25, 1 recipient, sender “FIRMAADI”" in text_of(odd)


async def test_fewer_recipients_than_were_handed_over_are_told_with_the_reason() -> None:
    async with hosted(replace(LIVE, language="tr")) as turkish_host:
        await turkish_host.confirm(SEND_SMS, SEND, recipients=[*numbers(2), "+905330000091"])
        turkish = await turkish_host.client.call_tool(GET_REPORTS, {})
    async with hosted() as host:
        order_id = (await host.confirm(SEND_SMS, SEND, recipients=[*numbers(2), "+905330000091"]))["order_id"]
        result = await host.client.call_tool(GET_REPORTS, {})
        answer = host.check(GET_REPORTS, result)
    (mine,) = [order for order in answer["orders"] if order["order_id"] == order_id]
    assert (mine["total"], mine["handed_over"]) == (2, 3)
    assert "2 recipients of the 3 that were handed over" in text_of(result)
    assert text_of(result).count("the provider leaves out numbers on the account's blacklist.") == 1
    assert "2 alıcı (sağlayıcıya aktarılan: 3)" in text_of(turkish)


async def test_a_row_that_cannot_be_read_costs_that_row() -> None:
    rows = [{"id": 301, "status": 114, "total": 1}, {"status": 114}, 5]
    async with hosted() as host:
        host.wire.broken = answering({"count": 3, "orders": rows})
        result = await host.client.call_tool(GET_REPORTS, {})
        answer = host.check(GET_REPORTS, result)
    assert ([order["order_id"] for order in answer["orders"]], answer["count"], answer["unreadable"]) == (["301"], 3, 2)
    assert "could not be read and are left out: 2." in text_of(result)


async def test_days_are_told_as_each_language_writes_them() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        turkish = await host.call(GET_REPORTS)
    async with hosted() as host:
        english = await host.call(GET_REPORTS)
    assert turkish["summary"] == "14.11.2026 ile 23.11.2026 arasında 3 gönderim var."
    assert english["summary"] == "3 orders submitted from 2026-11-14 to 2026-11-23."


async def test_one_day_is_told_as_one_day_and_its_only_order_with_the_call_that_shows_it() -> None:
    today = {"start": "2026-11-23", "end": "2026-11-23"}
    async with hosted(replace(LIVE, language="tr")) as host:
        host.wire.broken = answering({"count": 1, "orders": [{"id": 301, "status": 114, "total": 1}]})
        turkish = await host.call(GET_REPORTS, today)
        host.wire.broken = answering({"count": 0, "orders": []})
        none = await host.call(GET_REPORTS, today)
    async with hosted() as host:
        host.wire.broken = answering({"count": 1, "orders": [{"id": 301, "status": 114, "total": 1}]})
        english = await host.call(GET_REPORTS, today)
    assert turkish["summary"] == "23.11.2026 günü 1 gönderim var."
    assert none["summary"] == "23.11.2026 günü verilen gönderim yok."
    assert turkish["next_step"] == "order_id 301 ile get_report bunu ayrıntılı gösterir."
    assert english["summary"] == "1 order submitted on 2026-11-23."
    assert english["next_step"] == "get_report with order_id 301 shows it in full."


@pytest.mark.parametrize("mode", ERAS)
async def test_the_only_order_that_an_unknown_send_may_be_is_the_next_call(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        lost = await host.confirm(SEND_SMS, SEND, recipients=["+905000000901", "+905321234567"])
        assert lost["outcome"] == "unknown"
        order = {"status": 113, "total": 2, "sender": "FIRMAADI", "submitAt": "2026-11-23 10:00:00"}
        host.wire.broken = answering({"count": 2, "orders": [{"id": 7, **order}, {"id": 8, **order, "total": 9}]})
        answer = await host.call(GET_REPORTS)
    assert [one["order_ids"] for one in answer["settled"]] == [["7"]]
    assert answer["next_step"] == "Call get_report with order_id 7: its numbers may settle the unknown send."


async def test_without_a_count_a_page_that_is_not_full_is_the_last() -> None:
    full = [{"id": number, "status": 114, "total": 1} for number in range(1, 31)]
    async with hosted() as host:
        host.wire.broken = answering({"orders": full})
        first = await host.call(GET_REPORTS)
        host.wire.broken = answering({"orders": full[:5]})
        second = await host.call(GET_REPORTS, page=2)
    assert first["next_step"] == "For the next rows call again with page 2."
    assert (second["count"], second["next_step"]) == (35, "get_report shows one order in full.")
