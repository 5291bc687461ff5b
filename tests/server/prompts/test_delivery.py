"""The prompt for reviewing deliveries."""

from __future__ import annotations

import pytest

from tests.calls import GET_REPORTS
from tests.hosting import hosted
from tests.server.prompts.asked import text_of


async def test_one_order_is_read_by_its_number() -> None:
    async with hosted() as host:
        text = await text_of(host, "delivery_review", order_id="312891245", days="2")
    assert "1. Read get_report with order_id 312891245.\n2. " in text
    assert GET_REPORTS not in text


@pytest.mark.parametrize(
    ("arguments", "start"),
    [({}, "2026-11-21"), ({"days": "1"}, "2026-11-23"), ({"days": "10"}, "2026-11-14")],
)
async def test_days_become_dates_for_a_model_has_no_clock(arguments: dict[str, str], start: str) -> None:
    async with hosted() as host:
        text = await text_of(host, "delivery_review", **arguments)
    assert f"Read get_reports with start {start} and end 2026-11-23, every page." in text
