"""The delivery report of one order."""

from __future__ import annotations

from dataclasses import replace

from tests.calls import GET_REPORT, GET_REPORTS
from tests.hosting import LIVE, hosted, text_of
from tests.tools.orders import answering, numbers, send


async def test_a_finished_order_is_told_by_its_counters_never_as_delivered() -> None:
    async with hosted() as host:
        order_id = await send(host, ["+905321234567", "+905000000112", "+905000000110"])
        host.clock.advance(seconds=1)
        first = await host.call(GET_REPORT, order_id=order_id)
        assert first["status"] == "sending"
        assert first["waiting"] == 3
        host.clock.advance(minutes=1)
        report = await host.call(GET_REPORT, order_id=order_id, show="all")
    assert (report["delivered"], report["undelivered"], report["waiting"]) == (1, 1, 1)
    assert report["undelivered_numbers"] == ["+905000000112"]
    assert report["waiting_numbers"] == ["+905000000110"]
    assert report["delivered_numbers"] == ["+905321234567"]
    assert "delivered 1, undelivered 1, waiting 1" in report["summary"]


async def test_a_finished_order_with_failures_warns_against_sending_again() -> None:
    async with hosted() as host:
        order_id = await send(host, ["+905321234567", "+905000000112"])
        host.clock.advance(minutes=1)
        report = await host.call(GET_REPORT, order_id=order_id)
    assert report["summary"] == f"Order {order_id}: finished: delivered 1, undelivered 1, waiting 0."
    assert report["undelivered_numbers"] == ["+905000000112"]
    assert "delivered_numbers" not in report
    assert "without asking the user" in report["next_step"]


async def test_the_default_answer_for_a_thousand_rows_is_short_and_says_how_to_get_the_rest() -> None:
    async with hosted(replace(LIVE, confirm="code")) as host:
        order_id = await send(host, numbers(1_000))
        host.clock.advance(minutes=1)
        plain = await host.client.call_tool(GET_REPORT, {"order_id": order_id})
        every = await host.call(GET_REPORT, order_id=order_id, show="delivered")
        page = await host.call(GET_REPORT, order_id=order_id, show="delivered", page_size=150, page=7)
    assert len(text_of(plain)) + len(str(plain.structured_content)) < 1_500
    assert len(every["delivered_numbers"]) == 150
    assert "page_size 150 and page 1, 2" in every["next_step"]
    assert len(page["delivered_numbers"]) == 100
    assert page["page"] == 7


async def test_the_next_page_is_offered_where_there_is_one() -> None:
    async with hosted() as host:
        order_id = await send(host, numbers(30))
        host.clock.advance(minutes=1)
        first = await host.call(GET_REPORT, order_id=order_id, show="all", page_size=20)
        beyond = await host.call(GET_REPORT, order_id=order_id, show="all", page_size=20, page=9)
        counters = await host.client.call_tool(GET_REPORT, {"order_id": order_id, "show": "none"})
    assert "page 2" in first["next_step"]
    assert beyond["delivered_numbers"] == []
    assert "page 2" not in text_of(counters)
    assert "+9053" not in text_of(counters)


async def test_one_recipient_can_be_asked_for() -> None:
    async with hosted() as host:
        order_id = await send(host, ["+905321234567", "+905000000112", "+905000000110"])
        host.clock.advance(minutes=1)
        found = await host.call(GET_REPORT, order_id=order_id, recipient="0500 000 01 12")
        waiting = await host.call(GET_REPORT, order_id=order_id, recipient="+905000000110")
        delivered = await host.call(GET_REPORT, order_id=order_id, recipient="05321234567")
        absent = await host.call(GET_REPORT, order_id=order_id, recipient="05330000000", page_size=1)
        wrong = await host.call(GET_REPORT, order_id=order_id, recipient="12")
    assert found["recipient_status"] == "undelivered"
    assert waiting["recipient_status"] == "waiting"
    assert delivered["recipient_status"] == "delivered"
    assert absent["recipient_status"] == "not_on_page"
    assert "page 2" in absent["next_step"]
    assert "undelivered_numbers" not in found
    assert (wrong["outcome"], wrong["summary"].count("recipient")) == ("nothing_done", 1)


async def test_an_unknown_order_is_refused_with_its_code() -> None:
    async with hosted() as host:
        answer = await host.call(GET_REPORT, order_id="999")
    assert (answer["outcome"], answer["code"]) == ("refused", 455)


async def test_an_order_number_is_digits_and_may_be_an_integer() -> None:
    async with hosted() as host:
        wrong = await host.call(GET_REPORT, order_id="12a")
        flag = await host.call(GET_REPORT, order_id=True)
        page = await host.call(GET_REPORT, order_id="312891245", page=0)
        size = await host.call(GET_REPORT, order_id="312891245", page_size=1001)
        good = await host.call(GET_REPORT, order_id=312891245)
    assert [answer["outcome"] for answer in (wrong, flag, page, size, good)] == ["nothing_done"] * 4 + ["ok"]
    assert "digits" in wrong["summary"]
    assert "page must be 1 or more" in page["summary"]
    assert "page_size must be 1,000 or less" in size["summary"]


async def test_the_answers_of_2024_have_no_counters_and_are_told_all_the_same() -> None:
    rows = [{"number": 5300000001, "status": 110}, {"number": 5300000002, "status": 999}]
    async with hosted() as host:
        host.wire.broken = answering({"order": {"id": 428, "status": 113, "message": rows}})
        report = await host.call(GET_REPORT, order_id=428, show="all")
        one = await host.call(GET_REPORT, order_id=428, recipient="+905300000002")
        host.wire.broken = answering({"order": {"id": 428, "status": 120, "message": []}})
        odd = await host.call(GET_REPORT, order_id=428)
    assert report["status"] == "sending"
    assert report["waiting_numbers"] == ["+905300000001"]
    assert "no counters" in report["summary"]
    assert one["recipient_status"] == "other"
    assert odd["status"] == "other"
    assert "120" in odd["summary"]


async def test_a_recipient_that_the_whole_order_does_not_hold_is_not_in_it() -> None:
    async with hosted() as host:
        order_id = await send(host, numbers(3))
        host.clock.advance(minutes=1)
        result = await host.client.call_tool(GET_REPORT, {"order_id": order_id, "recipient": "05321111111"})
        whole = host.check(GET_REPORT, result)
        page = await host.call(GET_REPORT, order_id=order_id, recipient="05321111111", page_size=2)
        last = await host.call(GET_REPORT, order_id=order_id, recipient="05321111111", page_size=2, page=2)
    assert whole["recipient_status"] == "not_in_order"
    assert "+905321111111: not in this order." in text_of(result)
    assert (page["recipient_status"], last["recipient_status"]) == ("not_on_page", "not_on_page")


async def test_beyond_the_last_page_of_a_report_or_a_list_the_last_one_is_named() -> None:
    async with hosted() as host:
        order_id = await send(host, numbers(3))
        host.clock.advance(minutes=1)
        report = await host.client.call_tool(GET_REPORT, {"order_id": order_id, "page": 9, "page_size": 2})
        orders = await host.client.call_tool(GET_REPORTS, {"page": 5})
    for result in (report, orders):
        assert "holds no rows; there are " in text_of(result)
    assert "The last page is 2; call again" in text_of(report)
    assert "The last page is 1; call again" in text_of(orders)


async def test_an_order_that_is_reported_before_its_time_can_still_be_stopped() -> None:
    order = {"id": 302, "status": 113, "total": 1, "sendAt": "2026-11-25 10:00:00", "message": []}
    async with hosted() as host:
        host.wire.broken = answering({"order": order})
        answer = await host.call(GET_REPORT, order_id=302, show="none")
    assert (answer["status"], answer["next_step"]) == ("scheduled", "Until then cancel_order can stop it.")
