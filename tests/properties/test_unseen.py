"""Invisible characters hide nothing from the checks that read a text for a person."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.content import ends_with_suffix, offers_refusal, warnings
from iletimerkezi_mcp.sms.escape import escape, is_blank, strip_invisible
from iletimerkezi_mcp.sms.placeholders import placeholders
from iletimerkezi_mcp.sms.promotion import promotional_words

from .effort import at_cost

# Unicode's DerivedCoreProperties.txt, Default_Ignorable_Code_Point; and the controls, which no phone shows.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2065\u2066\u2067\u2068\u2069\u206a\u206b"
    "\u206c\u206d\u206e\u206f\u3164\ufe00\ufe01\ufe0e\ufe0f\ufeff\uffa0\ufff0\ufff8\U0001bca0\U0001bca3"
    "\U0001d173\U0001d17a\U000e0000\U000e0001\U000e0020\U000e007f\U000e0100\U000e01ef\U000e0fff"
)
_CONTROLS = "".join(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\f\r")

UNSEEN = st.sampled_from(_IGNORABLE + _CONTROLS) | st.characters(categories=["Cf"])


@st.composite
def riddled(draw: st.DrawFn, text: str) -> str:
    """Put invisible characters between those of `text`."""
    return draw(UNSEEN) + "".join(character + "".join(draw(st.lists(UNSEEN, max_size=1))) for character in text)


@given(UNSEEN)
@example("\u2066")
@example("\ufe0f")
def test_what_cannot_be_seen_is_blank_and_left_out_and_shown_by_its_number(character: str) -> None:
    assert is_blank(character)
    assert strip_invisible(f"a{character}b") == "ab"
    assert escape(f"a{character}b") != f"a{character}b"


@given(st.text(st.characters() | UNSEEN))
def test_whatever_is_left_can_be_seen_or_is_a_blank(text: str) -> None:
    left = strip_invisible(text)
    assert strip_invisible(left) == left
    assert is_blank(text) is (not left.strip())
    assert all(not is_blank(character) or character.isspace() for character in left)
    assert not set(_IGNORABLE + _CONTROLS) & set(left)


@at_cost(4)
@given(st.data())
def test_no_search_of_a_text_is_led_astray(data: st.DataObject) -> None:
    assert promotional_words(data.draw(riddled("Büyük indirim"))) == ("indirim",)
    assert placeholders(data.draw(riddled("Sayın {ad}"))) == ("{ad}",)
    assert offers_refusal(data.draw(riddled("RET yazıp 3300'e gönderin")))
    assert ends_with_suffix(data.draw(riddled("Merhaba B186")))


@at_cost(4)
@given(st.data())
def test_the_warning_of_a_preview_is_the_same_for_a_riddled_text(data: st.DataObject) -> None:
    noon = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    plain = "Kampanya: %50 indirim, SMS iptal için RET yaz 3300"
    told = [
        warnings(text, message_type="transactional", iys_list=None, when=noon, sender="FIRMA")
        for text in (plain, data.draw(riddled(plain)))
    ]
    assert told[0] == told[1]


@at_cost(10)
@given(st.text(st.sampled_from("aindrm %5{}[]ad.,!\n\u2800\u00a0\u3000" + _IGNORABLE), max_size=60))
def test_a_blank_parts_words_and_what_is_quoted_stood_there(text: str) -> None:
    seen = unicodedata.normalize("NFKC", strip_invisible(text))
    for word in promotional_words(text):
        assert word in " ".join(seen.split()), re.escape(word)
