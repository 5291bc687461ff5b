"""Cancelling an order, through a real client."""

from __future__ import annotations

from dataclasses import replace

from tests.calls import CANCEL_ORDER, GET_REPORT, SEND_SMS
from tests.hosting import LIVE, hosted
from tests.tools.examples import EXAMPLES

SEND = {**EXAMPLES[SEND_SMS], "send_at": "2026-11-24T10:30"}


async def test_a_scheduled_message_can_be_cancelled_once() -> None:
    async with hosted() as host:
        order_id = (await host.confirm(SEND_SMS, SEND))["order_id"]
        cancelled = await host.confirm(CANCEL_ORDER, order_id=int(order_id))
        again = await host.confirm(CANCEL_ORDER, order_id=order_id)
        report = await host.call(GET_REPORT, order_id=order_id)
    assert cancelled["outcome"] == "done"
    assert (again["outcome"], again["code"]) == ("refused", 455)
    assert report["status"] == "not_sent"
    assert "not sent (cancelled or rejected)" in report["summary"]


async def test_leading_zeros_make_no_other_order() -> None:
    async with hosted() as host:
        order_id = (await host.confirm(SEND_SMS, SEND))["order_id"]
        cancelled = await host.confirm(CANCEL_ORDER, order_id=f"00{order_id}")
        again = await host.call(SEND_SMS, SEND)
    assert (cancelled["outcome"], cancelled["order_id"]) == ("done", order_id)
    # It is the send on record that was cancelled: nothing holds its people back any more.
    assert again["outcome"] == "preview"


async def test_the_preview_says_what_was_sent_from_here_and_what_a_report_showed() -> None:
    async with hosted() as host:
        order_id = (await host.confirm(SEND_SMS, SEND, label="Yarın"))["order_id"]
        await host.call(GET_REPORT, order_id=order_id)
        preview = await host.call(CANCEL_ORDER, order_id=order_id)
    sent = "for 10:30 on Tuesday 2026-11-24, 1 recipient, FIRMAADI, transactional, “Yarın”"
    assert preview["preview"].splitlines()[1:] == [
        f"- Sent from here at 10:00 on Monday 2026-11-23: {sent}",
        "- Report read at 10:00 on Monday 2026-11-23: scheduled, its time has not come",
        "- Only a scheduled order that has not begun to go out can be cancelled.",
    ]


async def test_an_order_that_this_server_does_not_know_has_to_be_read_first() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        turkish = await host.call(CANCEL_ORDER, order_id="999")
    async with hosted() as host:
        english = await host.call(CANCEL_ORDER, order_id="999")
        assert host.wire.requests == []
    assert english["outcome"] == turkish["outcome"] == "nothing_done"
    assert english["summary"].startswith("Nothing was done: order 999 is not known to this server")
    assert english["next_step"] == "Read it first with get_report (order_id 999), then call this again."
    assert turkish["summary"] == (
        "Hiçbir şey yapılmadı: 999 numaralı gönderim bu sunucuda bilinmiyor; onaydan önce ayrıntısı gösterilemez."
    )
