from __future__ import annotations

import pytest

from iletimerkezi_mcp.sms.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("İğne 5 🎉", "İğne 5 🎉"),
        ("a\nb\x1b[31m", "a\\u000ab\\u001b[31m"),
        ("\u202e123", "\\u202e123"),
        ("\ud800", "\\ud800"),
        ("\u00a0\u200b", "\\u00a0\\u200b"),
    ],
)
def test_what_cannot_be_printed_shows_as_its_number(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abcdefgh", "abcdefgh"),
        ("abcdefghi", "abcdefg…"),
        ("abcd\n", "abcd…"),
        ("ab\n", "ab\\u000a"),
        ("\n\n", "\\u000a…"),
    ],
)
def test_a_limit_counts_what_is_shown_and_is_never_passed(text: str, shown: str) -> None:
    assert visible(text, 8) == shown
