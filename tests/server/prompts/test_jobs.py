"""The texts that the prompts become."""

from __future__ import annotations

import pytest

from tests.calls import GET_REPORTS
from tests.hosting import hosted
from tests.server.prompts.asked import text_of


async def test_a_campaign_begins_with_what_the_person_has_in_mind() -> None:
    async with hosted() as host:
        text = await text_of(
            host, "send_campaign", idea="20% off all boots", recipients="the list in customers.csv", sender="FIRMAADI"
        )
    assert text.startswith(
        "Help me send an SMS. What I have in mind: “20% off all boots”\n"
        "It goes to: “the list in customers.csv”\n"
        "Sender: FIRMAADI\n\nGo step by step"
    )


async def test_an_argument_that_is_left_out_is_not_mentioned() -> None:
    async with hosted() as host:
        text = await text_of(host, "send_campaign", idea="bot indirimi", language="tr")
    assert text.startswith("SMS göndermek istiyorum, yardım et. Konu: “bot indirimi”\n\nAdım adım ilerle")


async def test_braces_in_a_persons_words_are_left_as_they_are() -> None:
    async with hosted() as host:
        text = await text_of(host, "send_campaign", idea="Sayın {idea}, {0}")
    assert "“Sayın {idea}, {0}”" in text


async def test_one_order_is_read_by_its_number() -> None:
    async with hosted() as host:
        text = await text_of(host, "delivery_review", order_id="312891245", days="2")
    assert "1. Read get_report with order_id 312891245 and show undelivered.\n2. " in text
    assert GET_REPORTS not in text


@pytest.mark.parametrize(
    ("arguments", "start"),
    [({}, "2026-11-21"), ({"days": "1"}, "2026-11-23"), ({"days": "10"}, "2026-11-14")],
)
async def test_days_become_dates_for_a_model_has_no_clock(arguments: dict[str, str], start: str) -> None:
    async with hosted() as host:
        text = await text_of(host, "delivery_review", **arguments)
    assert f"Read get_reports with start {start} and end 2026-11-23, every page." in text


async def test_the_check_reads_the_account_and_changes_nothing() -> None:
    async with hosted() as host:
        text = await text_of(host, "account_check")
        assert host.wire.requests == []
    assert "1. Read get_balance and get_sender." in text
    assert text.endswith("Send nothing and change nothing; what is changed, I decide.")


async def test_an_import_begins_with_what_the_person_has_and_tells_the_limits_that_hold() -> None:
    async with hosted() as host:
        text = await text_of(host, "consent_import", records="forms.xlsx")
        turkish = await text_of(host, "consent_import", language="tr")
    assert text.startswith("Help me declare consents to İYS.\nWhat I have: “forms.xlsx”\n\nThis is a legal statement")
    assert "at most 5,000 records" in text
    assert "older than 3 working days" in text
    assert turkish.startswith("İYS izinlerini bildirmeme yardım et.\n\nBu, başkaları")
    assert "en çok 5.000 kayıt" in turkish
