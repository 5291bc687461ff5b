"""Reading what became of orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from iletimerkezi_mcp.sandbox.response_variants import Drift
from tests.hosting import ERAS, LIVE, Host, Mode, hosted, said

SEND: dict[str, Any] = {"text": "Siparişiniz yola çıktı.", "message_type": "transactional"}


def numbers(count: int) -> list[str]:
    return [f"+9053{index:08}" for index in range(count)]


async def send(host: Host, recipients: list[str]) -> str:
    answer = await host.confirmed("send_sms", SEND, recipients=recipients)
    return str(answer["order_id"])


def answering(body: dict[str, Any]) -> Any:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"response": {"status": {"code": 200, "message": "ok"}, **body}})

    return answer


@pytest.mark.parametrize("mode", ERAS)
async def test_a_finished_order_is_told_by_its_counters_never_as_delivered(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        order_id = await send(host, ["+905321234567", "+905000000112", "+905000000110"])
        host.clock.advance(seconds=1)
        first = await host.call("get_report", order_id=order_id)
        assert first["status"] == "sending"
        assert first["waiting"] == 3
        host.clock.advance(minutes=1)
        report = await host.call("get_report", order_id=order_id, show="all")
    assert (report["delivered"], report["undelivered"], report["waiting"]) == (1, 1, 1)
    assert report["undelivered_numbers"] == ["+905000000112"]
    assert report["waiting_numbers"] == ["+905000000110"]
    assert report["delivered_numbers"] == ["+905321234567"]
    assert "delivered 1, undelivered 1, waiting 1" in report["summary"]


async def test_a_finished_order_with_failures_warns_against_sending_again() -> None:
    async with hosted() as host:
        order_id = await send(host, ["+905321234567", "+905000000112"])
        host.clock.advance(minutes=1)
        report = await host.call("get_report", order_id=order_id)
    assert report["summary"] == f"Order {order_id}: finished: delivered 1, undelivered 1, waiting 0."
    assert report["undelivered_numbers"] == ["+905000000112"]
    assert "delivered_numbers" not in report
    assert "without asking the user" in report["next_step"]


async def test_the_default_answer_for_a_thousand_rows_is_short_and_says_how_to_get_the_rest() -> None:
    async with hosted(replace(LIVE, confirm="code")) as host:
        order_id = await send(host, numbers(1_000))
        host.clock.advance(minutes=1)
        plain = await host.client.call_tool("get_report", {"order_id": order_id})
        every = await host.call("get_report", order_id=order_id, show="delivered")
        page = await host.call("get_report", order_id=order_id, show="delivered", page_size=150, page=7)
    assert len(said(plain)) + len(str(plain.structured_content)) < 1_500
    assert len(every["delivered_numbers"]) == 150
    assert "page_size 150 and page 1, 2" in every["next_step"]
    assert len(page["delivered_numbers"]) == 100
    assert page["page"] == 7


async def test_the_next_page_is_offered_where_there_is_one() -> None:
    async with hosted() as host:
        order_id = await send(host, numbers(30))
        host.clock.advance(minutes=1)
        first = await host.call("get_report", order_id=order_id, show="all", page_size=20)
        beyond = await host.call("get_report", order_id=order_id, show="all", page_size=20, page=9)
        counters = await host.client.call_tool("get_report", {"order_id": order_id, "show": "none"})
    assert "page 2" in first["next_step"]
    assert beyond["delivered_numbers"] == []
    assert "page 2" not in said(counters)
    assert "+9053" not in said(counters)


async def test_one_recipient_can_be_asked_for() -> None:
    async with hosted() as host:
        order_id = await send(host, ["+905321234567", "+905000000112", "+905000000110"])
        host.clock.advance(minutes=1)
        found = await host.call("get_report", order_id=order_id, recipient="0500 000 01 12")
        waiting = await host.call("get_report", order_id=order_id, recipient="+905000000110")
        delivered = await host.call("get_report", order_id=order_id, recipient="05321234567")
        absent = await host.call("get_report", order_id=order_id, recipient="05330000000", page_size=1)
        wrong = await host.call("get_report", order_id=order_id, recipient="12")
    assert found["recipient_status"] == "undelivered"
    assert waiting["recipient_status"] == "waiting"
    assert delivered["recipient_status"] == "delivered"
    assert absent["recipient_status"] == "not_on_page"
    assert "page 2" in absent["next_step"]
    assert "undelivered_numbers" not in found
    assert (wrong["outcome"], wrong["summary"].count("recipient")) == ("nothing_done", 1)


async def test_an_unknown_order_is_refused_with_its_code() -> None:
    async with hosted() as host:
        answer = await host.call("get_report", order_id="999")
    assert (answer["outcome"], answer["code"]) == ("refused", 455)


async def test_an_order_number_is_digits_and_may_be_an_integer() -> None:
    async with hosted() as host:
        wrong = await host.call("get_report", order_id="12a")
        flag = await host.call("get_report", order_id=True)
        page = await host.call("get_report", order_id="312891245", page=0)
        size = await host.call("get_report", order_id="312891245", page_size=1001)
        good = await host.call("get_report", order_id=312891245)
    assert [answer["outcome"] for answer in (wrong, flag, page, size, good)] == ["nothing_done"] * 4 + ["ok"]
    assert "digits" in wrong["summary"]
    assert "page must be 1 or more" in page["summary"]
    assert "page_size must be 1,000 or less" in size["summary"]


async def test_the_answers_of_2024_have_no_counters_and_are_told_all_the_same() -> None:
    rows = [{"number": 5300000001, "status": 110}, {"number": 5300000002, "status": 999}]
    async with hosted() as host:
        host.wire.broken = answering({"order": {"id": 428, "status": 113, "message": rows}})
        report = await host.call("get_report", order_id=428, show="all")
        one = await host.call("get_report", order_id=428, recipient="+905300000002")
        host.wire.broken = answering({"order": {"id": 428, "status": 120, "message": []}})
        odd = await host.call("get_report", order_id=428)
    assert report["status"] == "sending"
    assert report["waiting_numbers"] == ["+905300000001"]
    assert "no counters" in report["summary"]
    assert one["recipient_status"] == "other"
    assert odd["status"] == "other"
    assert "120" in odd["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_the_orders_of_the_last_ten_days_are_listed_with_their_counters(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await host.confirmed("send_sms", SEND, recipients=numbers(2), send_at="2026-11-25T10:00")
        answer = await host.call("get_reports")
    assert (answer["start"], answer["end"]) == ("2026-11-14", "2026-11-23")
    assert answer["count"] == 4
    assert {order["status"] for order in answer["orders"]} == {"finished", "scheduled"}
    assert host.wire.requests[-1][1]["filter"] == {"start": "2026-11-14", "end": "2026-11-23", "page": 1}


async def test_a_range_without_orders_says_so() -> None:
    async with hosted() as host:
        answer = await host.call("get_reports", start="2026-10-01", end="2026-10-02")
    assert (answer["count"], answer["orders"]) == (0, [])
    assert "no order" in answer["summary"]


async def test_pages_of_orders_say_how_to_get_the_next() -> None:
    async with hosted() as host:
        rows = [{"id": 300 + n, "status": 114, "total": 1} for n in range(30)]
        host.wire.broken = answering({"count": "45", "orders": rows})
        answer = await host.call("get_reports")
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
        answer = await host.call("get_reports", arguments)
    assert answer["outcome"] == "nothing_done"
    assert "Monday 2026-11-23 10:00" in answer["summary"]
    assert host.wire.requests == []


async def test_a_failed_read_says_that_it_could_not_be_read() -> None:
    def html(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, html="<h1>hello</h1>")

    async with hosted() as host:
        host.wire.broken = html
        answer = await host.call("get_reports")
    assert answer["outcome"] == "failed"


async def test_an_empty_object_of_orders_is_no_orders() -> None:
    async with hosted(drift=Drift(empty_object=True)) as host:
        answer = await host.call("get_reports", start="2026-10-01", end="2026-10-02")
    assert answer["orders"] == []


async def test_a_recipient_that_the_whole_order_does_not_hold_is_not_in_it() -> None:
    async with hosted() as host:
        order_id = await send(host, numbers(3))
        host.clock.advance(minutes=1)
        result = await host.client.call_tool("get_report", {"order_id": order_id, "recipient": "05321111111"})
        whole = host.checked("get_report", result)
        page = await host.call("get_report", order_id=order_id, recipient="05321111111", page_size=2)
        last = await host.call("get_report", order_id=order_id, recipient="05321111111", page_size=2, page=2)
    assert whole["recipient_status"] == "not_in_order"
    assert "+905321111111: not in this order." in said(result)
    assert (page["recipient_status"], last["recipient_status"]) == ("not_on_page", "not_on_page")


async def test_beyond_the_last_page_of_a_report_or_a_list_the_last_one_is_named() -> None:
    async with hosted() as host:
        order_id = await send(host, numbers(3))
        host.clock.advance(minutes=1)
        report = await host.client.call_tool("get_report", {"order_id": order_id, "page": 9, "page_size": 2})
        orders = await host.client.call_tool("get_reports", {"page": 5})
    for result in (report, orders):
        assert "holds no rows; there are " in said(result)
    assert "The last page is 2; call again" in said(report)
    assert "The last page is 1; call again" in said(orders)


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
        result = await host.client.call_tool("get_reports", {})
        answer = host.checked("get_reports", result)
        host.wire.broken = answering({"count": 3, "orders": rows})
        odd = await host.client.call_tool("get_reports", {})
    (mine,) = [row for row in answer["orders"] if row["order_id"] == order_id]
    assert mine["submitted_at"] == "2026-11-23T10:00:00+03:00"
    (line,) = [line for line in said(result).splitlines() if line.startswith(order_id)]
    assert line.endswith(", 2 recipients, FIRMAADI, submitted Monday 2026-11-23 10:00")
    assert "not sent (cancelled or rejected), 12 recipients, FIRMAADI" in said(odd)
    assert "scheduled for Wednesday 2026-11-25 10:00, 1 recipient, FIRMAADI" in said(odd)


async def test_days_are_told_as_each_language_writes_them() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        turkish = await host.call("get_reports")
    async with hosted() as host:
        english = await host.call("get_reports")
    assert "14.11.2026 ile 23.11.2026 arası" in turkish["summary"]
    assert "from 2026-11-14 to 2026-11-23" in english["summary"]


async def test_an_order_that_is_reported_before_its_time_can_still_be_stopped() -> None:
    order = {"id": 302, "status": 113, "total": 1, "sendAt": "2026-11-25 10:00:00", "message": []}
    async with hosted() as host:
        host.wire.broken = answering({"order": order})
        answer = await host.call("get_report", order_id=302, show="none")
    assert (answer["status"], answer["next_step"]) == ("scheduled", "Until then cancel_order can stop it.")
