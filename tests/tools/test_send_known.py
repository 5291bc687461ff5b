"""Sends of which this server knows already what will fail, or what the user has to be asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from tests.calls import ADD_BLACKLIST, DELETE_BLACKLIST, GET_BLACKLIST, GET_SENDER, IYS_CHECK, IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.confirmation.scenes import remember_only_the_latest
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.tools.examples import EXAMPLES

A, B = "+905321234567", "+905331112233"
BLOCKED = "On the blacklist, by what was read or done here, so they get nothing: {}."
NO_ONAY = "Without an ONAY in İYS when checked within the last hour, so they get nothing: {}."
COMMERCIAL = {
    **SEND,
    "text": "İndirim! RET yazıp 3300'e gönderin",
    "message_type": "commercial",
    "iys_list": "BIREYSEL",
}


@pytest.mark.parametrize("mode", ERAS)
async def test_a_number_that_was_blocked_from_here_is_warned_of_until_it_is_unblocked(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await host.confirm(ADD_BLACKLIST, number=A)
        host.clock.advance(hours=30)
        await host.call(GET_BLACKLIST)
        warned = await host.call(SEND_SMS, SEND)
        await host.confirm(DELETE_BLACKLIST, number=A)
        unblocked = await host.call(SEND_SMS, SEND)
    assert warned["warnings"] == [BLOCKED.format(f"“{A}”")]
    assert "warnings" not in unblocked


@pytest.mark.parametrize("mode", ERAS)
async def test_a_page_of_the_blacklist_warns_for_an_hour(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        numbers = (await host.call(GET_BLACKLIST))["numbers"]
        host.clock.advance(minutes=59)
        warned = await host.call(SEND_SMS, SEND, recipients=[A, *numbers])
        host.clock.advance(minutes=1)
        later = await host.call(SEND_SMS, SEND, recipients=[A, *numbers])
    assert warned["warnings"] == [BLOCKED.format(", ".join(f"“{number}”" for number in numbers))]
    assert "warnings" not in later


async def test_five_of_them_are_named_and_masked_for_the_model() -> None:
    many = [f"+9053200000{number:02}" for number in range(7)]
    async with hosted(replace(LIVE, mask_numbers=True, language="tr")) as host:
        for number in many:
            await host.confirm(ADD_BLACKLIST, number=number)
        (warning,) = (await host.call(SEND_SMS, SEND, recipients=many))["warnings"]
    assert warning.startswith("Buradan okunan ya da yapılan işleme göre kara listede, mesaj gitmez: “+90532*****00”")
    assert warning.endswith("“+90532*****04” ve 2 tane daha.")


async def test_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_only_the_latest(monkeypatch)
    async with hosted() as host:
        await host.confirm(ADD_BLACKLIST, number=A)
        await host.confirm(ADD_BLACKLIST, number=B)
        (warning,) = (await host.call(SEND_SMS, SEND))["warnings"]
    assert warning == BLOCKED.format(f"“{B}”")


@pytest.mark.parametrize("mode", ERAS)
async def test_a_look_that_found_no_onay_warns_of_a_commercial_send_only(mode: Mode) -> None:
    look = {**EXAMPLES[IYS_CHECK], "recipient": A}
    async with hosted(mode=mode) as host:
        await host.call(IYS_CHECK, look)
        await host.call(IYS_CHECK, look, channel="ARAMA", recipient=B)
        await host.call(IYS_CHECK, look, recipient_type="TACIR", recipient="+905330000096")
        recipients = [A, B, "+905330000096"]
        warned = await host.call(SEND_SMS, COMMERCIAL, recipients=recipients)
        silent = await host.call(SEND_SMS, SEND, recipients=recipients)
        other = await host.call(SEND_SMS, COMMERCIAL, recipients=[A], iys_list="TACIR")
    assert warned["warnings"] == [NO_ONAY.format(f"“{A}”")]
    assert "warnings" not in silent
    assert "warnings" not in other


async def test_a_declaration_says_it_too() -> None:
    (record,) = EXAMPLES[IYS_REGISTER]["consents"]
    record = {**record, "recipient": A, "consent_date": "2026-11-23T09:00:00"}
    async with hosted() as host:
        await host.call(IYS_CHECK, recipient=A, recipient_type="BIREYSEL", channel="MESAJ")
        before = await host.call(SEND_SMS, COMMERCIAL)
        await host.confirm(IYS_REGISTER, consents=[record, {**record, "channel": "ARAMA"}])
        onay = await host.call(SEND_SMS, COMMERCIAL)
        await host.confirm(IYS_REGISTER, consents=[{**record, "status": "RET", "consent_date": "2026-11-23T09:30:00"}])
        ret = await host.call(SEND_SMS, COMMERCIAL)
    assert before["warnings"] == ret["warnings"] == [NO_ONAY.format(f"“{A}”")]
    assert "warnings" not in onay


LOOKED_AT = "Only the wording of the way to refuse was checked, not whether it works. "


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("text", "words", "afterwards"),
    [
        (
            "İndirim!",
            "The text has no way to refuse: ask the user for that sentence, and never invent a number. ",
            "Tell the user that the text has no way to refuse, which the law asks of a commercial message. ",
        ),
        (COMMERCIAL["text"], LOOKED_AT, LOOKED_AT),
    ],
)
async def test_a_commercial_send_says_what_to_do_about_the_way_to_refuse(
    mode: Mode, text: str, words: str, afterwards: str
) -> None:
    call = {**COMMERCIAL, "text": text}
    async with hosted(mode=mode) as host:
        looked = await host.call(SEND_SMS, call, dry_run=True)
        preview = await host.call(SEND_SMS, call)
        done = await host.call(SEND_SMS, call, confirm=preview["confirm"])
    for answer in (looked, preview):
        assert answer["next_step"].startswith(words)
    assert done["next_step"].startswith(afterwards)


@pytest.mark.parametrize("sender", ["TWELVE CHARS", "ÇOKUZUN"])
async def test_a_wrong_sender_is_answered_with_the_approved_ones_if_they_were_read(sender: str) -> None:
    async with hosted() as host:
        unread = await host.call(SEND_SMS, SEND, sender=sender)
        await host.call(GET_SENDER)
        read = await host.call(SEND_SMS, SEND, sender=sender)
    ask = "Ask the user for the sender; do not choose another yourself."
    assert unread["summary"].endswith(
        f"get_sender lists the approved ones. {ask}" if " " in sender else f"get_sender. {ask}"
    )
    assert read["summary"].endswith(f"Approved: “FIRMAADI”, “APITEST”, “DEMO FIRMA”. {ask}")


async def test_no_approved_sender_is_no_list() -> None:
    reads = RecentReads()
    assert reads.approved_senders() == []


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (
            {"recipients": [A, "12", "053x1112233"]},
            "Usable entries: 1 of 3. Leave the others out only if the user says so.",
        ),
        ({"recipients": ["12"]}, None),
    ],
)
async def test_wrong_numbers_come_with_how_many_can_be_used(arguments: dict[str, Any], note: str | None) -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, SEND, **arguments)
    assert answer["summary"].endswith(note) if note else "Usable" not in answer["summary"]
