"""The provider's answers as the benchmark's upstream gives them, and the requests that the floor posts (contract)."""

from __future__ import annotations

import json
from typing import Any

from iletimerkezi_mcp.provider.account import GET_BALANCE
from iletimerkezi_mcp.provider.blacklist import GET_BLACKLIST
from iletimerkezi_mcp.provider.operation import request_body
from iletimerkezi_mcp.provider.orders import GET_REPORT, SEND_SMS, OutgoingMessage, OutgoingOrder, Sender
from iletimerkezi_mcp.sms.numbers import PhoneNumber

KEY, HASH = "a-key-of-the-benchmark", "a-hash-of-the-benchmark"
BALANCE_PATH, SEND_PATH = GET_BALANCE.path, SEND_SMS.path
BALANCE_REQUEST = request_body(KEY, HASH, {})

ROWS = 1_000
"""Rows of a page of a report and of the blacklist: the most that the provider gives."""

_NUMBERS = [f"+90533{place:07}" for place in range(ROWS)]


def send_request(recipients: list[str], text: str) -> bytes:
    """Return an order as it is posted."""
    message = OutgoingMessage(text, tuple(map(PhoneNumber, recipients)))
    return request_body(KEY, HASH, SEND_SMS.encode(OutgoingOrder(Sender("FIRMAADI"), (message,))))


def answers() -> dict[str, bytes]:
    """Return the answer to a read at each path."""
    report = {
        "id": "312891245",
        "status": "114",
        "total": str(ROWS),
        "delivered": "990",
        "undelivered": "10",
        "waiting": "0",
        "submitAt": "2026-11-20 10:00:00",
        "sendAt": "2026-11-20 10:00:00",
        "sender": "FIRMAADI",
        "message": [
            {"number": number, "status": "112" if place % 100 == 0 else "111"} for place, number in enumerate(_NUMBERS)
        ],
    }
    return {
        BALANCE_PATH: accepted({"balance": {"amount": "250.50", "sms": "1000"}}),
        GET_REPORT.path: accepted({"order": report}),
        GET_BLACKLIST.path: accepted({"blacklist": {"count": str(ROWS), "number": _NUMBERS}}),
    }


def accepted(content: dict[str, Any]) -> bytes:
    """Return an answer with code 200 around `content`."""
    return json.dumps({"response": {"status": {"code": "200", "message": "İşlem başarılı"}, **content}}).encode()
