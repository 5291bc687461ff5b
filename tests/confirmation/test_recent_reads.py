"""A preview uses what earlier answers told, with its age, and asks nothing itself."""

from __future__ import annotations

from datetime import date, timedelta

import httpx
import pytest

from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.provider.orders import OrderId, OrderList, OrderSummary
from tests.calls import CANCEL_ORDER, GET_BALANCE, GET_REPORTS, GET_SENDER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import MONDAY, hosted

from .scenes import remember_only_the_latest


async def test_without_earlier_reads_a_preview_has_no_notes_and_makes_no_request() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND)
    assert "Balance" not in preview["preview"]
    assert "approved" not in preview["preview"]
    assert host.wire.requests == []


@pytest.mark.parametrize(
    ("minutes", "age"), [(0, "just now"), (1, "1 minute ago"), (119, "119 minutes ago"), (180, "3 hours ago")]
)
async def test_balance_and_sender_are_shown_with_their_age(minutes: int, age: str) -> None:
    async with hosted() as host:
        await host.call(GET_BALANCE)
        await host.call(GET_SENDER)
        host.clock.advance(minutes=minutes)
        preview = await host.call(SEND_SMS, SEND)
    assert f"Balance: 100,000 credits (read {age}); this needs at most 2" in preview["preview"]
    assert f"Sender approved (checked {age})" in preview["preview"]
    assert host.wire.paths() == ["get-balance", "get-sender"]


async def test_too_low_a_balance_and_a_sender_that_is_not_approved_are_warned_of() -> None:
    async with hosted() as host:
        host.wire.broken = lambda _: httpx.Response(
            200,
            json={
                "response": {
                    "status": {"code": 200},
                    "balance": {"amount": 0, "sms": 1},
                    "senders": {"sender": ["OTHER"]},
                }
            },
        )
        await host.call(GET_BALANCE)
        await host.call(GET_SENDER)
        preview = await host.call(SEND_SMS, SEND)
    assert preview["warnings"] == [
        "Balance: 1 credits (read just now); this needs up to 2, which is not enough",
        "Sender NOT among the approved ones (checked just now). Approved: “OTHER”.",
    ]
    assert all(f"! {line}" in preview["preview"] for line in preview["warnings"])


async def test_only_the_latest_orders_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_only_the_latest(monkeypatch)
    async with hosted() as host:
        await host.call(GET_REPORTS)
        forgotten = await host.call(CANCEL_ORDER, order_id="312891245")
        remembered = await host.call(CANCEL_ORDER, order_id="312891247")
    assert [forgotten["outcome"], remembered["outcome"]] == ["nothing_done", "preview"]


def test_only_the_pages_of_the_latest_ranges_are_remembered() -> None:
    reads = RecentReads()
    pages = [(OrderSummary(OrderId(number), 114),) for number in ("1", "2")]

    def read(days: int, page: int) -> float | None:
        start = date(2026, 11, 1) - timedelta(days=days)
        return reads.remember_page(start, date(2026, 11, 1), page, OrderList(2, pages[page - 1]), 7.5)[1]

    for days in range(20 + 1):
        assert read(days, 1) is None
    assert read(1, 2) == 7.5
    assert read(0, 2) is None
    assert len(reads._ranges) == 20


def test_of_recipients_without_a_consent_the_latest_are_remembered() -> None:
    reads = RecentReads()
    keys = [("123456", f"+9053200{number:05}", "BIREYSEL", "MESAJ") for number in range(1_001)]
    for key in keys:
        reads.remember_consent(key, MONDAY, found=False)
    assert [reads.lacks_consent(key, MONDAY) for key in (keys[0], keys[1], keys[-1])] == [False, True, True]


def test_unreachable_recipients_are_named_or_only_counted() -> None:
    reads = RecentReads()
    until = MONDAY + timedelta(hours=1)
    reads.remember_reach("+905321234567", "blacklist", until)
    reads.remember_reach("+905331234567", "TACIR", until)
    people = ["+905321234567", "+905331234567", "+905341234567"]
    named = reads.describe_unreachable(people, "TACIR", MONDAY)
    assert [people[0] in named[0].en, people[1] in named[1].en] == [True, True]
    counted = reads.describe_unreachable(people, "TACIR", MONDAY, named=False)
    assert [warning.en.split(": ")[1] for warning in counted] == ["1 of the recipients."] * 2
    assert not any("+90" in warning.tr for warning in counted)
    assert reads.describe_unreachable(people, None, until, named=False) == []
