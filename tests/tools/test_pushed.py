"""What tools tell of pushed reports, beside what the provider answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from tests.calls import GET_CAMPAIGNS, GET_REPORT, GET_REPORTS, SAVE_REPORT, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of
from tests.ledger.machine import A, B
from tests.server.resources.reads import read
from tests.tools.campaigns import staged
from tests.tools.orders import SEND, answering, numbers, send
from tests.tools.pushing import REACHED, SLOW, UNREACHED, pushed_to, pusher

REPORT_PATH = "/v1/get-report/json"


def _of(order_id: str, reports: dict[str, Any]) -> dict[str, Any]:
    [order] = [order for order in reports["orders"] if order["order_id"] == order_id]
    return dict(order)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_report_says_what_was_pushed_and_that_the_answer_is_newer(tmp_path: Path, mode: Mode) -> None:
    async with pushed_to(tmp_path, mode=mode) as (host, push):
        order_id = await send(host, [REACHED, UNREACHED, SLOW])
        host.clock.advance(minutes=1)
        await push(order_id, (REACHED, "delivered"), (UNREACHED, "undelivered"), (SLOW, "accepted"))
        at = host.clock()
        host.clock.advance(minutes=1)
        result = await host.client.call_tool(GET_REPORT, {"order_id": order_id})
        report = host.check(GET_REPORT, result)
        listed = await host.client.call_tool(GET_REPORTS, {})
        order = _of(order_id, host.check(GET_REPORTS, listed))
        document = await read(host, f"iletimerkezi://orders/{order_id}")
    counts = {"delivered": 1, "undelivered": 1, "waiting": 1}
    assert report["pushed"] == {**counts, "at": at.isoformat(), "newer": "provider"}
    told = (
        "Pushed reports, the last change at 10:01 on Monday 2026-11-23, older than this answer: 1 delivered, 1 undelivered, "
        "1 waiting."
    )
    assert told in text_of(result).splitlines()
    assert told in text_of(listed).splitlines()
    assert order["pushed"] == document["pushed"] == report["pushed"]


async def test_a_report_that_was_pushed_while_the_provider_answered_is_newer(tmp_path: Path) -> None:
    async with pushed_to(tmp_path, replace(LIVE, language="tr")) as (host, push):
        order_id = await send(host, [REACHED])
        host.clock.advance(minutes=1)
        host.wire.waiting[REPORT_PATH] = answered = anyio.Event()
        results = []

        async def ask() -> None:
            results.append(await host.client.call_tool(GET_REPORT, {"order_id": order_id}))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            while host.wire.paths()[-1] != "get-report":
                await anyio.lowlevel.checkpoint()
            host.clock.advance(seconds=1)
            await push(order_id, (REACHED, "delivered"))
            answered.set()
    assert host.check(GET_REPORT, results[0])["pushed"]["newer"] == "pushed"
    assert (
        "İletim bildirimleri (son değişiklik 23.11.2026 Pazartesi 10:01, bu yanıttan yeni): iletilen 1, iletilemeyen 0, "
        "bekleyen 0." in text_of(results[0])
    )


@pytest.mark.parametrize("tool", [GET_REPORTS, GET_CAMPAIGNS, SAVE_REPORT])
async def test_what_is_pushed_while_an_answer_is_read_is_newer_in_every_tool(tmp_path: Path, tool: str) -> None:
    async with staged(tmp_path) as stage:
        order_id = await stage.accept(await stage.begin("k-1", A), A)
        push, arguments = pusher(stage.ledger), {} if tool == GET_REPORTS else {"campaign": "k-1"}
        stage.host.clock.advance(minutes=1)
        before = len(stage.host.wire.requests)
        for path in ("/v1/get-reports/json", REPORT_PATH):
            stage.host.wire.waiting[path] = anyio.Event()
        async with anyio.create_task_group() as tasks:

            async def push_meanwhile() -> None:
                while len(stage.host.wire.requests) == before:
                    await anyio.lowlevel.checkpoint()
                stage.host.clock.advance(seconds=1)
                await push(order_id, (A, "delivered"))
                for event in stage.host.wire.waiting.values():
                    event.set()

            tasks.start_soon(push_meanwhile)
            answer = await stage.host.call(tool, arguments)
    told = answer if tool == SAVE_REPORT else _of(order_id, answer)
    assert told["pushed"]["newer"] == "pushed"


async def test_numbers_with_two_final_states_are_counted(tmp_path: Path) -> None:
    async with pushed_to(tmp_path) as (host, push):
        order_id = await send(host, [REACHED, UNREACHED])
        await push(order_id, (REACHED, "delivered"), (UNREACHED, "undelivered"))
        await push(order_id, (REACHED, "undelivered"))
        result = await host.client.call_tool(GET_REPORT, {"order_id": order_id})
    pushed = host.check(GET_REPORT, result)["pushed"]
    assert (pushed["delivered"], pushed["undelivered"], pushed["contradicted"]) == (1, 1, 1)
    assert "Numbers of which another final state was pushed later: 1." in text_of(result)


async def test_an_order_that_has_no_report_or_no_rows_says_what_was_pushed(tmp_path: Path) -> None:
    async with pushed_to(tmp_path) as (host, push):
        sent = await host.confirm(SEND_SMS, SEND, recipients=[REACHED], send_at="2026-11-25T10:00")
        order_id = sent["order_id"]
        await push(order_id, (REACHED, "accepted"))
        scheduled = await host.client.call_tool(GET_REPORT, {"order_id": order_id})
        host.wire.broken = answering({"order": {"id": order_id, "status": 115, "total": 1, "message": []}})
        not_sent = await host.call(GET_REPORT, order_id=order_id, recipient=REACHED)
    answer = host.check(GET_REPORT, scheduled)
    assert (answer["status"], answer["pushed"]["waiting"]) == ("scheduled", 1)
    assert "older than this answer: 0 delivered, 0 undelivered, 1 waiting." in text_of(scheduled)
    assert (not_sent["status"], not_sent["pushed"]["waiting"]) == ("not_sent", 1)
    assert "recipient_status" not in not_sent


@pytest.mark.parametrize("mode", ERAS)
async def test_a_recipient_on_another_page_is_answered_from_what_was_pushed(tmp_path: Path, mode: Mode) -> None:
    people = numbers(2_400)
    async with pushed_to(tmp_path, replace(LIVE, max_recipients=3_000, confirm="code"), mode=mode) as (host, push):
        order_id = await send(host, people)
        host.clock.advance(minutes=1)
        at = host.clock()
        await push(order_id, (people[-3], "delivered"), (people[-2], "undelivered"), (people[-1], "accepted"))
        before = len(host.wire.requests)
        results = [
            await host.client.call_tool(GET_REPORT, {"order_id": order_id, "recipient": number})
            for number in people[-4:]
        ]
        assert len(host.wire.requests) == before + 4
    silent, *answers = [host.check(GET_REPORT, result) for result in results]
    assert [answer["recipient_status"] for answer in answers] == ["delivered", "undelivered", "waiting"]
    assert [answer["recipient_pushed_at"] for answer in answers] == [at.isoformat()] * 3
    assert all("page 2" not in text_of(result) for result in results[1:])
    assert f"{people[-3]}: delivered, pushed at 10:01 on Monday 2026-11-23." in text_of(results[1])
    assert (silent["recipient_status"], "recipient_pushed_at" in silent) == ("not_on_page", False)
    assert silent["next_step"] == f"To look for {people[-4]} further, call again with page 2."


@pytest.mark.parametrize("mode", ERAS)
async def test_a_number_that_the_whole_report_does_not_have_is_not_in_the_order_whatever_was_pushed(
    tmp_path: Path, mode: Mode
) -> None:
    async with pushed_to(tmp_path, mode=mode) as (host, push):
        order_id = await send(host, [REACHED])
        await push(order_id, (UNREACHED, "delivered"))
        host.clock.advance(minutes=1)
        result = await host.client.call_tool(GET_REPORT, {"order_id": order_id, "recipient": UNREACHED})
    answer = host.check(GET_REPORT, result)
    assert (answer["recipient_status"], "recipient_pushed_at" in answer) == ("not_in_order", False)
    assert f"{UNREACHED}: not in this order." in text_of(result)


@pytest.mark.parametrize(
    ("row", "pushed", "told", "was_pushed"),
    [
        (111, "undelivered", "delivered", False),
        (112, "delivered", "undelivered", False),
        (110, "delivered", "delivered", True),
        (110, "accepted", "waiting", False),
        (999, "undelivered", "undelivered", True),
        (999, "accepted", "other", False),
    ],
)
async def test_a_final_row_of_the_provider_prevails_and_any_other_gives_way_to_a_final_report(
    tmp_path: Path, row: int, pushed: Any, told: str, was_pushed: bool
) -> None:
    async with pushed_to(tmp_path) as (host, push):
        order_id = await send(host, [REACHED])
        await push(order_id, (REACHED, pushed))
        order = {"id": order_id, "status": 114, "total": 1, "message": [{"number": REACHED, "status": row}]}
        host.wire.broken = answering({"order": order})
        answer = await host.call(GET_REPORT, order_id=order_id, recipient=REACHED)
    assert (answer["recipient_status"], "recipient_pushed_at" in answer) == (told, was_pushed)


async def test_nothing_is_told_of_reports_on_orders_from_elsewhere(tmp_path: Path) -> None:
    async with pushed_to(tmp_path) as (host, push):
        async with hosted(clock=host.clock, wire=host.wire) as elsewhere:
            order_id = await send(elsewhere, [REACHED])
        await push(order_id, (REACHED, "undelivered"))
        host.clock.advance(minutes=1)
        report = await host.call(GET_REPORT, order_id=order_id, recipient=REACHED)
        order = _of(order_id, await host.call(GET_REPORTS))
    assert report["recipient_status"] == "delivered"
    assert "pushed" not in report
    assert "pushed" not in order


async def test_a_ledger_that_cannot_be_read_leaves_the_answer_as_the_provider_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise LedgerUnavailableError(Text("gone", "yok"))

    async with pushed_to(tmp_path) as (host, push):
        order_id = await send(host, [REACHED])
        await push(order_id, (REACHED, "delivered"))
        for name in ("pushed", "pushed_to", "late_orders"):
            monkeypatch.setattr(SqliteLedger, name, fail)
        report = await host.call(GET_REPORT, order_id=order_id, recipient=REACHED)
        order = _of(order_id, await host.call(GET_REPORTS))
    assert report["recipient_status"] == "waiting"
    assert "pushed" not in report
    assert "pushed" not in order


@pytest.mark.parametrize("mode", ERAS)
async def test_orders_of_a_campaign_say_what_was_pushed(tmp_path: Path, mode: Mode) -> None:
    async with staged(tmp_path, mode=mode) as stage:
        runner = await stage.begin("k-1", A, B)
        order_ids = [await stage.accept(runner, A), await stage.accept(runner, B)]
        push = pusher(stage.ledger)
        await push(order_ids[0], (A, "undelivered"))
        stage.host.clock.advance(minutes=1)
        result = await stage.host.client.call_tool(GET_CAMPAIGNS, {"campaign": "k-1"})
        answer = stage.host.check(GET_CAMPAIGNS, result)
    first, second = answer["orders"]
    assert (first["pushed"]["undelivered"], first["pushed"]["newer"]) == (1, "provider")
    assert "pushed" not in second
    lines = text_of(result).splitlines()
    place = next(index for index, line in enumerate(lines) if f"Order {order_ids[0]} " in line)
    assert lines[place + 1].endswith("older than this answer: 0 delivered, 1 undelivered, 0 waiting.")


async def test_orders_that_wait_while_others_report_are_named(tmp_path: Path) -> None:
    async with pushed_to(tmp_path) as (host, push):
        ids = []
        for place, number in enumerate(numbers(3)):
            answer = await host.confirm(SEND_SMS, SEND, recipients=[number], text=f"Sıra {place}")
            ids.append(answer["order_id"])
            if place != 1:
                await push(answer["order_id"], (number, "delivered"))
            host.clock.advance(minutes=1)
        early = await host.client.call_tool(GET_REPORTS, {})
        host.clock.advance(hours=1)
        late = await host.client.call_tool(GET_REPORTS, {})
        other = await host.client.call_tool(GET_REPORTS, {"start": "2026-11-10", "end": "2026-11-12"})
    told = (
        f"Older than an hour and not reported in full, though reports on other orders came before and after: {ids[1]}."
    )
    assert told in text_of(late).splitlines()
    assert told not in text_of(early)
    assert told not in text_of(other)
