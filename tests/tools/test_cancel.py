"""Cancelling an order, through a real client."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from tests.calls import CANCEL_ORDER, GET_REPORT, GET_REPORTS, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, Wire, hosted
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
    assert "It is not documented if its credits are charged: get_balance shows it." in done["next_step"]


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


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The operations that the provider carries out, and whose answers are lost."""
    operations: set[str] = set()
    carry_out = Wire.handle_async_request

    async def handle(wire: Wire, request: httpx.Request) -> httpx.Response:
        answer = await carry_out(wire, request)
        if any(operation in request.url.path for operation in operations):
            raise httpx.ReadError("gone", request=request)
        return answer

    monkeypatch.setattr(Wire, "handle_async_request", handle)
    return operations


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("shown_by", [GET_REPORT, GET_REPORTS])
async def test_a_cancellation_of_unknown_outcome_counts_once_a_read_shows_it(
    mode: Mode, shown_by: str, losing: set[str]
) -> None:
    async with hosted(replace(LIVE, max_recipients=1), mode=mode) as host:
        order_id = (await host.confirm(SEND_SMS, SEND))["order_id"]
        losing.add("cancel-order")
        assert (await host.confirm(CANCEL_ORDER, order_id=order_id))["outcome"] == "unknown"
        losing.clear()
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "nothing_done"
        await host.call(shown_by, {"order_id": order_id} if shown_by == GET_REPORT else {})
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"


async def test_an_order_that_was_cancelled_elsewhere_holds_until_a_read_shows_it() -> None:
    async with hosted() as host:
        order_id = (await host.confirm(SEND_SMS, SEND))["order_id"]
        async with hosted(wire=host.wire, clock=host.clock) as elsewhere:
            await elsewhere.call(GET_REPORTS)
            assert (await elsewhere.confirm(CANCEL_ORDER, order_id=order_id))["outcome"] == "done"
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back"
        assert (await host.call(GET_REPORT, order_id=order_id))["status"] == "not_sent"
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"


async def test_a_send_of_unknown_outcome_that_was_cancelled_is_settled_as_cancelled(losing: set[str]) -> None:
    async with hosted(replace(LIVE, max_recipients=1)) as host:
        losing.add("send-sms")
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "unknown"
        losing.clear()
        (order,) = [one for one in (await host.call(GET_REPORTS))["orders"] if one["status"] == "scheduled"]
        assert (await host.confirm(CANCEL_ORDER, order_id=order["order_id"]))["outcome"] == "done"
        host.clock.advance(minutes=8)
        settled = (await host.call(GET_REPORTS))["settled"]
        assert [one["order_ids"] for one in settled] == [[order["order_id"]]]
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"
