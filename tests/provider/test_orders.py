from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from iletimerkezi_mcp.provider.decoding import MalformedAnswerError
from iletimerkezi_mcp.provider.errors import AcceptedUntracked
from iletimerkezi_mcp.provider.orders import (
    CANCEL_ORDER,
    GET_REPORT,
    GET_REPORTS,
    SEND_SMS,
    MessageRow,
    OrderId,
    OrderList,
    OrderReport,
    OrdersQuery,
    OrderSummary,
    OutgoingMessage,
    OutgoingOrder,
    ReportQuery,
    Sender,
)
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.numbers import PhoneNumber

ONE = PhoneNumber("+905330000001")
TWO = PhoneNumber("+905330000002")
ORDER = OutgoingOrder(Sender("FIRMAADI"), (OutgoingMessage("Kodunuz 1234", (ONE, TWO)),))
ASKED = OrderId("312891245")
DAYS = OrdersQuery(date(2026, 4, 22), date(2026, 4, 29), 3)
MORNING = datetime(2026, 4, 29, 4, 32, 24, tzinfo=ISTANBUL)


def _report(response: Mapping[str, Any]) -> OrderReport:
    return GET_REPORT.decode(response, ReportQuery(ASKED))


def _orders(response: Mapping[str, Any]) -> OrderList:
    return GET_REPORTS.decode(response, DAYS)


def test_a_transactional_order_sent_now() -> None:
    assert SEND_SMS.encode(ORDER) == {
        "order": {
            "sender": "FIRMAADI",
            "sendDateTime": [],
            "iys": "0",
            "message": {"text": "Kodunuz 1234", "receipents": {"number": (ONE, TWO)}},
        }
    }


def test_a_scheduled_commercial_order() -> None:
    order = OutgoingOrder(
        Sender("FIRMAADI"),
        (OutgoingMessage("İndirim", (ONE,)),),
        iys_list="TACIR",
        send_at=datetime(2026, 12, 25, 10, 5, tzinfo=ISTANBUL),
    )
    assert SEND_SMS.encode(order) == {
        "order": {
            "sender": "FIRMAADI",
            "sendDateTime": ["25/12/2026 10:05"],
            "iys": "1",
            "iysList": "TACIR",
            "message": {"text": "İndirim", "receipents": {"number": (ONE,)}},
        }
    }


def test_several_messages_are_a_list_in_one_order() -> None:
    order = OutgoingOrder(
        Sender("FIRMAADI"), (OutgoingMessage("Sayın Ali", (ONE,)), OutgoingMessage("Sayın Can", (TWO,)))
    )
    assert SEND_SMS.encode(order)["order"]["message"] == [
        {"text": "Sayın Ali", "receipents": {"number": (ONE,)}},
        {"text": "Sayın Can", "receipents": {"number": (TWO,)}},
    ]
    assert order.recipient_count == 2
    assert "2 recipients" in SEND_SMS.how_to_verify(order).en
    assert not SEND_SMS.rate_limited(order)


def test_an_order_to_one_recipient_keeps_to_the_rate_and_a_larger_one_does_not() -> None:
    assert SEND_SMS.rate_limited(OutgoingOrder(Sender("FIRMAADI"), (OutgoingMessage("Kodunuz 1234", (ONE,)),)))
    assert not SEND_SMS.rate_limited(ORDER)


def test_a_cancellation_and_the_reads_have_their_documented_fields() -> None:
    assert CANCEL_ORDER.encode(OrderId("312")) == {"order": {"id": "312"}}
    assert GET_REPORT.encode(ReportQuery(OrderId("312"), 2, 500)) == {
        "order": {"id": "312", "page": "2", "rowCount": "500"}
    }
    assert GET_REPORTS.encode(DAYS) == {"filter": {"start": "2026-04-22", "end": "2026-04-29", "page": 3}}


@pytest.mark.parametrize("given_id", ["12323232", 12323232, 12323232.0, " 12323232 ", "0012323232"])
def test_an_order_number_is_digits_in_a_string(given_id: object) -> None:
    assert SEND_SMS.decode({"order": {"id": given_id}}, ORDER) == "12323232"


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"order": []},
        {"order": {}},
        {"order": {"id": ""}},
        {"order": {"id": "12a"}},
        {"order": {"id": -5}},
        {"order": {"id": 0}},
        {"order": {"id": "00"}},
        {"order": {"id": True}},
        {"order": {"id": None}},
        {"order": {"id": "1" * 21}},
        {"order": {"id": "١٢"}},
    ],
)
def test_what_is_not_an_order_number_is_not_made_into_one(response: dict[str, Any]) -> None:
    with pytest.raises(AcceptedUntracked) as caught:
        SEND_SMS.decode(response, ORDER)
    assert caught.value.__context__ is None


def test_a_report_as_documented() -> None:
    response = {
        "order": {
            "id": "312891245",
            "status": 114,
            "total": 3,
            "delivered": 2,
            "undelivered": 1,
            "waiting": 0,
            "submitAt": "2026-04-29 04:32:24",
            "sendAt": "2026-04-29 04:32:24",
            "sender": "FIRMAADI",
            "price": 2,
            "message": [{"number": "+905330000001", "status": 111}, {"number": "+905330000003", "status": 112}],
        }
    }
    summary = OrderSummary(ASKED, 114, 3, 2, 1, 0, MORNING, MORNING, "FIRMAADI", 2.0)
    assert _report(response) == OrderReport(
        summary, (MessageRow("+905330000001", 111), MessageRow("+905330000003", 112))
    )


def test_a_report_of_the_old_kind_with_every_type_the_other_way_round() -> None:
    response = {
        "order": {"id": 312891245, "status": "114", "price": "0.5", "message": {"number": 5301234567, "status": "111"}}
    }
    assert _report(response) == OrderReport(OrderSummary(ASKED, 114, price=0.5), (MessageRow("+905301234567", 111),))


def test_counters_as_strings_are_counters_and_what_is_not_one_is_unknown() -> None:
    order = {"status": "113", "total": "10", "delivered": "4", "undelivered": -1, "waiting": "viel", "sendAt": ""}
    assert _report({"order": {**order, "sender": "", "price": float("inf"), "message": {}}}) == OrderReport(
        OrderSummary(ASKED, 113, 10, 4), ()
    )


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"order": []},
        {"order": {"id": "1"}},
        {"order": {"id": "1", "status": "done"}},
        {"order": {"id": "x", "status": 114}},
        {"order": {"id": "313", "status": 114}},
    ],
)
def test_a_report_without_its_status_is_not_readable(response: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        _report(response)


@pytest.mark.parametrize("row", ["+905330000001", {"number": "", "status": 111}, {"number": "+905330000001"}])
def test_a_row_that_cannot_be_read_costs_that_row(row: object) -> None:
    rows = [row, {"number": "+905330000002", "status": 111}]
    report = _report({"order": {"status": 114, "total": 2, "message": rows}})
    assert (report.summary.total, report.rows, report.unreadable) == (2, (MessageRow("+905330000002", 111),), 1)


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        (None, []),
        ("", []),
        ([], []),
        ({}, []),
        ({"number": "+905330000001", "status": 111}, ["+905330000001"]),
        (
            {"0": {"number": "905330000001", "status": 111}, "1": {"number": "05330000002", "status": 111}},
            ["+905330000001", "+905330000002"],
        ),
    ],
)
def test_a_list_is_read_in_every_shape_that_a_backend_gives_it(rows: object, numbers: list[str]) -> None:
    report = _report({"order": {"status": 114, "message": rows}})
    assert [row.number for row in report.rows] == numbers


def test_orders_as_documented() -> None:
    order = {
        "id": 312988299,
        "status": 113,
        "total": 10,
        "delivered": 4,
        "undelivered": 1,
        "waiting": 5,
        "submitAt": "2026-04-29 04:32:24",
        "sendAt": "0000-00-00 00:00:00",
        "sender": "FIRMAADI",
    }
    summary = OrderSummary(OrderId("312988299"), 113, 10, 4, 1, 5, MORNING, None, "FIRMAADI")
    assert _orders({"count": 41, "orders": [order]}) == OrderList(41, (summary,))
    assert _orders({"count": "41", "orders": order}) == OrderList(41, (summary,))
    assert _orders({"orders": [order]}) == OrderList(1, (summary,), is_counted=False)


@pytest.mark.parametrize("orders", [[], {}, None, ""])
def test_no_orders_in_every_shape(orders: object) -> None:
    assert _orders({"count": 0, "orders": orders}) == OrderList(0, ())
    assert _orders({"count": "0"}) == OrderList(0, ())


@pytest.mark.parametrize("response", [{}, {"count": "many"}, {"count": 1, "orders": [5]}, {"orders": "x"}])
def test_an_answer_that_names_no_orders_is_not_taken_for_none(response: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        _orders(response)


def test_orders_that_cannot_be_read_are_counted() -> None:
    row = {"id": 7, "status": 114}
    assert _orders({"count": 9, "orders": [5, row]}) == OrderList(9, (OrderSummary(OrderId("7"), 114),), unreadable=1)
    assert _orders({"orders": [row, "x"]}).count == 2
