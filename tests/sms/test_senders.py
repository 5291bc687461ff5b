"""Sender names."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.sms.senders import SenderError, parse_sender


@pytest.mark.parametrize("name", ["FIRMAADI", "Firma Adi", "A.B. & C", "12345678901"])
def test_a_sender_is_taken_as_it_is_written(name: str) -> None:
    assert parse_sender(name) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "empty"), ("   ", "empty"), ("123456789012", "12 characters"), ("ŞİRKET", "Turkish"), ("A\nB", "letters")],
)
def test_what_can_never_be_a_sender_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(SenderError) as caught:
        parse_sender(name)
    assert reason in caught.value.reason.en
    assert caught.value.reason.tr
