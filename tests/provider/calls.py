"""A call of every operation: its request, its fields on the wire, and the answer that is read from a response."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from iletimerkezi_mcp.provider.account import Balance, SenderList
from iletimerkezi_mcp.provider.blacklist import BlacklistPage, BlacklistQuery
from iletimerkezi_mcp.provider.consents import (
    BrandCode,
    Consent,
    ConsentDeclaration,
    ConsentQuery,
    ConsentRecord,
)
from iletimerkezi_mcp.provider.orders import (
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

KEY, HASH = "key-canary-5f2e", "hash-canary-91ab"


NUMBER = PhoneNumber("+905330000001")


BULK = OutgoingOrder(Sender("FIRMAADI"), (OutgoingMessage("Duyuru", (NUMBER, PhoneNumber("+905330000002"))),))


BRAND = BrandCode("123456")


RECORD = ConsentRecord(NUMBER, "BIREYSEL", "MESAJ", "ONAY", "HS_WEB", datetime(2026, 11, 20, tzinfo=ISTANBUL))


CONSENT = ConsentQuery(BRAND, NUMBER, "BIREYSEL", "MESAJ")


def ok(**result: Any) -> dict[str, Any]:
    return {"response": {"status": {"code": 200, "message": "İşlem başarılı"}, **result}}


BALANCE = ok(balance={"amount": 10.5, "sms": 67})


@dataclass(frozen=True, slots=True)
class Call:
    """A request, its fields on the wire, the provider's response and the answer that is read from it."""

    request: Any
    fields: dict[str, Any]
    response: dict[str, Any]
    answer: object

    @property
    def body(self) -> dict[str, Any]:
        """The whole body."""
        return {"request": {"authentication": {"key": KEY, "hash": HASH}, **self.fields}}


CALLS: dict[str, Call] = {
    "get_balance": Call(None, {}, BALANCE, Balance(10.5, 67)),
    "get_sender": Call(None, {}, ok(senders={"sender": ["FIRMAADI"]}), SenderList(("FIRMAADI",))),
    "get_report": Call(
        ReportQuery(OrderId("7"), 2, 10),
        {"order": {"id": "7", "page": "2", "rowCount": "10"}},
        ok(order={"status": "114"}),
        OrderReport(OrderSummary(OrderId("7"), 114), ()),
    ),
    "get_reports": Call(
        OrdersQuery(date(2026, 11, 1), date(2026, 11, 2)),
        {"filter": {"start": "2026-11-01", "end": "2026-11-02", "page": 1}},
        ok(count=0, orders=[]),
        OrderList(0, ()),
    ),
    "get_blacklist": Call(
        BlacklistQuery(),
        {"blacklist": {"page": "1", "rowCount": "1000"}},
        ok(blacklist={"count": 0, "number": []}),
        BlacklistPage(0, ()),
    ),
    "iys_check": Call(
        CONSENT,
        {"consent": {"brandCode": "123456", "recipient": NUMBER, "recipientType": "BIREYSEL", "type": "MESAJ"}},
        ok(consent={"status": "ONAY"}),
        Consent(NUMBER, "BIREYSEL", "MESAJ", "ONAY", None, None),
    ),
    "send_sms": Call(
        BULK,
        {
            "order": {
                "sender": "FIRMAADI",
                "sendDateTime": [],
                "iys": "0",
                "message": {"text": "Duyuru", "receipents": {"number": ["+905330000001", "+905330000002"]}},
            }
        },
        ok(order={"id": 12323232}),
        "12323232",
    ),
    "cancel_order": Call(OrderId("7"), {"order": {"id": "7"}}, ok(), None),
    "add_blacklist": Call(NUMBER, {"blacklist": {"number": NUMBER}}, ok(), None),
    "delete_blacklist": Call(NUMBER, {"blacklist": {"number": NUMBER}}, ok(), None),
    "iys_register": Call(
        ConsentDeclaration(BRAND, (RECORD,)),
        {
            "consent": {
                "brandCode": "123456",
                "list": [
                    {
                        "recipient": NUMBER,
                        "recipientType": "BIREYSEL",
                        "type": "MESAJ",
                        "status": "ONAY",
                        "source": "HS_WEB",
                        "consentDate": "2026-11-20 00:00:00",
                    }
                ],
            }
        },
        ok(extra="anything"),
        None,
    ),
}
