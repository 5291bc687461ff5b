"""What the provider shows of orders, as the tests of settling them make it, and what a host reads of it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.calls import GET_REPORTS, SEND_SMS
from tests.hosting import Host

A, B, C = "+905330000011", "+905330000012", "+905330000013"
LOST = "+905000000900"
"""The order is made, and its answer lost."""

NOT_MADE = "+905000000901"
"""The connection ends before the order is made."""

SEND: dict[str, Any] = {"text": "Toplantı saat 15.00'te.", "message_type": "transactional"}
AT_TEN = "2026-11-23T10:00:00+03:00"


def listing(*orders: dict[str, Any], count: int | None = None) -> Any:
    """Return a provider that lists these orders."""
    rows = [{"status": 114, "sender": "FIRMAADI", "submitAt": "2026-11-23 10:00:10", **order} for order in orders]
    body = {"response": {"status": {"code": 200}, "count": len(rows) if count is None else count, "orders": rows}}
    return lambda _: httpx.Response(200, json=body)


def reporting(order_id: str, *numbers: str, **fields: Any) -> Any:
    """Return a provider that reports these numbers of an order."""
    order = {"id": order_id, "status": 114, "sender": "FIRMAADI", "submitAt": "2026-11-23 10:00:10", **fields}
    rows = [{"number": number, "status": 111} for number in numbers]
    body = {"response": {"status": {"code": 200}, "order": {**order, "message": rows}}}
    return lambda _: httpx.Response(200, json=body)


async def lose(host: Host, *recipients: str, text: str = SEND["text"]) -> None:
    """Send, and lose the answer; the provider has made nothing."""

    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    host.wire.broken = lost
    answer = await host.confirm(SEND_SMS, {**SEND, "text": text, "recipients": list(recipients)})
    assert answer["outcome"] == "unknown"
    host.wire.broken = None


async def read(host: Host, answer: Any, tool: str = GET_REPORTS, **arguments: Any) -> tuple[list[Any], str]:
    """Read a list or a report, and return what it settles, with the answer's text."""
    host.wire.broken = answer
    result = await host.client.call_tool(tool, arguments)
    host.wire.broken = None
    return host.check(tool, result).get("settled", []), str(result.content)


async def held(host: Host, *recipients: str, text: str = SEND["text"]) -> bool:
    answer = await host.call(SEND_SMS, {**SEND, "text": text, "recipients": list(recipients)})
    return bool(answer["outcome"] == "held_back")
