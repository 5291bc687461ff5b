"""Balance, senders and orders as documents."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from tests.calls import GET_BALANCE, GET_SENDER, SEND_SMS
from tests.hosting import LIVE, hosted
from tests.server.resources.following import SEND
from tests.server.resources.reads import read


async def test_balance_and_senders_hold_what_the_tools_answer() -> None:
    async with hosted() as host:
        balance, senders = await read(host, "iletimerkezi://balance"), await read(host, "iletimerkezi://senders")
        tools = [await host.call(GET_BALANCE), await host.call(GET_SENDER)]
    for document, answer in zip((balance, senders), tools, strict=True):
        assert document.pop("read_at") == "2026-11-23T10:00:00+03:00"
        assert document == {name: value for name, value in answer.items() if name != "outcome"}


async def test_an_order_holds_its_report_and_what_the_ledger_knows_by_one_request() -> None:
    async with hosted() as host:
        sent = await host.confirm(SEND_SMS, SEND, recipients=["+905321234567", "+905000000112"])
        host.clock.advance(minutes=1)
        before = len(host.wire.requests)
        document = await read(host, f"iletimerkezi://orders/{sent['order_id']}")
        assert host.wire.paths()[before:] == ["get-report"]
    assert document == {
        "summary": f"Order {sent['order_id']}: finished, 1 delivered, 1 undelivered, 0 waiting.",
        "next_step": "Undelivered messages are not charged, and the provider gives no reason. Do not send again without asking "
        "the user.",
        "sandbox": False,
        "order_id": sent["order_id"],
        "status": "finished",
        "total": 2,
        "delivered": 1,
        "undelivered": 1,
        "waiting": 0,
        "sender": "FIRMAADI",
        "submitted_at": "2026-11-23T10:00:00+03:00",
        "send_at": "2026-11-23T10:00:00+03:00",
        "price": 1,
        "handed_over": 2,
        "label": "Kasım kargoları",
        "read_at": "2026-11-23T10:01:00+03:00",
        "sent_from_here": {
            "at": "2026-11-23T10:00:00+03:00",
            "local_time": "10:00 on Monday 2026-11-23",
            "label": "Kasım kargoları",
            "message_type": "transactional",
            "iys_list": None,
            "recipients": 2,
            "credits_at_most": 2,
            "send_at": None,
            "state": "done",
            "confirmed_by": "code",
        },
    }


async def test_an_order_whose_time_has_not_come_is_scheduled() -> None:
    async with hosted() as host:
        sent = await host.confirm(SEND_SMS, SEND, recipients=["+905321234567"], send_at="2026-11-24T09:00")
        document = await read(host, f"iletimerkezi://orders/{sent['order_id']}")
    assert (document["status"], document["send_at"]) == ("scheduled", "2026-11-24T09:00:00+03:00")
    assert "code" not in document
    assert document["sent_from_here"]["send_at"] == "2026-11-24T09:00+03:00"


async def test_an_order_that_was_not_sent_from_here_says_so(tmp_path: Path) -> None:
    async with hosted() as first:
        order_id = (await first.confirm(SEND_SMS, SEND, recipients=["+905321234567"]))["order_id"]
        async with hosted(replace(LIVE, state_dir=tmp_path), wire=first.wire, clock=first.clock) as second:
            document = await read(second, f"iletimerkezi://orders/{order_id}")
    assert document["total"] == 1
    assert document["sent_from_here"] is None


async def test_an_order_is_read_without_a_ledger_too(tmp_path: Path) -> None:
    state = tmp_path / "state"
    async with hosted(replace(LIVE, state_dir=state)) as host:
        order_id = (await host.confirm(SEND_SMS, SEND, recipients=["+905321234567"]))["order_id"]
        shutil.rmtree(state)
        state.write_text("no folder", encoding="utf-8")
        document = await read(host, f"iletimerkezi://orders/{order_id}")
    assert document["total"] == 1
    assert document["sent_from_here"] is None
