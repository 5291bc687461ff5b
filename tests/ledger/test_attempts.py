from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from iletimerkezi_mcp.ledger.attempts import TextUse, Usage
from iletimerkezi_mcp.sms.clock import ISTANBUL

from .machine import message, sending

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ISTANBUL)
FIRST, SECOND = NOON + timedelta(minutes=5), NOON + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("allowed", "moment"), [(700, None), (500, None), (499, FIRST), (300, FIRST), (299, SECOND), (0, SECOND)]
)
def test_room_for_a_text_comes_back_send_by_send(allowed: int, moment: datetime | None) -> None:
    usage = Usage(0, NOON, (TextUse(200, FIRST), TextUse(300, SECOND)))
    assert usage.recipients_of_text == 500
    assert usage.text_frees_at(allowed) == moment


def test_digests_do_not_show() -> None:
    assert "same" not in repr(message(b"same"))
    assert "digest" not in repr(sending())
