"""`dry_run`: the whole preview, on any host, of a change that is neither asked about nor made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from tests.calls import CANCEL_ORDER, GET_BALANCE, GET_REPORTS, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Host, Mode, hosted, text_of
from tests.tools.examples import CHANGES, EXAMPLES

from .scenes import YES, Asked, people, send

PREVIEW_ONLY = "Only a preview: nothing was done, and the user was not asked."


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("person", [True, False])
@pytest.mark.parametrize("tool", CHANGES)
async def test_it_is_the_preview_and_nothing_else_happens(tool: str, mode: Mode, person: bool, tmp_path: Path) -> None:
    asked, log = YES(), tmp_path / "audit.jsonl"
    callback = asked if person else None
    async with hosted(replace(LIVE, audit_log=log), mode=mode, elicitation_callback=callback) as host:
        arguments = EXAMPLES[tool]
        if tool == CANCEL_ORDER:
            # An order that the list has shown.
            arguments = {"order_id": (await host.call(GET_REPORTS))["orders"][0]["order_id"]}
        requests, policy = list(host.wire.requests), await _policy(host)
        result = await host.client.call_tool(tool, {**arguments, "dry_run": True})
        answer = host.check(tool, result)
        assert answer["outcome"] == "dry_run"
        assert answer["summary"].startswith(PREVIEW_ONLY)
        assert answer["preview"].startswith("LIVE, key …7f3a: ")
        assert all(f"! {warning}" in text_of(result) for warning in answer.get("warnings", []))
        assert not {"confirm", "confirmed_by"} & answer.keys()
        assert (asked.shown, host.wire.requests, await _policy(host)) == ([], requests, policy)
        assert not log.read_bytes()
        whole = await (host.call if person else host.confirm)(tool, arguments)
    # Of its order's state the provider may think otherwise; what was looked at was not in the way.
    assert whole["outcome"] in ("done", "refused" if tool == CANCEL_ORDER else "done")
    assert len(asked.shown) == person
    if person:
        assert asked.shown[0].message == answer["preview"]


async def _policy(host: Host) -> Any:
    (content,) = (await host.client.read_resource("iletimerkezi://policy")).contents
    return json.loads(content.text)  # type: ignore[union-attr]


async def test_a_false_one_is_left_out() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND, dry_run=False)
        done = await host.call(SEND_SMS, SEND, dry_run=False, confirm=preview["confirm"])
    assert done["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("tool", CHANGES)
async def test_beside_a_code_it_is_refused_and_the_code_stays_good(tool: str, mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await host.call(GET_REPORTS)
        refused = await host.call(tool, EXAMPLES[tool], dry_run=True, confirm="K7Q2M9XW4TBA")
        preview = await host.call(SEND_SMS, SEND)
        await host.call(SEND_SMS, SEND, dry_run=True, confirm=preview["confirm"])
        done = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert refused["outcome"] == "nothing_done"
    assert "dry_run cannot be true beside confirm" in refused["summary"]
    assert (done["outcome"], host.wire.paths()) == ("done", ["get-reports", "send-sms"])


@pytest.mark.parametrize("dry_run", [True, "True"])
async def test_wrong_arguments_are_refused_as_ever_without_a_line_in_the_audit_log(
    dry_run: bool | str, tmp_path: Path
) -> None:
    log = tmp_path / "audit.jsonl"
    async with hosted(replace(LIVE, audit_log=log)) as host:
        answer = await host.call(SEND_SMS, {**SEND, "recipients": ["12"]}, dry_run=dry_run)
        unread = await host.call(CANCEL_ORDER, order_id="1", dry_run=dry_run)
        assert not log.read_bytes()
        await host.call(CANCEL_ORDER, order_id="1", dry_run="perhaps")
        assert log.read_bytes()
    assert (answer["outcome"], unread["outcome"]) == ("nothing_done", "nothing_done")


async def test_without_the_ledger_it_fails_and_leaves_no_line_either(tmp_path: Path) -> None:
    log, folder = tmp_path / "audit.jsonl", tmp_path / "state"
    async with hosted(replace(LIVE, audit_log=log, state_dir=folder)) as host:
        await host.call(SEND_SMS, SEND)
        (folder / LEDGER_FILE).rename(folder / "moved")
        answer = await host.call(SEND_SMS, SEND, dry_run=True)
        assert not log.read_bytes()
    assert answer["outcome"] == "nothing_done"


@pytest.mark.parametrize("person", [True, False])
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"recipients": people(21)}, "At most 20 recipients may be sent to within an hour"),
        ({"message_type": "commercial", "iys_list": "TACIR"}, "Commercial messages are switched off here"),
        ({"sender": "DEMO FIRMA"}, "The sender DEMO FIRMA is not among those allowed here"),
    ],
)
async def test_a_limit_is_told_with_the_preview(person: bool, arguments: dict[str, Any], reason: str) -> None:
    settings = replace(LIVE, max_recipients=20, allow_commercial=False, allowed_senders=("FIRMAADI",))
    asked = YES()
    async with hosted(settings, elicitation_callback=asked if person else None) as host:
        looked = await host.call(SEND_SMS, {**SEND, **arguments}, dry_run=True)
        refused = await host.call(SEND_SMS, {**SEND, **arguments})
    assert looked["outcome"] == "dry_run"
    obstacle = refused["summary"].removeprefix("Nothing was done. ")
    assert looked["summary"] == f"{PREVIEW_ONLY} It could not be confirmed here now. {obstacle}"
    assert reason in looked["summary"]
    assert looked["next_step"].endswith(refused["next_step"])
    assert looked["preview"].startswith("LIVE")
    assert (asked.shown, host.wire.requests) == ([], [])


async def test_what_holds_it_back_is_told_with_the_preview() -> None:
    async with hosted() as host:
        first = await host.confirm(SEND_SMS, SEND)
        looked = await host.call(SEND_SMS, SEND, dry_run=True)
        rest = await host.call(SEND_SMS, {**SEND, "recipients": [*SEND["recipients"], "05320000099"]}, dry_run=True)
    assert looked["outcome"] == rest["outcome"] == "dry_run"
    assert "It could not be confirmed here now. Not sent: this text was sent to all" in looked["summary"]
    assert first["order_id"] in looked["summary"]
    # It is the other order's, and none of this call.
    assert "order_id" not in looked
    assert "skip_recent true leaves exactly these out" in rest["next_step"]


@pytest.mark.parametrize(
    ("confirm", "reason"),
    [("auto", "A code is enough only below 100 recipients"), ("human", "only a person's own yes")],
)
async def test_that_a_form_is_needed_is_told_where_there_is_none(confirm: Any, reason: str) -> None:
    many = {**SEND, "recipients": people(100)}
    settings = replace(LIVE, confirm=confirm)
    async with hosted(settings) as host:
        without = await host.call(SEND_SMS, many, dry_run=True)
    asked = Asked("decline")
    async with hosted(settings, elicitation_callback=asked) as host:
        with_form = await host.call(SEND_SMS, many, dry_run=True)
    assert (without["outcome"], with_form["outcome"], asked.shown) == ("dry_run", "dry_run", [])
    assert reason in without["summary"]
    assert "100 recipients" in without["preview"]
    assert (
        with_form["summary"]
        == f"{PREVIEW_ONLY} Without dry_run the same call asks for the user's yes, given in a form."
    )


async def test_looking_uses_up_nothing_of_what_codes_may_confirm() -> None:
    async with hosted() as host:
        for place in range(5):
            await host.call(SEND_SMS, send(place), dry_run=True)
        assert (await host.confirm(SEND_SMS, send(9)))["outcome"] == "done"


async def test_a_warning_is_told_and_a_price_needs_no_person() -> None:
    asked = YES()
    long = {**SEND, "text": "Kampanya " * 20}
    async with hosted(elicitation_callback=asked) as host:
        await host.call(GET_BALANCE)
        result = await host.client.call_tool(SEND_SMS, {**long, "dry_run": True})
        answer = host.check(SEND_SMS, result)
    assert answer["credits"] == 4
    assert "Balance: " in answer["preview"]
    assert "contains promotion" in answer["warnings"][0]
    assert answer["next_step"] == "Tell the user what they asked for, warnings included. This does not count as a yes."
    assert asked.shown == []


async def test_a_commercial_one_that_would_be_refused_stays_commercial() -> None:
    commercial = {**SEND, "message_type": "commercial", "iys_list": "TACIR"}
    async with hosted(replace(LIVE, allow_commercial=False)) as host:
        answer = await host.call(SEND_SMS, commercial, dry_run=True)
    assert answer["next_step"].endswith("Do not send this as transactional.")


async def test_it_is_told_in_turkish() -> None:
    async with hosted(replace(LIVE, language="tr", allowed_senders=("BASKA",))) as host:
        answer = await host.call(SEND_SMS, SEND, dry_run=True)
    assert answer["summary"].startswith("Yalnızca önizleme: hiçbir şey yapılmadı, kullanıcıya sorulmadı.")
    assert "Bu işlem şu anda burada onaylanamaz. FIRMAADI başlığı" in answer["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_without_its_log_it_is_refused_in_the_words_of_the_change(mode: Mode, tmp_path: Path) -> None:
    async with hosted(replace(LIVE, audit_log=tmp_path / "none" / "audit.jsonl"), mode=mode) as host:
        looked = await host.call(SEND_SMS, SEND, dry_run=True)
        refused = await host.call(SEND_SMS, SEND)
    assert looked == refused
    assert looked["outcome"] == "nothing_done"
