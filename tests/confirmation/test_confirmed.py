"""What an answer says of the yes behind it: whose it was, and to what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sms.alphabet import CharacterMode
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, GET_BALANCE, GET_REPORTS, GET_SENDER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of

from .scenes import YES, lost, remember_only_the_latest

BOTH = [{"mode": "english", "text": "Siparisiniz yola cikti."}, {"mode": "unicode", "text": "Siparişiniz yola çıktı."}]
ADVICE = ("- Transactional: ", "- Commercial, ", "- Balance: ", "- Sender approved ", "- Only a scheduled order ")
COMMERCIAL = {**SEND, "message_type": "commercial", "iys_list": "BIREYSEL"}


def confirmed(shown: str) -> str:
    """Return what was confirmed of a preview: all but what helps to decide."""
    return "\n".join(line for line in shown.splitlines() if not line.startswith(ADVICE))


@pytest.mark.parametrize("mode", ERAS)
async def test_what_helps_to_decide_is_not_told_once_it_is_done(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await host.call(GET_BALANCE)
        await host.call(GET_SENDER)
        preview = await host.call(SEND_SMS, SEND, send_at="2026-11-25T10:00")
        done = await host.call(SEND_SMS, SEND, send_at="2026-11-25T10:00", confirm=preview["confirm"])
        cancel = await host.call(CANCEL_ORDER, order_id=done["order_id"])
        cancelled = await host.call(CANCEL_ORDER, order_id=done["order_id"], confirm=cancel["confirm"])
    advice = [line for line in preview["preview"].splitlines() if line.startswith(ADVICE)]
    assert len(advice) == 3
    assert done["preview"] == confirmed(preview["preview"])
    assert cancelled["preview"] == confirmed(cancel["preview"]) != cancel["preview"]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_person_confirmed_exactly_the_form_that_was_shown(mode: Mode) -> None:
    asked = YES()
    async with hosted(mode=mode, elicitation_callback=asked) as host:
        result = await host.client.call_tool(SEND_SMS, COMMERCIAL)
        answer = host.check(SEND_SMS, result)
    assert (answer["outcome"], answer["confirmed_by"]) == ("done", "person")
    assert answer["preview"] == confirmed(asked.shown[0].message)
    assert "how to refuse" in answer["warnings"][0]
    assert answer["arrives_as"] == BOTH
    lines = text_of(result).splitlines()
    assert lines[1] == "A person confirmed it in a form. The preview:"
    assert f"! {answer['warnings'][0]}" in lines
    assert "- Arrives in English mode as: Siparisiniz yola cikti." in lines


@pytest.mark.parametrize("mode", ERAS)
async def test_a_person_at_a_terminal_is_not_told_again_what_they_have_just_read(mode: Mode) -> None:
    async with hosted(replace(LIVE, audience="person"), mode=mode, elicitation_callback=YES()) as host:
        result = await host.client.call_tool(SEND_SMS, COMMERCIAL)
        answer = host.check(SEND_SMS, result)
    assert (answer["outcome"], answer["confirmed_by"], "preview" in answer) == ("done", "person", False)
    assert "The preview:" not in text_of(result)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_code_confirmed_exactly_its_preview_whatever_was_read_since(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        preview = await host.call(SEND_SMS, SEND)
        host.clock.advance(minutes=3)
        await host.call(GET_BALANCE)
        result = await host.client.call_tool(SEND_SMS, {**SEND, "confirm": f" {preview['confirm'].lower()} "})
        answer = host.check(SEND_SMS, result)
    assert (answer["outcome"], answer["confirmed_by"]) == ("done", "code")
    assert answer["preview"] == confirmed(preview["preview"])
    assert "now (10:00" in answer["preview"]
    assert "It was confirmed with its preview's code. The preview:" in text_of(result)


async def test_a_long_text_is_not_told_twice_in_words() -> None:
    text = "Toplanti yarin 10:00. " * 40
    async with hosted() as host:
        preview = await host.call(SEND_SMS, {**SEND, "text": text})
        result = await host.client.call_tool(SEND_SMS, {**SEND, "text": text, "confirm": preview["confirm"]})
        answer = host.check(SEND_SMS, result)
    assert text_of(result).count("Toplanti") == 40
    assert answer["arrives_as"] == [{"mode": "any", "text": text}]


async def test_the_preview_of_a_code_from_another_process_is_made_anew(tmp_path: Path) -> None:
    settings = replace(LIVE, state_dir=tmp_path)
    async with hosted(settings) as first:
        preview = await first.call(SEND_SMS, SEND)
        async with hosted(settings, clock=first.clock) as second:
            answer = await second.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert (answer["outcome"], answer["preview"]) == ("done", confirmed(preview["preview"]))


async def test_only_the_latest_previews_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_only_the_latest(monkeypatch)
    async with hosted() as host:
        older = await host.call(SEND_SMS, SEND)
        await host.call(ADD_BLACKLIST, number="05321234567")
        host.clock.advance(minutes=1)
        answer = await host.call(SEND_SMS, SEND, confirm=older["confirm"])
    assert "now (10:01" in answer["preview"]
    assert answer["preview"].replace("10:01", "10:00") == confirmed(older["preview"])


async def test_a_blocked_number_is_told_with_its_preview_too() -> None:
    async with hosted() as host:
        answer = await host.confirm(ADD_BLACKLIST, number="05321234567")
    assert answer["confirmed_by"] == "code"
    assert answer["preview"].endswith("register a RET in İYS instead.")
    assert "arrives_as" not in answer


async def test_an_unknown_outcome_says_what_may_have_been_done_and_whose_yes_it_had() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND)
        host.wire.broken = lost
        answer = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
        host.wire.broken = None
        host.clock.advance(minutes=10)
        again = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
        (settled,) = (await host.call(GET_REPORTS))["settled"]
    assert (answer["outcome"], answer["confirmed_by"]) == ("unknown", "code")
    assert answer["preview"] == confirmed(preview["preview"])
    assert (again["outcome"], again["confirmed_by"]) == ("unknown", "code")
    assert (settled["outcome"], settled["confirmed_by"]) == ("not_found", "code")


@pytest.mark.parametrize("mode", ERAS)
async def test_a_repeated_code_is_answered_with_whose_yes_it_was(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        preview = await host.call(SEND_SMS, SEND)
        first = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
        again = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert (again["outcome"], again["confirmed_by"], again["order_id"]) == ("done", "code", first["order_id"])
    assert "It was confirmed with its preview's code." in again["summary"]


async def test_what_was_refused_was_confirmed_for_nothing() -> None:
    async with hosted() as host:
        answer = await host.confirm(SEND_SMS, {**SEND, "sender": "YABANCI"})
    assert answer["outcome"] == "refused"
    assert not {"confirmed_by", "preview", "arrives_as"} & answer.keys()


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        (CharacterMode.ENGLISH, "Siparisiniz yola cikti."),
        (CharacterMode.TURKISH, "Siparişiniz yola çıktı."),
        (CharacterMode.UNICODE, "Siparişiniz yola çıktı."),
    ],
)
async def test_in_a_known_mode_there_is_one_reading(mode: CharacterMode, text: str) -> None:
    async with hosted(replace(LIVE, character_mode=mode)) as host:
        answer = await host.confirm(SEND_SMS, SEND)
    assert answer["arrives_as"] == [{"mode": mode.value, "text": text}]


async def test_of_the_providers_own_test_text_nothing_is_claimed() -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, {**SEND, "sender": "APITEST"})
    assert "arrives_as" not in answer


async def test_lines_stay_lines_and_what_cannot_be_seen_is_written_out() -> None:
    async with hosted(replace(LIVE, character_mode=CharacterMode.UNICODE)) as host:
        answer = await host.call(SEND_SMS, {**SEND, "text": "Bir\nİki\u202e"})
    assert answer["arrives_as"] == [{"mode": "unicode", "text": "Bir\nİki\\u202e"}]


@pytest.mark.parametrize(
    ("arguments", "next_step"),
    [
        (
            {},
            (
                "Tell the user that it is accepted, with the order number {0}. get_report with order_id {0} shows what was "
                "delivered."
            ),
        ),
        (
            {"send_at": "2026-11-24T10:00"},
            (
                "Tell the user that it is accepted and scheduled, with the order number {0}. Until then cancel_order with "
                "order_id {0} can stop it."
            ),
        ),
    ],
)
async def test_the_next_step_is_to_tell_the_user(arguments: dict[str, Any], next_step: str) -> None:
    async with hosted() as host:
        answer = await host.confirm(SEND_SMS, {**SEND, **arguments})
    assert answer["next_step"] == next_step.format(answer["order_id"])


async def test_numbers_are_masked_in_it_for_the_model() -> None:
    asked = YES()
    async with hosted(replace(LIVE, mask_numbers=True), elicitation_callback=asked) as host:
        result = await host.client.call_tool(SEND_SMS, SEND)
    assert "+905321234567" in asked.shown[0].message
    assert "+905321234567" not in str(result)


async def test_it_is_told_in_turkish() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        preview = await host.call(SEND_SMS, SEND)
        result = await host.client.call_tool(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        answer = host.check(SEND_SMS, result)
    assert "Önizlemesinin koduyla onaylandı. Önizleme:" in text_of(result)
    assert answer["next_step"].startswith("Kullanıcıya kabul edildiğini gönderim numarasıyla (")
