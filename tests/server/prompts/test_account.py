"""The prompt for checking the account."""

from __future__ import annotations

from tests.hosting import hosted
from tests.server.prompts.asked import text_of


async def test_it_reads_the_account_and_changes_nothing() -> None:
    async with hosted() as host:
        text = await text_of(host, "account_check")
        assert host.wire.requests == []
    assert "1. Read get_balance and get_sender." in text
    assert text.endswith("Send nothing and change nothing; what is changed, I decide.")
