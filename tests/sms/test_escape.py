from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.escape import cut, escape, escape_line, is_blank
from iletimerkezi_mcp.sms.masking import mask_in_text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("", ""),
        ("İğne 5 🎉", "İğne 5 🎉"),
        ("a\nb\x1b[31m", "a\\u000ab\\u001b[31m"),
        ("\u202e123", "\\u202e123"),
        ("\ud800", "\\ud800"),
        ("\u00a0\u200b", "\\u00a0\\u200b"),
        ("\ufffc\U0001d159\U00016fe4", "\\ufffc\\U0001d159\\U00016fe4"),
        ("Toplam:   5", "Toplam:   5"),
        ("a     b", "a   \\u0020\\u0020b"),
        ("\u05e9\u05bc\u05c1\u05b8", "\u05e9\u05bc\u05c1\u05b8"),
        ("a" + "\u0336" * 5 + "b", "a" + "\u0336" * 3 + "\\u0336\\u0336b"),
        ("\u0489a \u0489", "\\u0489a \\u0489"),
    ],
)
def test_what_cannot_be_printed_is_escaped_as_its_number(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("abcdefgh", "abcdefgh"),
        ("abcdefghi", "abcdefg…"),
        ("abcd\n", "abcd…"),
        ("ab\n", "ab\\u000a"),
        ("\n\n", "\\u000a…"),
    ],
)
def test_a_limit_counts_the_escaped_characters_and_is_never_passed(text: str, escaped: str) -> None:
    assert escape(text, 8) == escaped


@pytest.mark.parametrize(
    "hidden",
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180d\u180e\u180f\u200c\u2065"
    "\u2800\u3164\ufe00\ufe0e\ufe0f\uffa0\ufff0\u00ad\x00\ue000",
)
def test_what_shows_nothing_though_unicode_calls_it_printable_shows_as_its_number(hidden: str) -> None:
    assert escape(f"a{hidden}b") == f"a\\u{ord(hidden):04x}b"


@pytest.mark.parametrize("hidden", ["\U000e0101", "\U000e01ef", "\U000e0041"])
def test_a_number_beyond_four_digits_has_eight(hidden: str) -> None:
    assert escape(f"a{hidden}1") == f"a\\U{ord(hidden):08x}1"


def test_a_typed_number_differs_from_an_escaped_character() -> None:
    assert escape("\\u200b \u200b") == "\\u005cu200b \\u200b"
    assert escape("\\U000e0041") == "\\u005cU000e0041"
    assert escape("C:\\temp \\") == "C:\\temp \\"


@pytest.mark.parametrize(
    "emoji",
    [
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "#\ufe0f\u20e3",
        "©\ufe0f",
        "👨\u200d👩\u200d👧",
        "👩🏽\u200d🚀",
        "❤\ufe0f\u200d🔥",
        "🏳\ufe0f\u200d🌈",
        "🇹🇷",
    ],
)
def test_the_marks_that_everyday_emoji_are_made_of_stay(emoji: str) -> None:
    assert escape(f"a{emoji}b") == f"a{emoji}b"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a\ufe0f", "a\\ufe0f"),
        ("+\ufe0f", "+\\ufe0f"),
        ("1\ufe0f2", "1\\ufe0f2"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f\\ufe0f"),
        ("❤\ufe0e", "❤\\ufe0e"),
        ("❤\u200da", "❤\\u200da"),
        ("a\u200d❤", "a\\u200d❤"),
        ("❤\u200d\u200d❤", "❤\\u200d\\u200d❤"),
        ("\u2800\ufe0f", "\\u2800\\ufe0f"),
    ],
)
def test_anywhere_else_they_are_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\\uU0123456789abcdef\u200b\u200d\ufe0f❤👨"))))
def test_nothing_is_lost_and_no_two_texts_look_the_same(text: str) -> None:
    escaped = escape(text)
    assert re.sub(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})", lambda m: chr(int(m[1] or m[2], 16)), escaped) == text
    assert escape_line(escaped) == escaped
    # A pictograph newer than this Python's Unicode is not printable to it.
    assert all(
        each.isprintable() or each == "\u200d" or re.match("[\u2900-\u2bff\U0001f000-\U0001faff]", each)
        for each in escaped
    )


@given(st.text(max_size=20), st.integers(min_value=1, max_value=12))
def test_a_cut_never_splits_a_number_and_never_passes_the_limit(text: str, limit: int) -> None:
    escaped = escape(text, limit)
    assert len(escaped) <= limit
    assert escaped == escape(text) or (escaped.endswith("…") and escape(text).startswith(escaped[:-1]))


@pytest.mark.parametrize("number", ["05321234567", "+49 151 12345678", "0532\n123\n45\n67", "5 3 2 1 2 3 4 5 6 7"])
@pytest.mark.parametrize("before", ["", "Ara: ", "{{telefon numarasi x"])
@pytest.mark.parametrize("behind", ["", " bekleriz", "}}"])
def test_a_cut_leaves_no_part_of_a_phone_number_that_a_mask_would_not_know(
    number: str, before: str, behind: str
) -> None:
    text = f"{before}{number}{behind}"
    for limit in range(2, len(escape(text)) + 2):
        for shown in (escape(text, limit), cut(text, limit)):
            visible = re.sub(r"\\u000a|\D", "", mask_in_text(shown))
            assert len(visible) <= 7
            assert len(shown) <= limit


def test_a_cut_is_where_it_was_without_a_number_in_it() -> None:
    assert cut("05321234567 ve", 12) == "05321234567 "
    assert cut("312891248, 2026-11-23", 15) == "312891248, 2026"


def test_a_line_that_was_made_visible_before_is_not_numbered_twice() -> None:
    once = escape("a\\u200b\u200b")
    assert escape_line(f"“{once}”\u202e") == "“a\\u005cu200b\\u200b”\\u202e"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n\u00a0\u3000",
        "\u200b\u200d",
        "\u00ad",
        "\ufeff",
        "\u3164",
        "\u2800",
        "\x00\x1b",
        "\ufe0f",
        "\U000e0020",
        "\u2065",
    ],
)
def test_a_text_in_which_nothing_can_be_seen_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", " . ", "\u200bb", "❤", "1\ufe0f\u20e3", "\U0001fae8", "ş"])
def test_a_text_in_which_something_can_be_seen_is_not(text: str) -> None:
    assert not is_blank(text)


def test_an_ordinary_text_is_as_blank_as_beside_a_mark_that_is_looked_at_alone() -> None:
    for character in map(chr, range(0x3100)):
        assert is_blank(character) is is_blank(f"{character}\u200b"), hex(ord(character))


@pytest.mark.parametrize("line", ["- Başlık: FİRMA, 3 alıcı → “ş”…", "two  blanks", " begins with one", "a\u200b", ""])
def test_an_ordinary_line_is_as_if_it_had_been_gone_through(line: str) -> None:
    assert escape_line(line) == "".join(escape_line(part) for part in re.split("(  +|[^ ]+)", line))
