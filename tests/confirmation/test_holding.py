"""Identical sends are held back and unknown ones settled, across restarts too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from tests.calls import (
    ADD_BLACKLIST,
    CANCEL_ORDER,
    DELETE_BLACKLIST,
    GET_BALANCE,
    GET_REPORT,
    GET_REPORTS,
    GET_SENDER,
    IYS_REGISTER,
    SEND_SMS,
)
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Host, ManualClock, Mode, Wire, hosted

from .scenes import lost, unknown


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    "same",
    [
        {},
        {"recipients": ["+905331112233", "+90 532 123 45 67", "0532 1234567"]},
        {"sender": "DEMO FIRMA"},
        {"message_type": "commercial", "iys_list": "TACIR"},
        {"send_at": "2026-11-25T10:00"},
        {"text": f" {SEND['text']}\u200b\n"},
    ],
)
async def test_an_accepted_send_holds_an_identical_one_back_for_ten_minutes(mode: Mode, same: dict[str, Any]) -> None:
    async with hosted(mode=mode) as host:
        first = await host.confirm(SEND_SMS, SEND)
        held = await host.call(SEND_SMS, {**SEND, **same})
        assert (held["outcome"], held["order_id"]) == ("held_back", first["order_id"])
        assert "It will not go out by itself; after 10:10 on Monday 2026-11-23" in held["summary"]
        assert "confirm" not in held
        different = await host.confirm(SEND_SMS, {**SEND, "text": "Siparişiniz hazır."})
        assert different["outcome"] == "done"
        host.clock.advance(minutes=10)
        assert (await host.confirm(SEND_SMS, {**SEND, **same}))["outcome"] == "done"


async def test_refused_undone_and_cancelled_sends_hold_nothing_back() -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    async with hosted() as host:
        host.wire.broken = refused
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "nothing_done"
        host.wire.broken = lambda _: httpx.Response(450, json={"response": {"status": {"code": 450}}})
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "refused"
        host.wire.broken = None
        scheduled = await host.confirm(SEND_SMS, SEND, send_at="2026-11-25T10:00")
        assert (await host.confirm(CANCEL_ORDER, order_id=scheduled["order_id"]))["outcome"] == "done"
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
async def test_an_unknown_send_holds_an_identical_one_back_for_a_day(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await unknown(host)
        held = await host.call(SEND_SMS, SEND)
        assert held["outcome"] == "held_back"
        assert "may have been sent to" in held["summary"]
        assert "its outcome is unknown" in held["summary"]
        assert "10:00 on Tuesday 2026-11-24" in held["summary"]
        assert GET_REPORTS in held["next_step"]
        host.clock.advance(hours=23, minutes=59)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back"
        host.clock.advance(minutes=1)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "preview"


async def test_a_list_that_does_not_show_it_makes_it_possible_again_with_a_warning_first() -> None:
    async with hosted() as host:
        await unknown(host)
        host.clock.advance(minutes=5)
        reports = await host.client.call_tool(GET_REPORTS, {})
        host.check(GET_REPORTS, reports)
        assert "is not in this list; it may be sent again after a new preview" in str(reports.content)
        again = await host.call(GET_REPORTS)
        assert "unknown" not in str(again)
        preview = await host.call(SEND_SMS, SEND)
        assert preview["warnings"][0].startswith("This may arrive twice")
        assert preview["preview"].splitlines()[1].startswith("! This may arrive twice")
        assert (await host.call(SEND_SMS, SEND, confirm=preview["confirm"]))["outcome"] == "done"


async def test_a_list_that_shows_exactly_one_fitting_order_settles_it_as_that() -> None:
    async with hosted() as host:
        lost_answer = await host.confirm(SEND_SMS, {**SEND, "recipients": ["05321234567", "+905000000900"]})
        assert lost_answer["outcome"] == "unknown"
        host.clock.advance(minutes=20)
        reports = await host.client.call_tool(GET_REPORTS, {})
        answer = host.check(GET_REPORTS, reports)
        order_id = answer["orders"][-1]["order_id"]
        assert f"whose outcome was unknown, is order {order_id}: " in str(reports.content)
        again = {**SEND, "recipients": ["05321234567", "+905000000900"]}
        assert (await host.call(SEND_SMS, again))["outcome"] == "held_back"
        host.clock.advance(minutes=10)
        preview = await host.call(SEND_SMS, again)
        assert preview["outcome"] == "preview"
        assert "warnings" not in preview


async def test_two_fitting_orders_or_a_list_that_is_not_whole_settle_nothing() -> None:
    def listing(count: int, *orders: dict[str, Any]) -> Any:
        return lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 200}, "count": count, "orders": list(orders)}}
        )

    fitting = {"status": 114, "total": 2, "sender": "FIRMAADI", "submitAt": "2026-11-23 10:00:10"}
    others = [{"id": number, "status": 114, "total": 9, "sender": "X"} for number in range(1, 31)]
    async with hosted() as host:
        await unknown(host)
        for answer in (
            listing(2, {**fitting, "id": 7}, {**fitting, "id": 8}),
            listing(31, *others),
            listing(1, {**fitting, "id": 9, "submitAt": None}),
        ):
            host.wire.broken = answer
            await host.call(GET_REPORTS, start="2026-11-22", end="2026-11-23")
            host.wire.broken = None
            expected = "preview" if answer is None else "held_back"
            if len(host.wire.requests) < 4:
                assert (await host.call(SEND_SMS, SEND))["outcome"] == expected
        await host.call(GET_REPORTS, start="2026-11-10", end="2026-11-19")


async def test_the_pages_of_a_long_list_settle_it_together() -> None:
    orders = [{"id": number, "status": 114, "total": 9, "sender": "X"} for number in range(1, 46)]

    def page(request: httpx.Request) -> httpx.Response:
        import json

        number = int(json.loads(request.content)["request"]["filter"]["page"])
        rows = orders[(number - 1) * 30 : number * 30]
        return httpx.Response(200, json={"response": {"status": {"code": 200}, "count": 45, "orders": rows}})

    async with hosted() as host:
        await unknown(host)
        host.clock.advance(minutes=5)
        host.wire.broken = page
        await host.call(GET_REPORTS)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back"
        await host.call(GET_REPORTS, page=2)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "preview"


async def test_an_order_that_belongs_to_another_send_settles_nothing() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, {**SEND, "text": "Bir başkası."})
        await unknown(host)
        await host.call(GET_REPORTS)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back"


async def test_all_of_it_holds_across_restarts_and_a_clock_that_jumps(tmp_path: Path) -> None:
    hands, settings = ManualClock(), replace(LIVE, state_dir=tmp_path)
    async with hosted(settings, clock=hands) as host:
        wire = host.wire
        await host.confirm(SEND_SMS, SEND)
    for jump in ({"hours": 5}, {"days": -3}):
        hands.jump(**jump)
        async with hosted(settings, clock=hands, wire=wire) as host:
            assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back"
    assert wire.paths() == ["send-sms"]


async def test_a_code_is_valid_in_another_process_that_shares_the_folder_and_only_once(tmp_path: Path) -> None:
    hands, settings = ManualClock(), replace(LIVE, state_dir=tmp_path)
    async with hosted(settings, clock=hands) as first, hosted(settings, clock=hands, wire=first.wire) as second:
        preview = await first.call(SEND_SMS, SEND)
        done = await second.call(SEND_SMS, SEND, confirm=preview["confirm"])
        again = await first.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert (done["outcome"], again["outcome"]) == ("done", "done")
    assert again["order_id"] == done["order_id"]
    assert first.wire.paths() == ["send-sms"]


@pytest.mark.parametrize("codes", [1, 10])
async def test_ten_identical_confirmed_sends_at_once_reach_the_wire_once(codes: int) -> None:
    answers: list[dict[str, Any]] = []
    async with hosted() as host:
        given = [(await host.call(SEND_SMS, SEND))["confirm"] for _ in range(codes)]

        async def send(code: str) -> None:
            answers.append(await host.call(SEND_SMS, SEND, confirm=code))

        async with anyio.create_task_group() as tasks:
            for number in range(10):
                tasks.start_soon(send, given[number % codes])
    assert host.wire.paths() == ["send-sms"]
    assert {answer["outcome"] for answer in answers} <= {"done", "held_back", "unknown"}
    assert sum(answer["outcome"] == "done" for answer in answers) >= 1


async def test_a_code_is_bound_to_the_account_the_address_and_the_mode(tmp_path: Path) -> None:
    from pydantic import SecretStr

    settings = replace(LIVE, state_dir=tmp_path)
    hands = ManualClock()
    async with hosted(settings, clock=hands) as host:
        code = (await host.call(SEND_SMS, SEND))["confirm"]
    for other in (
        replace(settings, api_key=SecretStr("another-account")),
        replace(settings, api_url="http://127.0.0.1:9"),
    ):
        async with hosted(other, clock=hands) as host:
            answer = await host.call(SEND_SMS, SEND, confirm=code)
            assert (answer["outcome"], host.wire.requests) == ("nothing_done", [])
    async with hosted(settings, clock=hands) as host:
        assert (await host.call(SEND_SMS, SEND, confirm=code))["outcome"] == "done"


async def test_a_refusal_after_an_unknown_outcome_is_explained_as_probably_done_by_the_first() -> None:
    async with hosted() as host:
        first = await host.confirm(DELETE_BLACKLIST, number="+905330000091")
        assert first["outcome"] == "done"
        await host.confirm(ADD_BLACKLIST, number="+905330000091")
        host.wire.broken = lost
        assert (await host.confirm(DELETE_BLACKLIST, number="+905330000091"))["outcome"] == "unknown"
        host.wire.broken = lambda _: httpx.Response(474, json={"response": {"status": {"code": 474}}})
        repeat = await host.confirm(DELETE_BLACKLIST, number="+905330000091")
        never = await host.confirm(DELETE_BLACKLIST, number="+905330000092")
    assert (repeat["outcome"], repeat["code"]) == ("refused", 474)
    assert "has probably done it" in repeat["summary"]
    assert "get_blacklist (number +905330000091)" in repeat["next_step"]
    assert "probably" not in never["summary"]


async def test_a_used_code_says_what_became_of_its_change_whatever_that_was() -> None:
    async def replay(host: Host, broken: Any) -> dict[str, Any]:
        text = {"text": f"Bilgi {len(host.wire.requests)}"}
        code = (await host.call(SEND_SMS, {**SEND, **text}))["confirm"]
        host.wire.broken = broken
        await host.call(SEND_SMS, {**SEND, **text}, confirm=code)
        host.wire.broken = None
        return await host.call(SEND_SMS, {**SEND, **text}, confirm=code)

    def no_connection(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    async with hosted() as host:
        refused = await replay(host, lambda _: httpx.Response(402, json={"response": {"status": {"code": 402}}}))
        never = await replay(host, no_connection)
        nobody_knows = await replay(host, lost)
    assert [answer["outcome"] for answer in (refused, never, nobody_knows)] == ["refused", "nothing_done", "unknown"]
    assert refused["code"] == 402


@pytest.mark.parametrize("tool", [SEND_SMS, CANCEL_ORDER, ADD_BLACKLIST, DELETE_BLACKLIST, IYS_REGISTER])
async def test_without_a_ledger_reads_go_on_and_changes_are_refused_with_the_reason(tool: str, tmp_path: Path) -> None:
    from tests.tools.examples import EXAMPLES

    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    async with hosted(replace(LIVE, state_dir=file / "below")) as host:
        for read in (GET_BALANCE, GET_REPORTS, GET_SENDER):
            assert (await host.call(read))["outcome"] == "ok"
        report = await host.call(GET_REPORT, order_id="312891245")
        before = len(host.wire.requests)
        answer = await host.call(tool, EXAMPLES[tool])
    assert report["outcome"] == "ok"
    assert answer["outcome"] == "nothing_done"
    assert "ledger" in answer["summary"]
    assert "ILETIMERKEZI_STATE_DIR" in answer["summary"]
    assert len(host.wire.requests) == before


async def test_a_label_stays_here_and_is_shown_wherever_the_order_is() -> None:
    async with hosted() as host:
        sent = await host.confirm(SEND_SMS, SEND, label="Kasım indirimi")
        later = await host.confirm(SEND_SMS, {**SEND, "text": "Sonra."}, label="Sonra", send_at="2026-11-25T10:00")
        host.clock.advance(minutes=1)
        report = await host.call(GET_REPORT, order_id=sent["order_id"])
        scheduled = await host.call(GET_REPORT, order_id=later["order_id"])
        listed = await host.call(GET_REPORTS)
    assert "Kasım" not in str([body for path, body in host.wire.requests])
    assert (report["label"], scheduled["label"]) == ("Kasım indirimi", "Sonra")
    assert [order.get("label") for order in listed["orders"]][-2:] == ["Kasım indirimi", "Sonra"]


async def test_an_unknown_order_has_to_be_read_before_it_is_cancelled() -> None:
    async with hosted() as host:
        blind = await host.call(CANCEL_ORDER, order_id="312891247")
        assert blind["outcome"] == "nothing_done"
        assert "confirm" not in blind
        assert GET_REPORTS in blind["next_step"]
        await host.call(GET_REPORT, order_id="312891247")
        preview = await host.call(CANCEL_ORDER, order_id="312891247")
    assert preview["outcome"] == "preview"
    assert "Read at 10:00 on Monday 2026-11-23: finished, 1 delivered" in preview["preview"]


async def test_a_scheduled_order_is_cancelled_only_with_its_time_and_recipients_which_a_list_shows() -> None:
    async with hosted() as host:
        async with hosted(clock=host.clock, wire=host.wire) as elsewhere:
            order_id = (await elsewhere.confirm(SEND_SMS, SEND, send_at="2026-11-25T10:00"))["order_id"]
        await host.call(GET_REPORT, order_id=order_id)
        blind = await host.call(CANCEL_ORDER, order_id=order_id)
        await host.call(GET_REPORTS)
        await host.call(GET_REPORT, order_id=order_id)
        preview = await host.call(CANCEL_ORDER, order_id=order_id)
        assert (blind["outcome"], "confirm" in blind) == ("nothing_done", False)
        assert "scheduled for 10:00 on Wednesday 2026-11-25, 2 recipients, sender “FIRMAADI”" in preview["preview"]
        done = await host.call(CANCEL_ORDER, order_id=order_id, confirm=preview["confirm"])
    assert done["outcome"] == "done"


async def test_a_ledger_that_fails_after_the_send_is_reported_beside_what_was_done(tmp_path: Path) -> None:
    settings = replace(LIVE, state_dir=tmp_path / "state")

    def breaking(wire: Wire) -> Any:
        def answer(_: httpx.Request) -> None:
            for file in (tmp_path / "state").iterdir():
                file.unlink()
            (tmp_path / "state").rmdir()
            (tmp_path / "state").write_text("", encoding="utf-8")

        return answer

    async with hosted(settings) as host:
        host.wire.broken = breaking(host.wire)
        answer = await host.confirm(SEND_SMS, SEND)
    assert answer["outcome"] == "done"
    assert "The ledger cannot be used" in answer["summary"]


@pytest.mark.parametrize("send_at", [{}, {"send_at": "2026-11-23T10:03"}], ids=["now", "scheduled"])
async def test_the_ten_minutes_begin_when_the_provider_accepts(send_at: dict[str, str]) -> None:
    async with hosted() as host:

        def late(_: httpx.Request) -> None:
            host.clock.advance(seconds=39)

        host.wire.broken = late
        assert (await host.confirm(SEND_SMS, {**SEND, **send_at}))["outcome"] == "done"
        host.wire.broken = None
        host.clock.advance(seconds=180 - 39 if send_at else 0)
        host.clock.advance(minutes=9, seconds=59)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back"
        host.clock.advance(seconds=1)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "preview"
