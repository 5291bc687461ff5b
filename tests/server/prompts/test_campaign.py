"""The prompt for sending."""

from __future__ import annotations

from tests.hosting import hosted
from tests.server.prompts.asked import text_of


async def test_it_begins_with_what_the_person_has_in_mind() -> None:
    async with hosted() as host:
        text = await text_of(
            host, "send_campaign", idea="20% off all boots", recipients="the list in customers.csv", sender="FIRMAADI"
        )
    assert text.startswith(
        "Help me send an SMS. What I have in mind: “20% off all boots”\n"
        "It goes to: “the list in customers.csv”\n"
        "Sender: FIRMAADI\n\nGo step by step"
    )


async def test_what_is_left_out_is_not_mentioned() -> None:
    async with hosted() as host:
        text = await text_of(host, "send_campaign", idea="bot indirimi", language="tr")
    assert text.startswith("SMS göndermek istiyorum, yardım et. Konu: “bot indirimi”\n\nAdım adım ilerle")


async def test_braces_in_a_persons_words_are_left_as_they_are() -> None:
    async with hosted() as host:
        text = await text_of(host, "send_campaign", idea="Sayın {idea}, {0}")
    assert "“Sayın {idea}, {0}”" in text
