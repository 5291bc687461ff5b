"""The prompt for declaring consents."""

from __future__ import annotations

from tests.hosting import hosted
from tests.server.prompts.asked import text_of


async def test_it_begins_with_what_the_person_has_and_tells_the_limits_that_hold() -> None:
    async with hosted() as host:
        text = await text_of(host, "consent_import", records="forms.xlsx")
        turkish = await text_of(host, "consent_import", language="tr")
    assert text.startswith("Help me declare consents to İYS.\nWhat I have: “forms.xlsx”\n\nThis is a legal statement")
    assert "at most 5,000 records" in text
    assert "older than 3 working days" in text
    assert turkish.startswith("İYS izinlerini bildirmeme yardım et.\n\nBu, başkaları")
    assert "en çok 5.000 kayıt" in turkish
