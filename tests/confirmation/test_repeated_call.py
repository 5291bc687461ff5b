"""A call that was carried out and comes again, because its answer was lost, is answered with what became of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import mcp.types as mcp_types
import pytest

from tests.calls import ADD_BLACKLIST, DELETE_BLACKLIST, IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Host, ManualClock, Mode, hosted

from .scenes import YES, remember_only_the_latest

COMMERCIAL = {**SEND, "message_type": "commercial", "iys_list": "TACIR"}
CONSENT = {
    "recipient": "+905329998877",
    "recipient_type": "BIREYSEL",
    "channel": "MESAJ",
    "status": "ONAY",
    "source": "HS_WEB",
    "consent_date": "2026-11-18T23:00:00",
}


async def confirmed(host: Host, tool: str, arguments: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Confirm by code; the call with its code, and its answer."""
    call = {**arguments, "confirm": (await host.call(tool, arguments))["confirm"]}
    answer = await host.call(tool, call)
    assert answer["outcome"] == "done"
    return call, answer


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("tool", "arguments", "start", "later"),
    [
        (SEND_SMS, COMMERCIAL, {"hours": 10, "minutes": 59}, {"minutes": 2}),
        (SEND_SMS, COMMERCIAL, {"hours": 10, "minutes": 59}, {"minutes": 15}),
        (SEND_SMS, {**SEND, "send_at": "2026-11-23T10:05"}, {}, {"minutes": 4}),
        (SEND_SMS, {**SEND, "send_at": "2026-11-23T10:05"}, {}, {"minutes": 30}),
        (IYS_REGISTER, {"consents": [CONSENT]}, {"hours": 13, "minutes": 58}, {"minutes": 3}),
    ],
    ids=["night", "night, after the hold", "too soon", "past", "older than three days"],
)
async def test_time_makes_no_other_change_of_it(
    mode: Mode, tool: str, arguments: dict[str, Any], start: dict[str, int], later: dict[str, int]
) -> None:
    async with hosted(mode=mode) as host:
        host.clock.advance(**start)
        call, first = await confirmed(host, tool, arguments)
        host.clock.advance(**later)
        again = await host.call(tool, call)
        sent = len(host.wire.requests)
        assert (again["outcome"], again.get("order_id")) == ("done", first.get("order_id"))
        assert "confirmed already" in again["summary"]
        assert "confirm" not in again
        assert len(host.wire.requests) == sent


@pytest.mark.parametrize("later", [timedelta(), timedelta(minutes=9, seconds=59), timedelta(minutes=11)])
async def test_who_was_skipped_then_is_not_offered_now(later: timedelta) -> None:
    both = {**SEND, "recipients": ["05321234567", "05331112233"], "skip_recent": True}
    async with hosted() as host:
        await host.confirm(SEND_SMS, {**SEND, "recipients": ["05321234567"]})
        call, first = await confirmed(host, SEND_SMS, both)
        host.clock.advance(seconds=later.total_seconds())
        again = await host.call(SEND_SMS, call)
    assert (again["outcome"], again["order_id"]) == ("done", first["order_id"])


async def test_a_form_whose_answer_comes_twice_is_answered_alike() -> None:
    both = {**SEND, "recipients": ["05321234567", "05331112233"], "skip_recent": True}
    async with hosted(elicitation_callback=YES()) as host:
        await host.call(SEND_SMS, {**SEND, "recipients": ["05321234567"]})
        session = host.client.session
        asked = await session.call_tool(SEND_SMS, both, allow_input_required=True)
        assert isinstance(asked, mcp_types.InputRequiredResult)

        async def answer() -> Any:
            params = mcp_types.CallToolRequestParams(
                name=SEND_SMS,
                arguments=both,
                input_responses={"confirm": mcp_types.ElicitResult(action="accept", content={"send": True})},
                request_state=asked.request_state,
            )
            request = mcp_types.CallToolRequest(params=params)
            return (await session.send_request(request, mcp_types.CallToolResult)).structured_content

        first = await answer()
        host.clock.advance(minutes=11)
        again = await answer()
    assert (first["outcome"], again["outcome"]) == ("done", "done")
    assert again["order_id"] == first["order_id"]


async def test_other_arguments_with_a_used_code_are_not_taken_for_it() -> None:
    async with hosted() as host:
        call, _ = await confirmed(host, SEND_SMS, SEND)
        other = await host.call(SEND_SMS, {**call, "text": "Başka bir metin."})
    assert other["outcome"] == "nothing_done"
    assert "issued for something else" in other["summary"]


async def test_another_tool_with_the_same_arguments_is_not_taken_for_it() -> None:
    async with hosted() as host:
        call, _ = await confirmed(host, ADD_BLACKLIST, {"number": "05321234567"})
        other = await host.call(DELETE_BLACKLIST, call)
    assert other["outcome"] == "nothing_done"
    assert host.wire.paths() == ["add-blacklist"]


async def test_the_oldest_is_planned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_only_the_latest(monkeypatch)
    async with hosted() as host:
        call, first = await confirmed(host, SEND_SMS, SEND)
        await confirmed(host, SEND_SMS, {**SEND, "text": "Başka bir metin."})
        again = await host.call(SEND_SMS, call)
    # The ledger knows the code too, as long as the call comes to the same change.
    assert (again["outcome"], again["order_id"]) == ("done", first["order_id"])


async def test_its_audit_lines_say_that_it_was_repeated(tmp_path: Path) -> None:
    log, clock = tmp_path / "audit.jsonl", ManualClock()
    settings = replace(LIVE, audit_log=log, state_dir=tmp_path / "state")
    async with hosted(settings, clock=clock) as host:
        call, _ = await confirmed(host, SEND_SMS, SEND)
        await host.call(SEND_SMS, call)
    async with hosted(settings, clock=clock) as host:
        await host.call(SEND_SMS, call)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["outcome"], line.get("reason")) for line in lines] == [
        ("in_flight", None),
        ("done", None),
        ("done", "repeated"),
        ("done", "repeated"),
    ]


async def test_one_that_the_ledger_no_longer_knows_is_planned_again(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, state_dir=tmp_path)) as host:
        call, _ = await confirmed(host, SEND_SMS, SEND)
        host.clock.advance(minutes=11)
        with closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as database, database:
            database.execute("DELETE FROM confirmation_code")
            database.execute("DELETE FROM attempt")
        again = await host.call(SEND_SMS, call)
        sent = host.wire.paths().count("send-sms")
    assert again["outcome"] == "nothing_done"
    assert "did not issue this code" in again["summary"]
    assert sent == 1


@pytest.mark.parametrize("spelling", [str.lower, " {} ".format], ids=["small", "blanks"])
async def test_the_code_in_another_spelling_is_the_same_call(spelling: Callable[[str], str]) -> None:
    both = {**SEND, "recipients": ["05321234567", "05331112233"], "skip_recent": True}
    async with hosted() as host:
        await host.confirm(SEND_SMS, {**SEND, "recipients": ["05321234567"]})
        call, first = await confirmed(host, SEND_SMS, both)
        host.clock.advance(minutes=11)
        again = await host.call(SEND_SMS, {**call, "confirm": spelling(call["confirm"])})
    assert (again["outcome"], again["order_id"]) == ("done", first["order_id"])


async def test_without_the_ledger_it_is_not_told_as_not_done(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, state_dir=tmp_path / "state")) as host:
        call, _ = await confirmed(host, SEND_SMS, SEND)
        (tmp_path / "state").rename(tmp_path / "away")
        again = await host.call(SEND_SMS, call)
    assert again["outcome"] == "unknown"
    assert "confirmed already" in again["summary"]
