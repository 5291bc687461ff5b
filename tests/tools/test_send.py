"""Sending, through a real client in both protocol versions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from iletimerkezi_mcp.sandbox.request_context import SimulatedAccount
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from tests.calls import GET_REPORT, GET_REPORTS, GET_SENDER, SEND_SMS
from tests.hosting import LIVE, hosted

SEND: dict[str, Any] = {
    "recipients": ["0532 123 45 67", "+90 (532) 123-45-67", "05331112233"],
    "text": "Siparişiniz yola çıktı.",
    "message_type": "transactional",
}


async def test_the_first_call_previews_and_the_second_with_its_code_sends() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND)
        assert host.wire.requests == []
        done = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    facts = {
        "recipients": 2,
        "duplicates": 1,
        "sender": "FIRMAADI",
        "message_type": "transactional",
        "send_at": "now",
        "alphabet": "Turkish",
        "parts": 1,
        "credits": 2,
    }
    assert {name: preview[name] for name in facts} == facts
    assert {name: done[name] for name in facts} == facts
    assert (preview["outcome"], done["outcome"]) == ("preview", "done")
    assert done["order_id"].isdigit()
    assert "confirm" not in done
    ((path, request),) = host.wire.requests
    assert path == "/v1/send-sms/json"
    assert request["order"] == {
        "sender": "FIRMAADI",
        "sendDateTime": [],
        "iys": "0",
        "message": {
            "text": "Siparişiniz yola çıktı.",
            "receipents": {"number": ["+905321234567", "+905331112233"]},
        },
    }


async def test_a_commercial_message_asks_the_provider_to_check_consent() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, {**SEND, "message_type": "commercial", "iys_list": "TACIR"})
    order = host.wire.requests[0][1]["order"]
    assert (order["iys"], order["iysList"]) == ("1", "TACIR")


async def test_a_scheduled_message_goes_out_in_istanbul_time() -> None:
    async with hosted() as host:
        sent = await host.confirm(SEND_SMS, SEND, send_at="2026-11-24T07:30Z")
        report = await host.call(GET_REPORT, order_id=sent["order_id"])
    assert host.wire.requests[0][1]["order"]["sendDateTime"] == ["24/11/2026 10:30"]
    assert sent["send_at"] == "2026-11-24T10:30+03:00"
    assert "10:30 on Tuesday 2026-11-24" in sent["summary"]
    assert (report["outcome"], report["status"], report.get("code")) == ("ok", "scheduled", None)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"schedule_att": "2026-11-24T10:00"}, "schedule_att"),
        ({"authentication": {"key": "x", "hash": "y"}}, "authentication"),
        ({"recipients": []}, "recipients"),
        ({"recipients": "05321234567"}, "recipients"),
        ({"recipients": [532123]}, "recipients, entry 1 (“"),
        ({"recipients": ["0212 555 44 33"]}, "recipients, entry 1 (“"),
        ({"recipients": ["+49 170 1234567"]}, "ILETIMERKEZI_ABROAD"),
        ({"recipients": ["+905321234567"] * 50_001}, "50,000"),
        ({"text": "   "}, "text"),
        ({"text": ""}, "text"),
        ({"text": "a" * 1_072}, "7 parts"),
        ({"text": "a" * 2_001}, "2,000"),
        ({"text": "half \ud83d"}, "text"),
        ({"message_type": None}, "message_type"),
        ({"message_type": "promo"}, "transactional or commercial"),
        ({"message_type": "commercial"}, "iys_list"),
        ({"iys_list": "BIREYSEL"}, "iys_list"),
        ({"message_type": "commercial", "iys_list": "INDIVIDUAL"}, "BIREYSEL or TACIR"),
        ({"sender": "ÇOKUZUN"}, "sender"),
        ({"sender": "TWELVE CHARS"}, "sender"),
        ({"send_at": "2026-11-23T09:59"}, "10:00 on Monday 2026-11-23"),
        ({"send_at": "2026-11-24T10:00:30"}, "10:00 on Monday 2026-11-23"),
        ({"send_at": "24.11.2026 10:00"}, "send_at"),
        ({"send_at": "tomorrow"}, "send_at"),
    ],
)
async def test_what_cannot_be_sent_is_refused_by_name_before_any_request(arguments: dict[str, Any], named: str) -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, {**SEND, **arguments})
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert "confirm" not in answer
    assert host.wire.requests == []


async def test_many_bad_numbers_make_a_short_answer() -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, {**SEND, "recipients": ["nobody"] * 20_000})
    assert "And 19,995 more." in answer["summary"]
    assert len(answer["summary"]) < 1_500


async def test_without_a_sender_the_call_names_both_ways_to_give_one() -> None:
    async with hosted(replace(LIVE, sender=None)) as host:
        answer = await host.call(SEND_SMS, SEND)
        assert answer["outcome"] == "nothing_done"
        assert GET_SENDER in answer["summary"]
        assert "ILETIMERKEZI_SENDER" in answer["summary"]
        named = await host.call(SEND_SMS, SEND, sender="DEMO FIRMA")
    assert named["sender"] == "DEMO FIRMA"


async def test_both_variants_are_shown_while_the_character_mode_is_unknown() -> None:
    text = "ş" * 160
    async with hosted() as host:
        unknown = await host.call(SEND_SMS, {**SEND, "text": text})
    assert "English mode" in unknown["preview"]
    assert (unknown["parts"], unknown["alphabet"]) == (2, "Turkish")
    async with hosted(replace(LIVE, character_mode=CharacterMode.ENGLISH)) as host:
        english = await host.call(SEND_SMS, {**SEND, "text": text})
    assert (english["parts"], english["alphabet"]) == (2, "GSM-7")
    assert "ş→s" in english["preview"]


async def test_a_text_that_would_arrive_empty_is_warned_of_first() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, {**SEND, "text": "🎉🎉"})
    assert preview["preview"].splitlines()[1].startswith("! In English mode")


async def test_the_preview_says_the_whole_deed_and_shows_what_cannot_be_seen() -> None:
    async with hosted() as host:
        preview = await host.call(
            SEND_SMS, {**SEND, "recipients": [f"053210000{n:02}" for n in range(7)], "text": "One\u202etwo\nNext"}
        )
    lines = preview["preview"].splitlines()
    assert lines[0] == (
        "LIVE, key …7f3a: send one SMS to 7 recipients, transactional, now (10:00 on Monday 2026-11-23), at most 7 credits."
    )
    assert lines[-2:] == ["| One\\u202etwo", "| Next"]
    assert "and 2 more" in preview["preview"]


@pytest.mark.parametrize(
    ("number", "outcome", "code"),
    [
        ("+905000000402", "refused", 402),
        ("+905000000429", "refused", 429),
        ("+905000000503", "unknown", 503),
        ("+905000000900", "unknown", None),
        ("+905000000904", "unknown", None),
        ("+905000000452", "refused", 452),
    ],
)
async def test_every_failure_of_a_send_says_whether_it_was_done(number: str, outcome: str, code: int | None) -> None:
    async with hosted() as host:
        answer = await host.confirm(SEND_SMS, {**SEND, "recipients": [number]})
    assert (answer["outcome"], answer.get("code")) == (outcome, code)
    assert host.wire.paths() == ["send-sms"]
    if outcome == "unknown":
        assert "Do not repeat" in answer["next_step"]
        assert GET_REPORTS in answer["next_step"]
        assert "10:00" in answer["next_step"]


async def test_an_equal_order_of_another_machine_within_ten_minutes_is_the_providers_451() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND)
        async with hosted(clock=host.clock, wire=host.wire) as other:
            answer = await other.confirm(SEND_SMS, SEND)
    assert (answer["outcome"], answer["code"]) == ("refused", 451)
    assert GET_REPORTS in answer["next_step"]


async def test_a_refused_connection_says_that_nothing_was_sent() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    async with hosted() as host:
        host.wire.broken = refuse
        answer = await host.confirm(SEND_SMS, SEND)
    assert answer["outcome"] == "nothing_done"
    assert "Nothing was done" in answer["summary"]


async def test_other_countries_work_with_abroad_mode() -> None:
    async with hosted(replace(LIVE, abroad=True), account=SimulatedAccount(abroad=True)) as host:
        answer = await host.confirm(SEND_SMS, {**SEND, "recipients": ["+49 170 1234567"]})
    assert answer["outcome"] == "done"
    assert host.wire.requests[0][1]["order"]["message"]["receipents"]["number"] == ["+491701234567"]


async def test_turkish_answers_are_turkish() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        preview = await host.call(SEND_SMS, SEND)
        done = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert "CANLI, anahtar …7f3a" in preview["preview"]
    assert "23.11.2026 Pazartesi 10:00" in preview["preview"]
    assert done["summary"].startswith("Kabul edildi")


COMMERCIAL: dict[str, Any] = {**SEND, "message_type": "commercial", "iys_list": "BIREYSEL"}


@pytest.mark.parametrize(
    ("arguments", "warned"),
    [
        ({"text": "Siparişiniz yolda, yeni siparişe %20 indirim!"}, "indirim"),
        ({"text": "Merhaba {ad}, siparişiniz yolda."}, "{ad}"),
        ({"text": "Siparişiniz yolda. B186"}, "B186"),
        ({"sender": "APITEST"}, "APITEST"),
        ({**COMMERCIAL, "text": "Büyük indirim!"}, "refuse"),
        ({**COMMERCIAL, "text": "İndirim! RET yazıp 3300'e.", "send_at": "2026-11-24T21:30"}, "21:00"),
    ],
)
async def test_what_a_careful_person_would_mind_is_warned_of(arguments: dict[str, Any], warned: str) -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, {**SEND, **arguments})
    assert preview["outcome"] == "preview"
    assert any(warned in warning for warning in preview["warnings"])
    assert any(line.startswith("! ") and warned in line for line in preview["preview"].splitlines())


async def test_a_plain_notice_is_warned_of_nothing() -> None:
    async with hosted() as host:
        assert "warnings" not in await host.call(SEND_SMS, SEND)


@pytest.mark.parametrize(
    ("arguments", "meaning"),
    [
        (SEND, "no consent is checked"),
        (COMMERCIAL, "ONAY"),
        ({**COMMERCIAL, "iys_list": "TACIR"}, "RET"),
    ],
)
async def test_the_preview_says_what_the_type_means_for_consent(arguments: dict[str, Any], meaning: str) -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, arguments)
    assert meaning in preview["preview"]


async def test_the_test_sender_sends_nothing_commercial() -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, {**COMMERCIAL, "sender": "APITEST"})
    assert answer["outcome"] == "nothing_done"
    assert answer["next_step"].endswith("Do not send this as transactional.")


async def test_the_text_is_shown_as_it_will_arrive_where_a_mode_changes_it() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, {**SEND, "text": "Şimdi yolda 🚚"})
    assert "Arrives in English mode as: Simdi yolda" in preview["preview"]


async def test_one_changed_sign_does_not_show_the_text_twice_and_is_offered_plainly() -> None:
    async with hosted(replace(LIVE, character_mode=CharacterMode.ENGLISH)) as host:
        english = await host.call(SEND_SMS, {**SEND, "text": "Ali’nin kargosu"})
    async with hosted(replace(LIVE, character_mode=CharacterMode.UNICODE)) as host:
        unicode = await host.call(SEND_SMS, {**SEND, "text": "Ali’nin kargosu"})
    assert "sent with ’→'" in english["preview"]
    assert english["preview"].count("kargosu") == 1
    assert english["arrives_as"] == [{"mode": "english", "text": "Ali'nin kargosu"}]
    assert "UCS-2 because of ’ (character 4), a plain ' would do" in unicode["preview"]


async def test_a_label_is_a_part_of_what_is_confirmed_and_never_of_what_is_sent() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND, label="Kasım\u202e")
        other = await host.call(SEND_SMS, SEND, label="Aralık", confirm=preview["confirm"])
        assert other["outcome"] == "nothing_done"
        done = await host.call(SEND_SMS, SEND, label="Kasım\u202e", confirm=preview["confirm"])
        long = await host.call(SEND_SMS, SEND, label="x" * 61)
    assert done["label"] == "Kasım\\u202e"
    assert "Kasım" not in str(host.wire.requests)
    assert "60 characters" in long["summary"]
