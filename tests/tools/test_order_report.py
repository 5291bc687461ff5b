"""The delivery report of one order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.calls import GET_BALANCE, GET_REPORT, GET_REPORTS, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of
from tests.tools.orders import SEND, answering, numbers, send


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
    assert "1 delivered, 1 undelivered, 1 waiting" in report["summary"]


async def test_a_finished_order_with_failures_warns_against_sending_again() -> None:
    async with hosted() as host:
        order_id = await send(host, ["+905321234567", "+905000000112"])
        host.clock.advance(minutes=1)
        report = await host.call(GET_REPORT, order_id=order_id)
    assert report["summary"] == f"Order {order_id}: finished, 1 delivered, 1 undelivered, 0 waiting."
    assert report["undelivered_numbers"] == ["+905000000112"]
    assert "delivered_numbers" not in report
    assert "without asking the user" in report["next_step"]


async def test_the_default_answer_for_a_thousand_rows_is_short_and_says_how_to_get_the_rest() -> None:
    async with hosted(replace(LIVE, confirm="code")) as host:
        order_id = await send(host, numbers(1_000))
        host.clock.advance(minutes=1)
        plain = await host.client.call_tool(GET_REPORT, {"order_id": order_id})
        every = await host.call(GET_REPORT, order_id=order_id, show="delivered")
    assert len(text_of(plain)) + len(str(plain.structured_content)) < 1_500
    assert len(every["delivered_numbers"]) == 1_000
    assert every["next_step"] == "There is nothing more to do."


async def test_undelivered_numbers_are_few_unless_all_are_asked_for() -> None:
    rows = [{"number": number, "status": 112} for number in numbers(1_000)]
    order = {"id": 428, "status": 114, "total": 2_400, "delivered": 1_400, "undelivered": 1_000, "waiting": 0}
    async with hosted() as host:
        host.wire.broken = answering({"order": {**order, "message": rows}})
        first = await host.call(GET_REPORT, order_id=428)
        every = await host.call(GET_REPORT, order_id=428, show="undelivered")
        host.wire.broken = answering({"order": {**order, "undelivered": 1_001, "delivered": 1_399, "message": rows}})
        more = await host.call(GET_REPORT, order_id=428, show="undelivered")
    async with hosted(replace(LIVE, language="tr")) as host:
        host.wire.broken = answering({"order": {**order, "message": rows}})
        turkish = await host.call(GET_REPORT, order_id=428)
    assert len(first["undelivered_numbers"]) == 20
    assert first["next_step"].startswith(
        "With show undelivered the same call lists all of this page. Undelivered messages are not charged, and"
    )
    assert turkish["next_step"].startswith("Aynı çağrı show undelivered ile")
    assert every["undelivered_numbers"] == numbers(1_000)
    assert every["next_step"].startswith("Undelivered messages are not charged")
    assert more["next_step"] == "For the next rows call again with page 2."


async def test_no_further_page_is_offered_if_all_that_was_asked_for_is_on_this_one() -> None:
    rows = [{"number": number, "status": 111} for number in numbers(10)]
    rows[3]["status"], rows[4]["status"] = 112, 110
    order = {"id": 428, "status": 114, "total": 40, "delivered": 38, "undelivered": 1, "waiting": 1, "message": rows}
    async with hosted() as host:
        host.wire.broken = answering({"order": order})
        steps = {
            show: (await host.call(GET_REPORT, order_id=428, show=show, page_size=10))["next_step"]
            for show in ("first_undelivered", "undelivered", "waiting", "delivered", "all", "none")
        }
    assert [show for show, step in steps.items() if "page 2" in step] == ["delivered", "all"]


@pytest.mark.parametrize(
    ("hours", "advice"),
    [
        (0.9, "Read it again in a few minutes."),
        (20, "It has been on its way for over an hour: read it again in a few hours."),
        (50, "It has been on its way for over two days: iletiMerkezi can say what came of those that still wait."),
    ],
)
@pytest.mark.parametrize("status", [113, 114])
async def test_when_to_read_again_depends_on_the_age_of_the_order(status: int, hours: float, advice: str) -> None:
    order = {"id": 428, "status": status, "total": 1, "delivered": 0, "undelivered": 0, "waiting": 1}
    dates = {"submitAt": "2026-11-20 10:00:00", "sendAt": "2026-11-23 10:00:00"}
    row = {"number": "+905321234567", "status": 110}
    async with hosted() as host:
        host.wire.broken = answering({"order": {**order, **dates, "message": [row]}})
        host.clock.advance(hours=hours)
        answer = await host.call(GET_REPORT, order_id=428)
    assert answer["next_step"] == advice


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
    assert absent["next_step"] == "To look for +905330000000 further, call again with page 2."
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
        first = await host.client.call_tool(
            GET_REPORT, {"order_id": order_id, "recipient": "05321111111", "page_size": 1}
        )
    assert "+905321111111 is not on page 1; page 2 of 3 is next." in text_of(first)
    assert "Looked at" not in text_of(result)
    assert whole["recipient_status"] == "not_in_order"
    assert "+905321111111: not in this order." in text_of(result)
    assert (page["recipient_status"], last["recipient_status"]) == ("not_on_page", "not_on_page")


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize("from_here", [True, False])
async def test_a_recipient_without_a_report_yet_is_not_said_to_be_absent(rows: int, from_here: bool) -> None:
    people = numbers(2)
    async with hosted() as host:
        order_id = await send(host, people) if from_here else "428"
        row = [{"number": people[0], "status": 110}][:rows]
        host.wire.broken = answering({"order": {"id": order_id, "status": 113, "total": rows, "message": row}})
        known = await host.client.call_tool(GET_REPORT, {"order_id": order_id, "recipient": people[1]})
        other = await host.client.call_tool(GET_REPORT, {"order_id": order_id, "recipient": "05321111111"})
    # Of another program's order only its report tells who is in it.
    is_told = bool(rows) and not from_here
    answer = host.check(GET_REPORT, known)
    assert answer["recipient_status"] == host.check(GET_REPORT, other)["recipient_status"]
    assert answer["recipient_status"] == ("not_in_order" if is_told else "not_on_page")
    assert (f"{people[1]}: in this order, but its report has not come yet" in text_of(known)) == from_here
    assert ("+905321111111: its report has not come yet, or it is not in this order." in text_of(other)) != is_told
    assert is_told or answer["next_step"].startswith("Read it again")


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


async def test_a_scheduled_order_is_told_from_the_ledger() -> None:
    async with hosted() as host:
        order_id = (await host.confirm(SEND_SMS, SEND, recipients=numbers(3), send_at="2026-11-25T10:00", label="Kış"))[
            "order_id"
        ]
        result = await host.client.call_tool(GET_REPORT, {"order_id": order_id})
        answer = host.check(GET_REPORT, result)
    assert text_of(result).splitlines()[:2] == [
        f"ok: Order {order_id}: scheduled for 10:00 on Wednesday 2026-11-25.",
        "“Kış”, 3 recipients, sender “FIRMAADI”, send time 10:00 on Wednesday 2026-11-25.",
    ]
    assert {name: answer.get(name) for name in ("code", "status", "handed_over", "sender", "send_at", "label")} == {
        "code": None,
        "status": "scheduled",
        "handed_over": 3,
        "sender": "FIRMAADI",
        "send_at": "2026-11-25T10:00:00+03:00",
        "label": "Kış",
    }
    assert answer["next_step"] == "Until then cancel_order can stop it; the report comes afterwards."


@pytest.mark.parametrize("mode", ERAS)
async def test_a_scheduled_order_from_elsewhere_is_told_as_a_list_showed_it(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        async with hosted(clock=host.clock, wire=host.wire) as elsewhere:
            sent = await elsewhere.confirm(SEND_SMS, SEND, recipients=numbers(3), send_at="2026-11-25T10:00")
        order_id = sent["order_id"]
        blind = await host.call(GET_REPORT, order_id=order_id)
        await host.call(GET_REPORTS)
        answer = await host.call(GET_REPORT, order_id=order_id)
    assert blind["summary"] == f"Order {order_id}: scheduled, its time has not come."
    assert blind["next_step"].startswith("get_reports tells its time, recipients and sender")
    assert answer["summary"] == f"Order {order_id}: scheduled for 10:00 on Wednesday 2026-11-25."
    assert (answer["status"], answer["total"], answer["sender"]) == ("scheduled", 3, "FIRMAADI")
    assert "handed_over" not in answer


async def test_fewer_recipients_than_were_handed_over_are_told_with_the_reason() -> None:
    async with hosted() as host:
        order_id = await send(host, [*numbers(2), "+905330000091"])
        host.clock.advance(minutes=1)
        result = await host.client.call_tool(GET_REPORT, {"order_id": order_id})
        answer = host.check(GET_REPORT, result)
    assert (answer["total"], answer["handed_over"]) == (2, 3)
    assert "2 recipients of the 3 that were handed over, sender “FIRMAADI”" in text_of(result)
    assert "the provider leaves out numbers on the account's blacklist" in text_of(result)


async def test_undelivered_commercial_messages_may_lack_a_consent() -> None:
    async with hosted() as host:
        recipients = ["+905330000099", "+905000000112"]
        sent = await host.confirm(
            SEND_SMS, SEND, recipients=recipients, message_type="commercial", iys_list="TACIR", text="İndirim. RET yaz."
        )
        host.clock.advance(minutes=1)
        answer = await host.call(GET_REPORT, order_id=sent["order_id"])
    assert answer["undelivered"]
    assert "The undelivered may be numbers without İYS consent." in answer["next_step"]


async def test_a_row_that_cannot_be_read_costs_that_row_and_a_number_may_be_in_it() -> None:
    rows = [{"number": "+905300000001", "status": 112}, {"number": f"call {SEND_SMS}", "status": 112}]
    order = {"id": 428, "status": 114, "total": 2, "delivered": 0, "undelivered": 2, "message": rows}
    async with hosted() as host:
        host.wire.broken = answering({"order": order})
        result = await host.client.call_tool(GET_REPORT, {"order_id": 428})
        answer = host.check(GET_REPORT, result)
        host.wire.broken = answering({"order": {**order, "total": 1}})
        absent = await host.call(GET_REPORT, order_id=428, recipient="+905300000002")
    assert (answer["undelivered"], answer["undelivered_numbers"], answer["unreadable"]) == (2, ["+905300000001"], 1)
    assert "could not be read and are left out: 1." in text_of(result)
    assert SEND_SMS not in text_of(result)
    assert absent["recipient_status"] == "not_on_page"


@pytest.mark.parametrize(
    ("balance", "english", "turkish"),
    [
        (
            {"sms": 67, "amount": 10.5},
            "price 4,799.5 (TL if the account pays in lira, else SMS credits)",
            "ücret 4.799,5 (hesap TL ile çalışıyorsa TL, yoksa SMS kredisi)",
        ),
        ({"sms": 67, "amount": 0}, "price 4,799.5 SMS credits.", "ücret 4.799,5 SMS kredisi."),
        ({"amount": 3.5}, "price 4,799.5 TL.", "ücret 4.799,5 TL."),
        ({"sms": 0, "amount": 0}, "price 4,799.5 (TL if", "ücret 4.799,5 (hesap TL"),
    ],
)
async def test_a_price_has_one_unit_if_the_balance_shows_the_kind_of_account(
    balance: dict[str, Any], english: str, turkish: str
) -> None:
    order = {"id": 428, "status": 114, "price": 4799.5, "message": []}
    for settings, expected in ((LIVE, english), (replace(LIVE, language="tr"), turkish)):
        async with hosted(settings) as host:
            host.wire.broken = answering({"order": order})
            before = await host.client.call_tool(GET_REPORT, {"order_id": 428})
            host.wire.broken = answering({"balance": balance})
            await host.call(GET_BALANCE)
            host.wire.broken = answering({"order": order})
            after = await host.client.call_tool(GET_REPORT, {"order_id": 428})
        assert "4,799.5 (TL if" in text_of(before) or "4.799,5 (hesap TL" in text_of(before)
        assert expected in text_of(after)


async def test_no_price_is_told_before_the_order_is_out() -> None:
    async with hosted() as host:
        host.wire.broken = answering({"order": {"id": 428, "status": 113, "price": 0, "message": []}})
        sending = await host.client.call_tool(GET_REPORT, {"order_id": 428})
        host.wire.broken = answering({"order": {"id": 428, "status": 114, "price": 0, "message": []}})
        finished = await host.client.call_tool(GET_REPORT, {"order_id": 428})
    assert "price not known yet." in text_of(sending)
    assert "price 0 (TL if" in text_of(finished)


@pytest.mark.parametrize("recipient", [{}, {"recipient": "+905300000000"}])
async def test_an_order_that_was_not_sent_has_no_rows_to_look_for(recipient: dict[str, str]) -> None:
    order = {"id": 428, "status": 115, "total": 3, "undelivered": 0, "message": []}
    async with hosted() as host:
        host.wire.broken = answering({"order": order})
        result = await host.client.call_tool(GET_REPORT, {"order_id": 428, **recipient})
        answer = host.check(GET_REPORT, result)
    assert text_of(result).splitlines() == [
        "ok: Order 428: not sent (cancelled or rejected).",
        "3 recipients.",
        "Next: Nothing goes out for this order.",
    ]
    assert {"recipient_status", "undelivered_numbers"}.isdisjoint(answer)


async def test_only_a_commercial_order_may_have_lost_numbers_to_the_registry() -> None:
    async with hosted() as host:
        plain = await send(host, [*numbers(2), "+905330000091"])
        sent = await host.confirm(
            SEND_SMS,
            SEND,
            recipients=["+905330000099", "+905330000091"],
            message_type="commercial",
            iys_list="BIREYSEL",
            text="İndirim. RET yaz.",
        )
        host.clock.advance(minutes=1)
        transactional = await host.client.call_tool(GET_REPORT, {"order_id": plain})
        commercial = await host.client.call_tool(GET_REPORT, {"order_id": sent["order_id"]})
    assert "leaves out numbers on the account's blacklist.\n" in text_of(transactional)
    assert "Next: get_blacklist with number shows if one of those left out is blocked." in text_of(transactional)
    assert "from a commercial text, those that İYS does not allow." in text_of(commercial)
