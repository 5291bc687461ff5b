"""The reads before an order is cancelled by a server that lives for one call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iletimerkezi_mcp.cli.call import order_search
from iletimerkezi_mcp.cli.call.order_search import read_order
from tests.calls import CANCEL_ORDER, GET_REPORT, GET_REPORTS, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import LIVE, hosted
from tests.tools.orders import answering


async def test_a_scheduled_order_is_found_by_the_day_on_which_it_was_submitted() -> None:
    async with hosted() as first:
        order_id = (await first.confirm(SEND_SMS, SEND, send_at="2026-12-25T10:00"))["order_id"]
        first.clock.advance(days=25)
        async with hosted(clock=first.clock, wire=first.wire) as host:
            before = len(host.wire.requests)
            await read_order(host.client, order_id, host.clock().date())
            assert host.wire.paths()[before:] == ["get-report", "get-reports", "get-reports", "get-reports"]
            preview = await host.call(CANCEL_ORDER, order_id=order_id)
    assert "scheduled for 10:00 on Friday 2026-12-25, 2 recipients, sender “FIRMAADI”" in preview["preview"]


async def test_an_order_with_a_report_needs_no_list() -> None:
    async with hosted() as host:
        await read_order(host.client, "312891245", host.clock().date())
        assert host.wire.paths() == ["get-report"]


async def test_every_page_of_ninety_days_is_searched_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_search, "MAX_PAGES", 2)
    async with hosted() as host:
        async with hosted(clock=host.clock, wire=host.wire) as elsewhere:
            order_id = (await elsewhere.confirm(SEND_SMS, SEND, send_at="2026-11-25T10:00"))["order_id"]
        before = len(host.wire.requests)
        listed = answering({"count": 90, "orders": [{"id": 7, "status": 114}]})
        host.wire.broken = lambda request: listed(request) if request.url.path.endswith("get-reports/json") else None
        await read_order(host.client, order_id, host.clock().date())
        paths = host.wire.paths()[before:]
    assert paths == ["get-report", *["get-reports"] * 18]


@pytest.mark.parametrize("offered", [(CANCEL_ORDER,), (CANCEL_ORDER, GET_REPORT)])
async def test_without_the_tools_the_cancellation_says_what_it_lacks(offered: tuple[str, ...]) -> None:
    async with hosted() as first:
        order_id = (await first.confirm(SEND_SMS, SEND, send_at="2026-11-25T10:00"))["order_id"]
        async with hosted(replace(LIVE, tools=offered), clock=first.clock, wire=first.wire) as host:
            await read_order(host.client, order_id, host.clock().date())
            answer = await host.call(CANCEL_ORDER, order_id=order_id)
    assert GET_REPORTS in answer["next_step"]
