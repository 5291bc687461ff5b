"""The reads before an order is cancelled: a server cancels only an order that it has read, and this one lives for a call."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from mcp import Client, MCPError

from iletimerkezi_mcp.provider.orders import REPORTS_PAGE_SIZE
from iletimerkezi_mcp.sms.times import MAX_REPORT_DAYS

RANGES = 9
"""The ranges of days that are searched for an order, back from today: 90 days."""

MAX_PAGES = 50
"""The most pages of a range that are read."""


async def read_order(client: Client, order_id: str, today: date) -> None:
    """Read an order's report or, as a scheduled one has none, the lists of orders until one shows it.

    If a tool is not offered, cancel_order itself says what it lacks.
    """
    with suppress(MCPError):
        report = await _read(client, "get_report", order_id=order_id, show="none")
        if report.get("status") != "scheduled" or "send_at" in report:
            return
        for days in range(0, RANGES * MAX_REPORT_DAYS, MAX_REPORT_DAYS):
            end = today - timedelta(days=days)
            start = end - timedelta(days=MAX_REPORT_DAYS - 1)
            for page in range(1, MAX_PAGES + 1):
                orders = await _read(client, "get_reports", start=f"{start}", end=f"{end}", page=page)
                if any(order["order_id"] == order_id for order in orders.get("orders", ())):
                    return
                if page * REPORTS_PAGE_SIZE >= orders.get("count", 0):
                    break


async def _read(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    return (await client.call_tool(tool, arguments)).structured_content or {}
