"""A prompt's arguments."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.hosting import LIVE, hosted
from tests.server.prompts.asked import refused


@pytest.mark.parametrize(
    ("name", "arguments", "begins"),
    [
        ("account_check", {"language": "de"}, "language must be en or tr."),
        ("delivery_review", {"days": "11"}, "days must be 1 to 10."),
        ("delivery_review", {"days": "0"}, "days must be 1 to 10."),
        ("delivery_review", {"days": "ten"}, "days must be 1 to 10."),
        ("delivery_review", {"order_id": "12a"}, "order_id must be digits only, at most 20."),
        ("send_campaign", {"idea": "x", "sender": "ŞİRKET"}, "sender may hold English letters"),
        ("consent_import", {"records": "x" * 2_001}, "records may have at most 2,000 characters."),
    ],
)
async def test_a_value_that_cannot_be_used_is_refused_with_the_reason(
    name: str, arguments: dict[str, str], begins: str
) -> None:
    async with hosted() as host:
        assert (await refused(host, name, **arguments)).startswith(begins)


async def test_the_reason_is_in_the_operators_language() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        message = await refused(host, "delivery_review", days="x")
    assert message == ("days 1 ile 10 arasında olmalı. delivery_review parametreleri: order_id, days, language.")
