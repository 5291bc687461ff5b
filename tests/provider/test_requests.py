from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from iletimerkezi_mcp.provider import requests as wire
from iletimerkezi_mcp.provider.types import BrandCode, ConsentRecord, OrderId, OutgoingOrder, Sender
from iletimerkezi_mcp.sms.numbers import PhoneNumber
from iletimerkezi_mcp.sms.times import ISTANBUL

ONE = PhoneNumber("+905330000001")
TWO = PhoneNumber("+905330000002")
BRAND = BrandCode("123456")
NOON = datetime(2026, 11, 20, 12, 0, 5, tzinfo=ISTANBUL)


def test_a_request_wraps_the_fields_beside_key_and_hash() -> None:
    body = wire.request_body("k", "h", {"order": {"id": "1"}})
    assert json.loads(body) == {"request": {"authentication": {"key": "k", "hash": "h"}, "order": {"id": "1"}}}


def test_turkish_goes_out_as_it_is_in_utf_8() -> None:
    assert "şİıŞ😀".encode() in wire.request_body("k", "h", {"text": "şİıŞ😀"})


def test_half_a_surrogate_pair_goes_out_as_a_question_mark() -> None:
    assert json.loads(wire.request_body("k", "h", {"text": "a\ud83db"}))["request"]["text"] == "a?b"


@pytest.mark.parametrize("numbers", [(ONE,), (ONE, TWO)])
@pytest.mark.parametrize("text", ["Kodunuz 1234", '[] ["]}}}}}', "şİıŞ😀\n"])
def test_the_numbers_of_an_order_fill_its_list_and_nothing_else(text: str, numbers: tuple[PhoneNumber, ...]) -> None:
    order = OutgoingOrder(Sender("FIRMAADI"), text, numbers)
    assert json.loads(wire.request_body("[]", "h", wire.order(order), numbers)) == {
        "request": {
            "authentication": {"key": "[]", "hash": "h"},
            "order": {
                "sender": "FIRMAADI",
                "sendDateTime": [],
                "iys": "0",
                "message": {"text": text, "receipents": {"number": list(numbers)}},
            },
        }
    }


def test_a_transactional_order_sent_now() -> None:
    order = OutgoingOrder(Sender("FIRMAADI"), "Kodunuz 1234", (ONE, TWO))
    assert wire.order(order) == {
        "order": {
            "sender": "FIRMAADI",
            "sendDateTime": [],
            "iys": "0",
            "message": {"text": "Kodunuz 1234", "receipents": {"number": []}},
        }
    }


def test_a_scheduled_commercial_order() -> None:
    order = OutgoingOrder(
        Sender("FIRMAADI"), "İndirim", (ONE,), iys_list="TACIR", send_at=datetime(2026, 12, 25, 10, 5, tzinfo=ISTANBUL)
    )
    assert wire.order(order) == {
        "order": {
            "sender": "FIRMAADI",
            "sendDateTime": ["25/12/2026 10:05"],
            "iys": "1",
            "iysList": "TACIR",
            "message": {"text": "İndirim", "receipents": {"number": []}},
        }
    }


@pytest.mark.parametrize(
    ("made", "documented"),
    [
        (wire.nothing(), {}),
        (wire.cancellation(OrderId("312")), {"order": {"id": "312"}}),
        (wire.report(OrderId("312"), 2, 500), {"order": {"id": "312", "page": "2", "rowCount": "500"}}),
        (
            wire.reports(date(2026, 4, 22), date(2026, 4, 29), 3),
            {"filter": {"start": "2026-04-22", "end": "2026-04-29", "page": 3}},
        ),
        (wire.blacklist(1, 1000, None, None), {"blacklist": {"page": "1", "rowCount": "1000"}}),
        (
            wire.blacklist(1, 100, NOON, None),
            {"blacklist": {"filter": {"start": "2026-11-20 12:00:05"}, "page": "1", "rowCount": "100"}},
        ),
        (
            wire.blacklist(1, 100, NOON, NOON),
            {
                "blacklist": {
                    "filter": {"start": "2026-11-20 12:00:05", "end": "2026-11-20 12:00:05"},
                    "page": "1",
                    "rowCount": "100",
                }
            },
        ),
        (wire.blocked(ONE), {"blacklist": {"number": "+905330000001"}}),
        (
            wire.consent(BRAND, "+905330000001", "BIREYSEL", "MESAJ"),
            {
                "consent": {
                    "brandCode": "123456",
                    "recipient": "+905330000001",
                    "recipientType": "BIREYSEL",
                    "type": "MESAJ",
                }
            },
        ),
        (
            wire.consents(BRAND, [ConsentRecord("a@example.com", "TACIR", "EPOSTA", "RET", "HS_WEB", NOON)]),
            {
                "consent": {
                    "brandCode": "123456",
                    "list": [
                        {
                            "recipient": "a@example.com",
                            "recipientType": "TACIR",
                            "type": "EPOSTA",
                            "status": "RET",
                            "source": "HS_WEB",
                            "consentDate": "2026-11-20 12:00:05",
                        }
                    ],
                }
            },
        ),
    ],
)
def test_each_operation_has_its_documented_fields(made: wire.Fields, documented: dict[str, Any]) -> None:
    assert made == documented
