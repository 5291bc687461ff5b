"""An accepted order counts as not sent only if an answer says so without contradicting itself, and of this very order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.calls import GET_REPORT, GET_REPORTS, SEND_SMS
from tests.hosting import Host, hosted

from .orders import SEND, A, B, held, listing, read, reporting

OF_ANOTHER_DAY = {"submitAt": "2026-11-22 08:00:00"}


async def sent(host: Host) -> int:
    answer = await host.confirm(SEND_SMS, {**SEND, "recipients": [A, B]})
    return int(answer["order_id"])


@pytest.mark.parametrize(
    "rows",
    [
        [{"status": 115, "total": 2}],
        [{"status": 115, "total": 2, "delivered": 0, "undelivered": 2, "waiting": 0}],
        [{"status": 115}, {"status": 115, "total": 2}],
    ],
    ids=["one row", "nobody reached", "two rows that agree"],
)
async def test_a_list_that_shows_it_as_not_sent_ends_its_hold(rows: list[dict[str, Any]]) -> None:
    async with hosted() as host:
        order = await sent(host)
        await read(host, listing(*({"id": order, **row} for row in rows)))
        assert not await held(host, A, B)


@pytest.mark.parametrize(
    "rows",
    [
        [{"status": 114, "total": 2, "delivered": 2}, {"status": 115, "total": 2}],
        [{"status": 115, "total": 2}, {"status": 113, "total": 2}],
        [{"status": 115, "total": 2, "delivered": 2}],
        [{"status": 115, "total": 2, "waiting": 1}],
        [{"status": 115, "total": 10}],
        [{"status": 115, "total": 2, "sender": "BASKA"}],
        [{"status": 115, "total": 2, "submitAt": "2026-11-23 09:00:00"}],
    ],
    ids=["sent too", "being sent too", "delivered", "waiting", "to others", "from another", "made before"],
)
async def test_a_list_that_contradicts_itself_or_this_order_ends_no_hold(rows: list[dict[str, Any]]) -> None:
    async with hosted() as host:
        order = await sent(host)
        await read(host, listing(*({"id": order, **row} for row in rows)))
        assert await held(host, A, B)


async def test_a_report_with_numbers_that_were_reached_ends_no_hold() -> None:
    async with hosted() as host:
        order = str(await sent(host))
        await read(host, reporting(order, A, B, status=115, total=2), GET_REPORT, order_id=order)
        assert await held(host, A, B)
        await read(host, reporting(order, status=115, total=2), GET_REPORT, order_id=order)
        assert not await held(host, A, B)


async def test_a_list_of_other_days_than_asked_is_not_whole() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, {**SEND, "recipients": ["+905000000901"]})
        host.clock.advance(minutes=6)
        settled, _ = await read(host, listing({"id": 7, "total": 3, **OF_ANOTHER_DAY}), GET_REPORTS, start="2026-11-23")
        assert not settled
        settled, text = await read(
            host, listing({"id": 7, "submitAt": "2026-10-01 10:00:00"}), GET_REPORTS, start="2026-11-23"
        )
        assert not settled
        assert "failed" in text
