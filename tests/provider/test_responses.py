from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.provider.responses import (
    UnreadableError,
    envelope,
    read_balance,
    read_blacklist,
    read_consent,
    read_order_id,
    read_orders,
    read_report,
    read_senders,
)
from iletimerkezi_mcp.provider.types import (
    Balance,
    BlacklistPage,
    Consent,
    MessageRow,
    OrderId,
    OrderList,
    OrderReport,
    OrderSummary,
)
from iletimerkezi_mcp.sms.times import ISTANBUL

ASKED = OrderId("312891245")
MORNING = datetime(2026, 4, 29, 4, 32, 24, tzinfo=ISTANBUL)


def _consent(response: Mapping[str, Any]) -> Consent | None:
    return read_consent(response, "+905330000099", "BIREYSEL", "MESAJ")


def _report(response: Mapping[str, Any]) -> OrderReport:
    return read_report(response, ASKED)


READERS: list[Callable[[Mapping[str, Any]], object]] = [
    read_balance,
    read_blacklist,
    read_order_id,
    read_orders,
    read_senders,
    _consent,
    _report,
]


@pytest.mark.parametrize("code", [200, "200", " 200", 200.0])
def test_a_code_is_read_in_either_type(code: object) -> None:
    body = json.dumps({"response": {"status": {"code": code, "message": "İşlem başarılı"}, "x": 1}}).encode()
    read = envelope(body)
    assert (read.code, read.message, read.response["x"]) == (200, "İşlem başarılı", 1)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'\xef\xbb\xbf{"response":{"status":{"code":200,"message":"bom"}}}', 200, "bom"),
        (b'{"response":{"status":{"code":401,"message":"\xdcyelik"}}}', 401, "\ufffdyelik"),
        (b'{"response":{"status":{"code":200,"code":200}}}', 200, ""),
        (b'{"response":{"status":{"message":5}}}', None, ""),
        (b'{"response":{"status":{"code":1e999}}}', None, ""),
        (b'{"response":{"status":{"code":' + b"9" * 4000 + b"}}}", None, ""),
    ],
)
def test_an_envelope_is_read_as_far_as_it_goes(body: bytes, code: int | None, message: str) -> None:
    assert (envelope(body).code, envelope(body).message) == (code, message)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"null",
        b"[]",
        b'"response"',
        b"{}",
        b'{"response":[]}',
        b'{"response":{}}',
        b'{"response":{"status":200}}',
        b'{"response":{"status":{"code":200}}',
        b'{"response":{"status":{"code":NaN}}}',
        b'{"response":{"status":{"code":-Infinity}}}',
        b'{"response":{"status":{"code":200,"code":401}}}',
        b'{"response":{"status":{"code":' + b"9" * 5000 + b"}}}",
        b'{"response":{"status":{"code":200},"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b"[" * 200_000,
    ],
    ids=lambda body: str(body[:60]),
)
def test_what_is_no_envelope_is_told_as_such_and_keeps_nothing_of_the_answer(body: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        envelope(body)
    assert caught.value.__context__ is None


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_crash_it(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        envelope(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["order", "orders", "count", "balance", "senders", "blacklist", "consent"])
INNER = st.sampled_from(["id", "status", "message", "number", "sender", "amount", "sms", "count", "recipient", "price"])


@settings(deadline=None)
@given(st.dictionaries(FIELDS, JSON | st.dictionaries(INNER, JSON, max_size=6), max_size=4))
def test_no_result_crashes_a_reader(response: dict[str, Any]) -> None:
    for read in READERS:
        try:
            read(response)
        except UnreadableError:
            continue


@pytest.mark.parametrize("given_id", ["12323232", 12323232, 12323232.0, " 12323232 "])
def test_an_order_number_is_digits_in_a_string(given_id: object) -> None:
    assert read_order_id({"order": {"id": given_id}}) == "12323232"


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"order": []},
        {"order": {}},
        {"order": {"id": ""}},
        {"order": {"id": "12a"}},
        {"order": {"id": -5}},
        {"order": {"id": True}},
        {"order": {"id": None}},
        {"order": {"id": "1" * 21}},
        {"order": {"id": "١٢"}},
    ],
)
def test_what_is_no_order_number_is_not_made_into_one(response: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        read_order_id(response)


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
        "order": {"id": 428, "status": "114", "price": "0.5", "message": {"number": 5301234567, "status": "111"}}
    }
    assert _report(response) == OrderReport(
        OrderSummary(OrderId("428"), 114, price=0.5), (MessageRow("+905301234567", 111),)
    )


def test_counters_as_strings_are_counters_and_what_is_none_is_unknown() -> None:
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
        {"order": {"status": 114, "message": ["+905330000001"]}},
        {"order": {"status": 114, "message": [{"number": "", "status": 111}]}},
        {"order": {"status": 114, "message": [{"number": "+905330000001"}]}},
    ],
)
def test_a_report_without_its_heart_is_not_readable(response: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        _report(response)


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
    assert read_orders({"count": 41, "orders": [order]}) == OrderList(41, (summary,))
    assert read_orders({"count": "41", "orders": order}) == OrderList(41, (summary,))
    assert read_orders({"orders": [order]}) == OrderList(1, (summary,))


@pytest.mark.parametrize("orders", [[], {}, None, ""])
def test_no_orders_in_every_shape(orders: object) -> None:
    assert read_orders({"count": 0, "orders": orders}) == OrderList(0, ())
    assert read_orders({"count": "0"}) == OrderList(0, ())


@pytest.mark.parametrize("response", [{}, {"count": "many"}, {"count": 1, "orders": [5]}, {"orders": "x"}])
def test_an_answer_that_names_no_orders_is_not_taken_for_none(response: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        read_orders(response)


@pytest.mark.parametrize(
    ("balance", "read"),
    [
        ({"amount": 10.584, "sms": 67}, Balance(10.584, 67.0)),
        ({"amount": "0", "sms": "18343"}, Balance(0.0, 18343.0)),
        ({"amount": "10.584", "sms": 67.0}, Balance(10.584, 67.0)),
        ({"amount": "-3.5", "sms": 0}, Balance(-3.5, 0.0)),
    ],
)
def test_a_balance_is_read_in_either_type(balance: dict[str, Any], read: Balance) -> None:
    assert read_balance({"balance": balance}) == read


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"balance": "5"},
        {"balance": {"amount": 5}},
        {"balance": {"amount": "1,5", "sms": 1}},
        {"balance": {"amount": True, "sms": 1}},
        {"balance": {"amount": float("inf"), "sms": 1}},
        {"balance": {"amount": 10**400, "sms": 1}},
        {"balance": {"amount": "٥", "sms": 1}},
        {"balance": {"amount": None, "sms": 1}},
    ],
)
def test_a_balance_is_never_guessed(response: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        read_balance(response)


@pytest.mark.parametrize(
    ("senders", "read"),
    [
        ({"sender": ["APITEST", "DEMO  Firma"]}, ("APITEST", "DEMO  Firma")),
        ({"sender": "FIRMAADI"}, ("FIRMAADI",)),
        ({"sender": []}, ()),
        ({"sender": {}}, ()),
        ({}, ()),
        ([], ()),
        (None, ()),
        (["FIRMAADI"], ("FIRMAADI",)),
        ({"sender": [4448123]}, ("4448123",)),
        ({"sender": ["A\u202eB\x00" + "C" * 200]}, ("AB" + "C" * 78,)),
    ],
)
def test_senders_are_read_in_every_shape_with_their_own_spelling(senders: object, read: tuple[str, ...]) -> None:
    assert read_senders({"senders": senders}) == read


@pytest.mark.parametrize("response", [{}, {"senders": {"sender": [[]]}}, {"senders": {"sender": [""]}}])
def test_senders_that_cannot_be_read_are_not_left_out(response: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        read_senders(response)


@pytest.mark.parametrize(
    ("blacklist", "read"),
    [
        ({"count": 1, "number": ["+905330000099"]}, BlacklistPage(1, ("+905330000099",))),
        ({"count": "7906", "number": ["+905330000001"] * 2}, BlacklistPage(7906, ("+905330000001",) * 2)),
        ({"count": 0, "number": []}, BlacklistPage(0, ())),
        ({"number": 5330000001}, BlacklistPage(1, ("+905330000001",))),
        ({"count": 0}, BlacklistPage(0, ())),
        ([], BlacklistPage(0, ())),
    ],
)
def test_a_blacklist_page_is_read_in_every_shape(blacklist: object, read: BlacklistPage) -> None:
    assert read_blacklist({"blacklist": blacklist}) == read


def test_an_answer_without_a_blacklist_is_not_an_empty_one() -> None:
    with pytest.raises(UnreadableError):
        read_blacklist({})


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+905330000001", "+905330000001"),
        ("+90 533 000 00 01", "+905330000001"),
        (905330000001, "+905330000001"),
        ("00905330000001", "+905330000001"),
        ("05330000001", "+905330000001"),
        (5330000001, "+905330000001"),
        ("+4917212345678", "+4917212345678"),
        ("444 8 123", "444 8 123"),
        ("gizli", "gizli"),
    ],
)
def test_a_number_is_made_canonical_where_that_is_certain(number: object, read: str) -> None:
    assert read_blacklist({"blacklist": {"number": [number]}}).numbers == (read,)


FOUND = {
    "brandCode": 123456,
    "recipient": "+905330000099",
    "recipientType": "BIREYSEL",
    "type": "MESAJ",
    "status": "ONAY",
    "source": "IYS_KISA_LINK",
    "consentDate": "2025-12-10 00:00:00",
}
KNOWN = Consent("+905330000099", "BIREYSEL", "MESAJ", "ONAY", "IYS_KISA_LINK", datetime(2025, 12, 10, tzinfo=ISTANBUL))


def test_a_consent_as_documented_with_any_source() -> None:
    assert _consent({"consent": FOUND}) == KNOWN
    assert _consent({"consent": [FOUND]}) == KNOWN
    assert _consent({"consent": {**FOUND, "recipient": 5330000099}}) == KNOWN


def test_what_a_consent_leaves_out_is_what_was_asked() -> None:
    assert _consent({"consent": {"status": "RET"}}) == Consent("+905330000099", "BIREYSEL", "MESAJ", "RET", None, None)


@pytest.mark.parametrize("nothing", [[], {}, None, ""])
def test_no_consent_on_file(nothing: object) -> None:
    assert _consent({"consent": nothing}) is None


@pytest.mark.parametrize("response", [{}, {"consent": {"source": "HS_WEB"}}, {"consent": [5]}, {"consent": "ONAY"}])
def test_a_consent_without_its_status_is_not_readable(response: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        _consent(response)
