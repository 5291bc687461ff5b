"""Cancelling an order, through a real client."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.calls import CANCEL_ORDER, GET_REPORT, GET_REPORTS, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted
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
        await host.call(GET_REPORTS)
        await host.call(GET_REPORT, order_id=order_id)
        preview = await host.call(CANCEL_ORDER, order_id=order_id)
    sent = "for 10:30 on Tuesday 2026-11-24, 1 recipient, “FIRMAADI”, transactional, “Yarın”"
    read = "scheduled for 10:30 on Tuesday 2026-11-24, “Yarın”, 1 recipient, sender “FIRMAADI”"
    assert preview["preview"].splitlines() == [
        f"LIVE, key …7f3a: cancel SMS order {order_id}, which cannot be undone.",
        f"- Sent from here at 10:00 on Monday 2026-11-23: {sent}",
        f"- Read at 10:00 on Monday 2026-11-23: {read}",
        "- Only a scheduled order that has not begun to go out can be cancelled.",
    ]


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_that_was_sent_at_once_is_warned_of_before_the_provider_refuses(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        sent = await host.confirm(SEND_SMS, EXAMPLES[SEND_SMS])
        preview = await host.call(CANCEL_ORDER, order_id=sent["order_id"])
        later = await host.confirm(SEND_SMS, SEND, text="Yarın")
        scheduled = await host.call(CANCEL_ORDER, order_id=later["order_id"])
        done = await host.call(CANCEL_ORDER, order_id=later["order_id"], confirm=scheduled["confirm"])
    assert preview["warnings"] == [
        "It was sent at once, not scheduled, so it has probably gone out; the provider refuses then."
    ]
    assert "warnings" not in scheduled
    assert "If its credits are charged is not documented: get_balance shows it." in done["next_step"]


async def test_an_order_that_this_server_does_not_know_has_to_be_read_first() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        turkish = await host.call(CANCEL_ORDER, order_id="999")
    async with hosted() as host:
        english = await host.call(CANCEL_ORDER, order_id="999")
        assert host.wire.requests == []
    assert english["outcome"] == turkish["outcome"] == "nothing_done"
    assert english["summary"].startswith("Nothing was done: this server does not know what order 999 is")
    assert english["next_step"].startswith("Only get_reports can tell time, recipients and sender of an order")
    assert turkish["summary"].startswith(
        "Hiçbir şey yapılmadı: 999 numaralı gönderimin ne olduğu bu sunucuda bilinmiyor"
    )
    assert "yalnızca get_reports gösterir" in turkish["next_step"]
