"""The policy in force, as a document."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.server.instructions import instructions
from iletimerkezi_mcp.server.resources.catalogue import POLICY
from iletimerkezi_mcp.server.resources.policy import MAX_LISTED_RECIPIENTS
from iletimerkezi_mcp.settings import NO_LIMIT, Settings
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from tests.calls import IYS_REGISTER, SEND_SMS
from tests.hosting import LIVE, ManualClock, hosted
from tests.server.browsing import FakeBrowser
from tests.server.resources.following import SEND
from tests.server.resources.reads import read
from tests.tools.examples import EXAMPLES, READS


async def policy(settings: Settings) -> dict[str, Any]:
    async with hosted(settings) as host:
        document = await read(host, POLICY)
        assert host.wire.requests == []
    return document


async def test_it_holds_the_mode_the_limits_and_what_is_left_today() -> None:
    async with hosted(replace(LIVE, max_recipients=50, allowed_senders=("FIRMAADI",))) as host:
        await host.confirm(SEND_SMS, SEND, recipients=["+905321234567", "+905331234567"])
        document = await read(host, POLICY)
    assert document == {
        "mode": "live",
        "summary": "LIVE: messages reach people and cost credits.",
        "transport": "stdio",
        "stateless": False,
        "tools": list(EXAMPLES),
        "read_only": False,
        "confirmation": {
            "set_with": "ILETIMERKEZI_CONFIRM",
            "confirm": "auto",
            "ways": ["form", "card", "code"],
            "summary": "If the host can ask, a person confirms in a form or on a card. They also type the number "
            "for 100 or more recipients or consents in one call, and whenever the hour's sum reaches another 100. If no "
            "form is shown, the code of the preview will do, too; codes confirm at most 99 recipients and 99 consents an hour.",
            "this_client": {
                "below_threshold": ["code"],
                "from_threshold": [],
                "summary": "By what this host has declared, a change from it is confirmed with the code of its preview; 100 or "
                "more recipients or consents within an hour cannot be confirmed.",
            },
        },
        "limits": {
            "max_recipients": {
                "value": 50,
                "means": "Recipients of all texts within a rolling hour, counted when they are confirmed. A larger list is "
                "neither to be split nor to be spread over hours: the operator decides.",
                "set_with": "ILETIMERKEZI_MAX_RECIPIENTS",
            },
            "type_count_from": {
                "value": 100,
                "means": "From this many recipients or consents on the user types the number; null: no person is asked.",
                "set_with": "ILETIMERKEZI_TYPE_COUNT_FROM",
            },
            "max_credits_per_day": {
                "value": 500,
                "means": "Credits a day; null: no limit.",
                "set_with": "ILETIMERKEZI_MAX_CREDITS_PER_DAY",
            },
            "max_consents_per_day": {
                "value": 1000,
                "means": "Consents declared to İYS in a day of Istanbul.",
                "set_with": "ILETIMERKEZI_MAX_CONSENTS_PER_DAY",
            },
            "allow_commercial": {
                "value": True,
                "means": "True: commercial messages may be sent.",
                "set_with": "ILETIMERKEZI_ALLOW_COMMERCIAL",
            },
            "allowed_senders": {
                "value": ["FIRMAADI"],
                "means": "The only senders allowed; null: all.",
                "set_with": "ILETIMERKEZI_ALLOWED_SENDERS",
            },
            "allowed_recipients": {
                "value": None,
                "means": "The only numbers, or prefixes that end in *, to which messages are sent; null: all.",
                "set_with": "ILETIMERKEZI_ALLOWED_RECIPIENTS",
            },
        },
        "today": {
            "credits_sent_from_here": 2,
            "daily_limit_left": 498,
            "day_ends": "2026-11-24T00:00:00+03:00",
            "recipients_left_in_hour": 48,
            "consents_left_today": 1_000,
            "codes_may_confirm": {"recipients": 97, "consents": 99},
            "summary": "2 credits used today by sends from here, 498 left of the operator's limit until 00:00 on Tuesday "
            "2026-11-24. The balance is separate (get_balance).",
        },
        "rules": {
            "set_with": "iletimerkezi-mcp rule",
            "summary": "A message with exactly such a text, to one recipient from this sender, is sent at once, unread "
            "and without asking. Only a person at a terminal makes and revokes rules.",
            "live": [],
        },
        "masked_numbers": False,
        "audit_log": False,
        "sender": "FIRMAADI",
        "brand_code": "123456",
        "abroad": False,
        "character_mode": None,
    }


async def test_the_sandbox_and_a_server_for_reading_say_so() -> None:
    sandbox = await policy(Settings(sandbox=True, character_mode=CharacterMode.UNICODE))
    reading = await policy(replace(LIVE, read_only=True, max_credits_per_day=NO_LIMIT))
    assert (sandbox["mode"], sandbox["summary"]) == (
        "sandbox",
        "SANDBOX: the provider is simulated. No message is real, nothing costs anything. Say so to the user once.",
    )
    assert sandbox["character_mode"] == "unicode"
    assert reading["confirmation"]["summary"] == "Nothing can be changed here."
    assert reading["tools"] == READS
    assert reading["today"]["daily_limit_left"] is None
    assert reading["today"]["summary"] == (
        "0 credits used today by sends from here; no limit is set. The balance is separate (get_balance)."
    )


@pytest.mark.parametrize(
    ("confirm", "begins"),
    [
        (
            "auto",
            "If the host can ask, a person confirms in a form or on a card. They also type the number",
        ),
        ("human", "A person confirms every change in a form or on a card. They also type the number"),
        ("form", "A person confirms every change in a form. They"),
        ("form,page", "A person confirms every change in a form. They"),
        ("page", "Nothing can be confirmed here: only a page in the browser is allowed, and none can be opened."),
        ("page,code", "Every change needs the code of its preview; codes confirm at most 99 recipients"),
        ("code", "Every change is previewed and needs the code"),
    ],
)
async def test_who_confirms_is_in_the_document(confirm: str, begins: str) -> None:
    document = await policy(replace(LIVE, confirm=confirm))
    assert document["confirmation"]["summary"].startswith(begins)
    assert document["limits"]["type_count_from"]["value"] == (None if confirm == "code" else 100)


@pytest.mark.parametrize(("confirm", "has_sentence"), [("auto", True), ("code", False)])
async def test_without_sessions_it_says_who_cannot_be_asked(confirm: str, has_sentence: bool) -> None:
    document = await policy(replace(LIVE, confirm=confirm, transport="streamable-http", stateless=True))
    assert (document["transport"], document["stateless"]) == ("streamable-http", True)
    assert ("hosts of the 2025 protocol cannot be asked" in document["confirmation"]["summary"]) == has_sentence


@pytest.mark.parametrize(
    ("confirm", "ways", "begins", "ends"),
    [
        ("human", ["form", "card", "page"], "A person confirms every change in a form or on a card", "decide there."),
        ("page", ["page"], "A person confirms every change on a page.", "reaches another 100."),
        ("page,code", ["page", "code"], "Every change needs the code of its preview", "decide there."),
    ],
)
async def test_with_a_browser_the_page_is_among_the_ways(
    tmp_path: Path, confirm: str, ways: list[str], begins: str, ends: str
) -> None:
    async with hosted(replace(LIVE, confirm=confirm), browser=FakeBrowser(tmp_path)) as host:
        confirmation = (await read(host, POLICY))["confirmation"]
    assert (confirmation["confirm"], confirmation["ways"]) == (confirm, ways)
    assert confirmation["summary"].startswith(begins)
    assert confirmation["summary"].endswith(ends)


async def test_over_stdio_there_is_always_a_session() -> None:
    assert (await policy(replace(LIVE, stateless=True)))["stateless"] is False


async def test_a_long_list_of_recipients_is_cut_and_masked_if_numbers_are() -> None:
    numbers = tuple(f"+9053200{index:05}" for index in range(MAX_LISTED_RECIPIENTS + 5))
    document = await policy(replace(LIVE, allowed_recipients=numbers, mask_numbers=True))
    recipients = document["limits"]["allowed_recipients"]
    assert len(recipients["value"]) == MAX_LISTED_RECIPIENTS
    assert recipients["more"] == 5
    assert numbers[0] not in str(document)


async def test_a_ledger_that_cannot_be_read_is_named_and_the_rest_is_there(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"no database " * 1_000)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "ledger.sqlite3").execute("SELECT * FROM attempts")
    document = await policy(replace(LIVE, state_dir=tmp_path, api_key=SecretStr("another-key")))
    assert {value for name, value in document["today"].items() if name != "summary"} == {None}
    assert document["today"]["summary"].startswith("The ledger cannot be used")
    assert document["rules"]["live"] is None
    assert document["limits"]["max_recipients"]["value"] == 1_000


async def test_what_is_left_is_of_recipients_and_of_consents_and_no_less_than_nothing(tmp_path: Path) -> None:
    settings = replace(LIVE, state_dir=tmp_path, max_consents_per_day=10)
    async with hosted(settings) as host:
        await host.confirm(IYS_REGISTER, EXAMPLES[IYS_REGISTER])
        left = (await read(host, POLICY))["today"]
        await host.confirm(SEND_SMS, SEND, recipients=["+905321234567", "+905331234567"])
        host.clock.advance(minutes=59)
        sent = (await read(host, POLICY))["today"]
        host.clock.advance(minutes=1)
        later = (await read(host, POLICY))["today"]
    number = len(EXAMPLES[IYS_REGISTER]["consents"])
    assert (left["consents_left_today"], left["recipients_left_in_hour"]) == (10 - number, 1_000)
    assert left["codes_may_confirm"] == {"recipients": 99, "consents": 99 - number}
    assert (sent["recipients_left_in_hour"], later["recipients_left_in_hour"]) == (998, 1_000)
    assert (sent["codes_may_confirm"]["recipients"], later["codes_may_confirm"]["recipients"]) == (97, 99)
    for confirm, codes in (("human", 0), ("code", None)):
        fewer = replace(settings, max_recipients=1, type_count_from=2, confirm=confirm)
        async with hosted(fewer, clock=ManualClock(host.clock.now, host.clock.up)) as other:
            today = (await read(other, POLICY))["today"]
        assert today["codes_may_confirm"] == {"recipients": codes, "consents": codes}
        assert today["recipients_left_in_hour"] == 1


async def test_it_is_in_the_operators_language() -> None:
    document = await policy(replace(LIVE, language="tr"))
    assert document["today"]["summary"] == (
        "Bugün buradan yapılan gönderimlerde 0 kredi kullanıldı; yöneticinin sınırından kalan: 10.000 kredi (sıfırlanma: "
        "24.11.2026 Salı 00:00). Bakiye ayrıdır (get_balance)."
    )


async def test_with_a_folder_of_lists_the_limit_of_a_campaign_is_among_the_limits(tmp_path: Path) -> None:
    document = await policy(replace(LIVE, files_dir=tmp_path))
    assert document["limits"]["max_list_recipients"]["value"] == 10_000
    assert document["limits"]["max_credits_per_day"]["value"] == 100_000
    assert "10,000 in a campaign" in instructions(replace(LIVE, files_dir=tmp_path))
