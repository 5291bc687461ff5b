"""Pushed reports take part when a send of unknown outcome is settled, and prove nothing by themselves."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from tests.calls import GET_CAMPAIGNS, GET_REPORT, GET_REPORTS, SEND_SMS
from tests.confirmation.orders import AT_TEN, LOST, SEND, A, B, C, held, listing, lose, read, reporting
from tests.hosting import ERAS, LIVE, Mode, text_of
from tests.ledger.machine import stepped
from tests.tools.campaigns import staged
from tests.tools.pushing import pushed_to, pusher

DONE = {"sent_at": AT_TEN, "confirmed_by": "code", "outcome": "done", "order_ids": ["7"]}
UNDECIDED = {**DONE, "outcome": "undecided"}
OURS = {"id": 7, "total": 2}


@pytest.mark.parametrize("mode", ERAS)
async def test_a_lost_answer_a_pushed_report_and_the_send_is_settled_and_not_made_again(
    tmp_path: Path, mode: Mode
) -> None:
    async with pushed_to(tmp_path, mode=mode) as (host, push):
        message = {**SEND, "recipients": [LOST]}
        assert (await host.confirm(SEND_SMS, message))["outcome"] == "unknown"
        order_id = str(_orders(host.wire)[0]["id"])
        await push(order_id, (LOST, "accepted"))
        before = len(host.wire.requests)
        assert host.wire.paths()[before:] == []
        host.clock.advance(seconds=30)
        result = await host.client.call_tool(GET_REPORTS, {})
        [settled] = host.check(GET_REPORTS, result)["settled"]
        assert settled == {**DONE, "order_ids": [order_id]}
        assert f"is order {order_id}: reports were pushed about all of its numbers" in text_of(result)
        assert (await host.call(SEND_SMS, message))["outcome"] == "held_back"
        told = await host.call(GET_REPORT, order_id=order_id)
        assert told["pushed"]["waiting"] == 1
        assert host.wire.paths().count("send-sms") == 1


def _orders(wire: Any) -> list[dict[str, Any]]:
    body = b'{"request":{"authentication":{"key":"k","hash":"h"},"filter":{"start":"2026-11-23","end":"2026-11-23","page":1}}}'
    rows: list[dict[str, Any]] = wire.provider.answer("/v1/get-reports/json", body).body["response"]["orders"]
    return rows


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("total", [2, 3])
async def test_a_page_of_a_list_settles_at_once_what_was_pushed_about_every_number(
    tmp_path: Path, mode: Mode, total: int
) -> None:
    async with pushed_to(tmp_path, mode=mode) as (host, push):
        await lose(host, A, B, C)
        await push("7", *((number, "accepted") for number in (A, B, C)[:total]))
        # Neither five minutes nor the whole list are needed, nor that no other order fits.
        answer = listing({"id": 7, "total": total}, {"id": 8, "total": 3}, count=90)
        settled, _ = await read(host, answer)
        assert settled == [{**DONE, "order_ids": ["7"]}]
        assert await held(host, A)
        host.clock.advance(minutes=10)
        assert not await held(host, A, B, C)


@pytest.mark.parametrize(
    ("pushed", "orders"),
    [
        ([("7", A)], [OURS]),
        ([("7", A), ("7", B), ("7", C)], [OURS]),
        ([("7", A), ("7", B), ("8", A)], [OURS]),
        ([("7", A), ("7", B)], [OURS, {**OURS, "sender": None}]),
        ([("7", A), ("7", B)], [{"id": 7}]),
    ],
    ids=["not all", "another's number", "two orders", "an order in two ways", "no total"],
)
async def test_what_was_pushed_settles_nothing_by_itself(
    tmp_path: Path, pushed: list[tuple[str, str]], orders: list[dict[str, Any]]
) -> None:
    async with pushed_to(tmp_path) as (host, push):
        await lose(host, A, B)
        for order_id, number in pushed:
            await push(order_id, (number, "delivered"))
        settled, _ = await read(host, listing(*orders))
        assert [one["outcome"] for one in settled] == ["undecided"]
        assert await held(host, A, B)


@pytest.mark.parametrize("fields", [{"status": 115}, {"status": 113, "sendAt": "2026-11-24 10:00:00"}])
async def test_a_send_is_not_taken_for_an_order_that_may_not_go_out(tmp_path: Path, fields: dict[str, Any]) -> None:
    async with pushed_to(tmp_path) as (host, push):
        await lose(host, A, B)
        await push("7", (A, "accepted"), (B, "accepted"))
        order = {**OURS, **fields}
        assert (await read(host, listing(order, {**OURS, "id": 8})))[0] == [{**UNDECIDED, "order_ids": ["7", "8"]}]
        answer = reporting("7", A, B, **{**fields, "total": 2})
        assert (await read(host, answer, GET_REPORT, order_id="7"))[0][0]["outcome"] == "undecided"
        assert await held(host, A, B)


async def test_an_order_that_may_be_another_send_s_is_not_picked_for_one(tmp_path: Path) -> None:
    """It was made of the second send: taken for the first one's, it would let the second be taken for not made."""
    async with pushed_to(tmp_path) as (host, push):
        await lose(host, A, B)
        await lose(host, A, C, text="Başka bir metin")
        await push("7", (B, "accepted"))
        host.clock.advance(minutes=6)
        settled, _ = await read(host, listing({"id": 7, "total": 1}))
        assert [one["outcome"] for one in settled] == ["undecided", "undecided"]
        assert await held(host, A, C, text="Başka bir metin")


@pytest.mark.parametrize("orders", [[], [{**OURS, "sender": "DEMO"}], [{**OURS, "total": 3}]])
async def test_a_send_about_which_reports_came_is_never_taken_for_not_made(
    tmp_path: Path, orders: list[dict[str, Any]]
) -> None:
    async with pushed_to(tmp_path) as (host, push):
        await lose(host, A, B)
        await push("7", (A, "undelivered"), (B, "undelivered"))
        host.clock.advance(minutes=6)
        settled, text = await read(host, listing(*orders))
        assert settled == [UNDECIDED]
        assert (
            f"reports about its recipients were pushed. {GET_REPORT} settles it if it is one of these orders: 7."
            in text
        )
        assert f"Call {GET_REPORT} with order_id 7" in text
        assert await held(host, A, B)


async def test_a_send_that_was_not_in_a_list_is_found_by_what_is_pushed_later(tmp_path: Path) -> None:
    async with pushed_to(tmp_path) as (host, push):
        await lose(host, A, B)
        host.clock.advance(minutes=6)
        assert [one["outcome"] for one in (await read(host, listing()))[0]] == ["not_found"]
        await push("7", (A, "delivered"), (B, "delivered"))
        assert (await read(host, listing()))[0] == [UNDECIDED]
        assert (await read(host, listing(OURS)))[0] == [DONE]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_report_settles_the_order_about_all_of_whose_numbers_reports_came(tmp_path: Path, mode: Mode) -> None:
    async with pushed_to(tmp_path, mode=mode) as (host, push):
        await lose(host, A, B)
        await push("7", (A, "accepted"))
        first, text = await read(host, reporting("7", A, total=2), GET_REPORT, order_id="7", page_size=1)
        assert (first, "may be this order, 7" in text) == ([UNDECIDED], True)
        await push("7", (A, "accepted"), (B, "accepted"))
        # The first of its pages suffices, and no list of the day was read.
        settled, text = await read(host, reporting("7", A, total=2), GET_REPORT, order_id="7", page_size=1)
        assert settled == [DONE]
        assert "is order 7: reports were pushed about all of its numbers, which are this send's" in text


async def test_a_report_that_shows_another_number_settles_nothing_whatever_was_pushed(tmp_path: Path) -> None:
    async with pushed_to(tmp_path) as (host, push):
        await lose(host, A, B)
        await push("7", (A, "accepted"), (B, "accepted"))
        assert (await read(host, reporting("7", A, C, total=2), GET_REPORT, order_id="7"))[0] == []
        assert await held(host, A, B)


@pytest.mark.parametrize("reported", [[A], [A, B]])
async def test_a_report_says_nothing_of_a_send_in_flight_whatever_was_pushed(
    tmp_path: Path, reported: list[str]
) -> None:
    async with pushed_to(tmp_path) as (host, push), anyio.create_task_group() as tasks:
        host.wire.waiting["/v1/send-sms/json"] = answered = anyio.Event()
        tasks.start_soon(partial(host.confirm, SEND_SMS, SEND, recipients=[A, B]))
        while "send-sms" not in host.wire.paths():
            await anyio.lowlevel.checkpoint()
        await push("7", *((number, "accepted") for number in reported))
        assert (await read(host, reporting("7", A, B, total=2), GET_REPORT, order_id="7"))[0] == []
        host.wire.broken = None
        answered.set()


@pytest.mark.parametrize("mode", ERAS)
async def test_a_campaign_reads_the_order_that_was_pushed_for_its_unknown_step(tmp_path: Path, mode: Mode) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin("k-1", A, B)
        await stage.accept(runner, A)
        step = await stepped(stage.ledger, runner, B, text="Metin k-1", sender=LIVE.sender)
        await stage.ledger.settle(step, AttemptOutcome("unknown"))
        order_id = await stage.order(B)
        await pusher(stage.ledger)(order_id, (B, "delivered"))
        before = len(stage.host.wire.requests)
        answer = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
        assert stage.host.wire.paths()[before:].count("send-sms") == 0
    assert [(order["order_id"], order["outcome"]) for order in answer["orders"]][1] == (order_id, "done")
    assert answer["orders"][1]["pushed"]["delivered"] == 1
    assert answer["campaigns"][0]["unknown"] == 0


async def test_an_order_that_was_only_made_up_leaves_a_campaign_as_it_is(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        runner = await stage.begin("k-1", A, B)
        await stage.step(runner, A, outcome=AttemptOutcome("unknown"))
        await pusher(stage.ledger)("999", (A, "delivered"))
        await stage.step(runner, B)
        await pusher(stage.ledger)("998", (B, "delivered"))
        answer = await stage.host.call(GET_CAMPAIGNS, campaign="k-1")
        # One in flight has its own answer to come.
        settled = (await stage.host.call(GET_REPORTS))["settled"]
        asked = [request["order"]["id"] for path, request in stage.host.wire.requests if "get-report/" in path]
    assert asked == ["999"]
    assert [(one["outcome"], one["order_ids"]) for one in settled] == [("undecided", ["999"])]
    assert [order["outcome"] for order in answer["orders"]] == ["unknown", "in_flight"]
