"""Refusals of a send, in the words that a person needs to find what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from iletimerkezi_mcp.sms.alphabet import CharacterMode
from tests.calls import IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.tools.examples import EXAMPLES

MIXED = ["05321234567", "0532 12 34", "+90 532 123 45 67", "nobody", "0532 12 35", "5321234567"]


@pytest.mark.parametrize("mode", ERAS)
async def test_refused_numbers_and_duplicates_are_named_together_with_what_is_written_and_where(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        answer = await host.call(SEND_SMS, SEND, recipients=MIXED)
    assert answer["summary"] == (
        "Nothing was done. recipients, entry 2 (“0532 12 34”) is too short: a Turkish mobile number has 10 digits from "
        "the 5 on and this one 7; ask for the missing digits. The same goes for entry 5 (“0532 12 35”). recipients, "
        "entry 4 (“nobody”) holds letters or signs that belong to no phone number; write it like +905321234567. Usable entries: 3 of 6. Leave the others out only if the user says so. Duplicates: 2 (entry 3 repeats entry 1, "
        "+905321234567; entry 6 repeats entry 1, +905321234567)."
    )
    async with hosted(replace(LIVE, language="tr"), mode=mode) as host:
        answer = await host.call(SEND_SMS, SEND, recipients=MIXED)
    assert "recipients, 2. sıra (“0532 12 34”) çok kısa" in answer["summary"]
    assert "Mükerrer numaralar: 2 (3. sıra 1. sıranın aynısı, +905321234567; " in answer["summary"]


async def test_the_places_of_duplicates_are_in_the_preview() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND, recipients=["05321234567", "05331112233", "+905331112233"])
        many = await host.call(SEND_SMS, SEND, recipients=["05321234567"] * 9)
    assert "- Duplicates removed: 1 (entry 3 repeats entry 2, +905331112233)" in preview["preview"]
    assert "entry 6 repeats entry 1, +905321234567; …)" in many["preview"]


async def test_masked_numbers_are_masked_in_refusals_too_even_if_they_are_none() -> None:
    async with hosted(replace(LIVE, mask_numbers=True)) as host:
        answer = await host.call(SEND_SMS, SEND, recipients=[*MIXED, "0212 555 44 33"])
    for written in ("12 34", "12 35", "532123", "555 44"):
        assert written not in str(answer)
    assert "entry 2 (“053*****34”)" in answer["summary"]
    assert "+90532*****67" in answer["summary"]


async def test_what_is_written_is_cut_escaped_and_cannot_close_its_quotation_marks() -> None:
    long = "”\u202e" + "x" * 60
    async with hosted() as host:
        answer = await host.call(SEND_SMS, SEND, recipients=[long])
    assert answer["summary"].startswith('Nothing was done. recipients, entry 1 (“"\\u202exx')
    assert "x…”) holds letters" in answer["summary"]


async def test_a_refused_recipient_of_a_consent_is_named_in_the_same_way() -> None:
    (consent,) = EXAMPLES[IYS_REGISTER]["consents"]
    mail = {**consent, "channel": "EPOSTA", "recipient": "a b@example.com"}
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, consents=[consent, {**consent, "recipient": "0532 12"}, mail])
    assert "consents.recipient, entry 2 (“0532 12”) is too short" in answer["summary"]
    assert "consents.recipient, entry 3 (“a b@example.com”) must be an e-mail address" in answer["summary"]


@pytest.mark.parametrize(
    "raw", ["905321112233,0", "905321112233.00", "'05321112233", "tel:+905321112233", "05321112233;"]
)
async def test_a_number_as_turkish_spreadsheets_write_it_is_read(raw: str) -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND, recipients=[raw])
    assert "- To: +905321112233" in preview["preview"]


async def test_a_number_that_a_spreadsheet_shortened_is_refused_because_digits_are_lost() -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, SEND, recipients=["9,05321E+11"])
    assert "is in a spreadsheet's short form, which has lost its last digits" in answer["summary"]


TURKISH_TEXT = "Sipariş " * 74

LONG = [
    (
        None,
        "a" * 1_072,
        "1,072 characters (GSM-7), and 7 parts, the most that is accepted, hold 1,071; shorten it by 1.",
    ),
    (
        CharacterMode.UNICODE,
        TURKISH_TEXT[:16] + "â" + TURKISH_TEXT,
        (
            "609 characters (UCS-2), and 7 parts, the most that is accepted, hold 441; shorten it by 168, or take out what makes "
            "it UCS-2: â (character 17)."
        ),
    ),
    (
        CharacterMode.UNICODE,
        "’" + "x" * 480 + "’…",
        (
            "483 characters (UCS-2), and 7 parts, the most that is accepted, hold 441; shorten it by 42, or take out what makes "
            "it UCS-2: ’ (character 1) and 2 more like it."
        ),
    ),
    (
        CharacterMode.TURKISH,
        "ş" + "a" * 1_050,
        (
            "1,051 characters (Turkish alphabet), and 7 parts, the most that is accepted, hold 1,036; shorten it by 15, or take "
            "out what makes it Turkish alphabet: ş (character 1)."
        ),
    ),
]


@pytest.mark.parametrize(("character_mode", "text", "reason"), LONG)
async def test_a_text_that_is_too_long_names_the_character_that_makes_it_so(
    character_mode: CharacterMode | None, text: str, reason: str
) -> None:
    async with hosted(replace(LIVE, character_mode=character_mode)) as host:
        answer = await host.call(SEND_SMS, SEND, text=text)
    assert answer["summary"] == f"Nothing was done. text has {reason}"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("text", "parts", "warning"),
    [
        (
            TURKISH_TEXT[:16] + "â" + TURKISH_TEXT,
            5,
            (
                "! If the account is in Unicode mode, this is refused for its length: 609 characters (UCS-2), and at most 441 are "
                "accepted. The cause is â (character 17)."
            ),
        ),
        (
            "x" * 480 + "’",
            4,
            (
                "! If the account is in Unicode mode, this is refused for its length: 481 characters (UCS-2), and at most 441 are "
                "accepted. The cause is ’ (character 481)."
            ),
        ),
        (
            "ş" + "a" * 1_050,
            7,
            (
                "! If the account is in Turkish or Unicode mode, this is refused for its length: 1,051 characters (Turkish "
                "alphabet), and at most 1,036 are accepted. The cause is ş (character 1)."
            ),
        ),
        (
            "ş" + "…" * 350,
            7,
            (
                "! If the account is in Turkish mode, this is refused for its length: 1,051 characters (Turkish alphabet), and "
                "at most 1,036 are accepted."
            ),
        ),
    ],
)
async def test_what_is_too_long_only_in_a_mode_that_the_account_may_not_be_in_is_warned_of(
    mode: Mode, text: str, parts: int, warning: str
) -> None:
    async with hosted(mode=mode) as host:
        preview = await host.call(SEND_SMS, SEND, text=text)
    assert (preview["outcome"], preview["parts"], preview["credits"]) == ("preview", parts, 2 * parts)
    assert warning in preview["preview"].split("\n")
    assert "if the account is in English mode" in preview["preview"]


async def test_an_i_with_a_dot_of_its_own_is_sent_as_an_i_and_the_preview_says_so() -> None:
    async with hosted() as host:
        done = await host.confirm(SEND_SMS, SEND, text="İYİ GÜNLER".lower())
        preview = await host.call(SEND_SMS, SEND, text="İzin".lower())
    assert done["alphabet"] == "GSM-7"
    assert host.wire.requests[0][1]["order"]["message"]["text"] == "iyi günler"
    assert "- Letters i with a separate dot, sent as a plain i: 1" in preview["preview"]


async def test_a_commercial_message_reaches_nobody_who_is_not_to_be_contacted(tmp_path: Path) -> None:
    file = tmp_path / "ret.csv"
    file.write_text("0533 111 22 33\n", encoding="utf-8")
    commercial = {**SEND, "text": "İndirim! RET yazıp 3300'e.", "message_type": "commercial", "iys_list": "BIREYSEL"}
    async with hosted(replace(LIVE, do_not_contact=file)) as host:
        refused = await host.call(SEND_SMS, commercial)
        others = await host.call(SEND_SMS, {**commercial, "recipients": ["0532 123 45 67"]})
        notice = await host.call(SEND_SMS, SEND)
        file.write_text("", encoding="utf-8")
        file.unlink()
        unreadable = await host.call(SEND_SMS, commercial)
    assert (refused["outcome"], others["outcome"], notice["outcome"]) == ("nothing_done", "preview", "preview")
    assert "ILETIMERKEZI_DO_NOT_CONTACT), to whom no commercial message goes: “+905331112233”" in refused["summary"]
    assert unreadable["outcome"] == "nothing_done"
    assert "cannot be read" in unreadable["summary"]
    assert host.wire.requests == []
