from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.alphabet import (
    EXTENSION_CHARACTERS,
    GSM7_CHARACTERS,
    TURKISH_CHARACTERS,
    Alphabet,
    CharacterMode,
    ForcingCharacter,
    Rendering,
    Substitution,
    alphabet_of,
    compose,
    dotted_letters,
    forcing_character,
    render,
    widths,
)

GSM7, TURKISH, UCS2 = Alphabet
ENGLISH_MODE, TURKISH_MODE, UNICODE_MODE = CharacterMode


def test_the_tables_are_those_of_the_standard() -> None:
    assert len(GSM7_CHARACTERS) == len(TURKISH_CHARACTERS) == 127
    assert len(EXTENSION_CHARACTERS) == 10
    assert "".join(sorted(GSM7_CHARACTERS - TURKISH_CHARACTERS)) == "¡¿ÆØæèìø"
    assert "".join(sorted(TURKISH_CHARACTERS - GSM7_CHARACTERS)) == "çĞğİıŞş€"
    assert not GSM7_CHARACTERS & EXTENSION_CHARACTERS
    assert "\x1b" not in GSM7_CHARACTERS | TURKISH_CHARACTERS


def test_alphabets_have_an_order_of_dearness() -> None:
    assert [alphabet.dearness for alphabet in (GSM7, TURKISH, UCS2)] == [0, 1, 2]


@pytest.mark.parametrize(("text", "composed"), [("s\u0327i", "şi"), ("I\u0307", "İ"), ("şİ🎉", "şİ🎉")])
def test_combining_marks_join_their_letters(text: str, composed: str) -> None:
    assert compose(text) == composed


@pytest.mark.parametrize(
    ("text", "alphabet"),
    [
        ("", GSM7),
        ("Code 123456\r\n@£$", GSM7),
        ("ÇÖöÜüÄäÑñß", GSM7),
        ("è ì Ø æ ¿", GSM7),
        ("[10 €] {a|b} ^~\\", GSM7),
        ("ç", TURKISH),
        ("ı", TURKISH),
        ("Siparişiniz yola çıktı, 10 € [iade]", TURKISH),
        ("s\u0327 I\u0307 g\u0306", TURKISH),
        ("O\u0308", GSM7),
        ("ş ve è", UCS2),
        ("₺", UCS2),
        ("a\tb", UCS2),
        ("🎉", UCS2),
        ("\x1b", UCS2),
        ("\ud800", UCS2),
    ],
)
def test_a_text_needs_the_cheapest_alphabet_that_holds_it(text: str, alphabet: Alphabet) -> None:
    assert alphabet_of(text) is alphabet


@pytest.mark.parametrize(
    ("text", "alphabet", "length"),
    [
        ("", GSM7, 0),
        ("abc", GSM7, 3),
        ("€[]", GSM7, 6),
        ("€[]", TURKISH, 5),
        ("€[]", UCS2, 3),
        ("\f^{}\\[~]|", GSM7, 18),
        ("s\u0327", TURKISH, 1),
        ("s\u0327", UCS2, 1),
        ("🎉", UCS2, 2),
        ("❤️", UCS2, 2),
        ("👩‍🚀", UCS2, 5),
        ("\ud800", UCS2, 1),
    ],
)
def test_units_are_septets_or_code_units(text: str, alphabet: Alphabet, length: int) -> None:
    assert sum(widths(text, alphabet)) == length


@pytest.mark.parametrize(("text", "alphabet"), [("ş", GSM7), ("è", TURKISH), ("🎉", GSM7), ("🎉", TURKISH)])
def test_a_text_that_does_not_fit_has_no_length(text: str, alphabet: Alphabet) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        widths(text, alphabet)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_ucs2_units_are_those_of_the_encoding(text: str) -> None:
    assert sum(widths(text, UCS2)) == len(unicodedata.normalize("NFC", text).encode("utf-16-be")) // 2


@given(st.text(st.sampled_from(sorted(GSM7_CHARACTERS | EXTENSION_CHARACTERS))))
def test_gsm7_units_are_the_characters_and_one_escape_for_each_extension(text: str) -> None:
    escaped = "".join("\x1b" + character if character in EXTENSION_CHARACTERS else character for character in text)
    assert sum(widths(text, GSM7)) == len(escaped)


@pytest.mark.parametrize(
    ("text", "forcing"),
    [
        ("", None),
        ("Ürün [10 €]", None),
        ("Sipariş çıktı", ForcingCharacter("ş", 7, TURKISH, 3)),
        ("Sipariş 🎉", ForcingCharacter("🎉", 9, UCS2)),
        ("🎉 Sipariş", ForcingCharacter("🎉", 1, UCS2)),
        ("Sipariş kâr 🎉", ForcingCharacter("â", 10, UCS2, 1)),
        ("ş ve è", ForcingCharacter("è", 6, UCS2)),
        ("è ve ş", ForcingCharacter("ş", 6, UCS2)),
        ("è ş â 🎉", ForcingCharacter("â", 5, UCS2, 1)),
        ("s\u0327", ForcingCharacter("ş", 1, TURKISH)),
        ("o\u0308 s\u0327", ForcingCharacter("ş", 3, TURKISH)),
        ("a\tb", ForcingCharacter("\t", 2, UCS2)),
    ],
)
def test_the_character_that_makes_a_text_dearer_is_named(text: str, forcing: ForcingCharacter | None) -> None:
    assert forcing_character(text) == forcing


@given(st.text(st.sampled_from("aşçèØâ€🎉"), max_size=12))
def test_a_text_is_as_dear_as_its_beginning_up_to_the_forcing_character(text: str) -> None:
    forcing = forcing_character(text)
    if forcing is None:
        assert alphabet_of(text) is GSM7
    else:
        assert alphabet_of(text) is forcing.alphabet
        assert alphabet_of(text[: forcing.position]) is forcing.alphabet


@pytest.mark.parametrize(
    ("text", "rendering"),
    [
        ("", Rendering("", GSM7)),
        ("Ürün hazır", Rendering("Ürün hazir", GSM7, (Substitution("ı", "i"),))),
        (
            "ŞşĞğİıç ÇÖöÜü ş",
            Rendering(
                "SsGgIic ÇÖöÜü s",
                GSM7,
                (
                    Substitution("Ş", "S"),
                    Substitution("ş", "s"),
                    Substitution("Ğ", "G"),
                    Substitution("ğ", "g"),
                    Substitution("İ", "I"),
                    Substitution("ı", "i"),
                    Substitution("ç", "c"),
                ),
            ),
        ),
        ("s\u0327", Rendering("s", GSM7, (Substitution("ş", "s"),))),
        ("kâr è æ", Rendering("kar è æ", GSM7, (Substitution("â", "a"),))),
        (
            "“a” – b’s…",
            Rendering(
                '"a" - b\'s...',
                GSM7,
                (
                    Substitution("“", '"'),
                    Substitution("”", '"'),
                    Substitution("–", "-"),
                    Substitution("’", "'"),
                    Substitution("…", "..."),
                ),
            ),
        ),
        (
            "Łódź œ ﬁ ½ ²",
            Rendering(
                "Lodz oe fi 1/2 2",
                GSM7,
                (
                    Substitution("Ł", "L"),
                    Substitution("ó", "o"),
                    Substitution("ź", "z"),
                    Substitution("œ", "oe"),
                    Substitution("ﬁ", "fi"),
                    Substitution("½", "1/2"),
                    Substitution("²", "2"),
                ),
            ),
        ),
        ("100₺", Rendering("100", GSM7, (Substitution("₺", ""),))),
        ("a\tb\u00a0c\u2028d", Rendering("a b c\nd", GSM7)),
        ("a\u200bb\ufeff", Rendering("ab", GSM7)),
        ("a\x00b", Rendering("ab", GSM7, (Substitution("\x00", ""),))),
        ("Tebrikler 🎉🎉!", Rendering("Tebrikler !", GSM7, (Substitution("🎉", ""),))),
        (
            "❤️👩‍🚀👍🏽🇹🇷1️⃣",
            Rendering(
                "1",
                GSM7,
                (
                    Substitution("❤️", ""),
                    Substitution("👩‍🚀", ""),
                    Substitution("👍🏽", ""),
                    Substitution("🇹🇷", ""),
                    Substitution("1️⃣", "1"),
                ),
            ),
        ),
        ("Привет", Rendering("", GSM7, tuple(Substitution(letter, "") for letter in "Привет"))),
        ("\ud800a", Rendering("a", GSM7, (Substitution("\ud800", ""),))),
    ],
)
def test_english_mode_folds_or_drops_what_gsm7_lacks(text: str, rendering: Rendering) -> None:
    assert render(text, ENGLISH_MODE) == rendering


@pytest.mark.parametrize(
    ("text", "rendering"),
    [
        ("Siparişiniz 10 €", Rendering("Siparişiniz 10 €", TURKISH)),
        ("Crème", Rendering("Crème", GSM7)),
        ("Crème şart", Rendering("Creme şart", TURKISH, (Substitution("è", "e"),))),
        ("¿Ø? ş", Rendering("?O? ş", TURKISH, (Substitution("¿", "?"), Substitution("Ø", "O")))),
        ("kâr ş 🎉", Rendering("kar ş ", TURKISH, (Substitution("â", "a"), Substitution("🎉", "")))),
        ("hello 🎉", Rendering("hello ", GSM7, (Substitution("🎉", ""),))),
    ],
)
def test_turkish_mode_keeps_turkish_letters_and_folds_the_rest(text: str, rendering: Rendering) -> None:
    assert render(text, TURKISH_MODE) == rendering


@pytest.mark.parametrize(
    ("text", "rendering"),
    [
        ("hello", Rendering("hello", GSM7)),
        ("s\u0327", Rendering("ş", TURKISH)),
        ("ş è 🎉\t", Rendering("ş è 🎉\t", UCS2)),
        ("a\ud800b\udc00\ud800", Rendering("ab", GSM7, (Substitution("\ud800", ""), Substitution("\udc00", "")))),
    ],
)
def test_unicode_mode_keeps_all_that_can_be_carried(text: str, rendering: Rendering) -> None:
    assert render(text, UNICODE_MODE) == rendering


@pytest.mark.parametrize(("text", "empty"), [("🎉", True), ("🎉 \n🎉", True), ("🎉a", False)])
def test_a_text_of_which_nothing_is_left_is_empty(text: str, empty: bool) -> None:
    assert render(text, ENGLISH_MODE).is_empty is empty


@pytest.mark.parametrize(
    ("original", "printable"),
    [
        ("ş", "ş"),
        ("❤️", "❤"),
        ("\x00", "\\u0000"),
        ("\ud800", "\\ud800"),
        ("a" + "\u0303" * 99, "a" + "\u0303" * 3 + "\\u0303…"),
    ],
)
def test_a_replaced_character_is_printed_short_and_harmless(original: str, printable: str) -> None:
    assert Substitution(original, "").printable == printable


@given(st.text(), st.sampled_from(CharacterMode))
def test_a_rendering_is_carried_by_its_mode_and_changes_no_more(text: str, mode: CharacterMode) -> None:
    rendering = render(text, mode)
    assert rendering.alphabet.dearness <= list(CharacterMode).index(mode)
    assert rendering.alphabet is alphabet_of(rendering.text)
    assert render(rendering.text, mode) == Rendering(rendering.text, rendering.alphabet)
    rendering.text.encode("utf-8")


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("şıĞ🎉\u200d\ufe0f🇹🇷\u0301")))
def test_dropped_emoji_leave_nothing_invisible_behind(text: str) -> None:
    assert set(render(text, ENGLISH_MODE).text) <= GSM7_CHARACTERS | EXTENSION_CHARACTERS


@pytest.mark.parametrize(
    ("written", "composed", "dots"),
    [
        ("i\u0307", "i", 1),
        ("İ".lower() + "yi günler", "iyi günler", 1),
        ("i\u0307\u0307i\u0307", "ii", 2),
        ("i\u0307\u0302", "î", 1),
        ("I\u0307", "İ", 0),
        ("z\u0307", "ż", 0),
    ],
)
def test_an_i_with_a_dot_of_its_own_is_an_i(written: str, composed: str, dots: int) -> None:
    assert compose(written) == compose(compose(written)) == composed
    assert dotted_letters(written) == dots
