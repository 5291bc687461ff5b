from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.alphabet import Alphabet, CharacterMode, ForcingCharacter, Rendering, Substitution
from iletimerkezi_mcp.sms.parts import (
    MAX_PARTS,
    PART_SIZES,
    MessageSize,
    Size,
    Variant,
    describe_briefly,
    describe_size,
    measure,
    size_message,
)

GSM7, TURKISH, UCS2 = Alphabet
ENGLISH_MODE, TURKISH_MODE, UNICODE_MODE = CharacterMode


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", Size(GSM7, 0, 1, is_estimate=False)),
        ("a" * 155, Size(GSM7, 155, 1, is_estimate=False)),
        ("a" * 156, Size(GSM7, 156, 2, is_estimate=False)),
        ("a" * 154 + "[", Size(GSM7, 156, 2, is_estimate=False)),
        ("a" * 301, Size(GSM7, 301, 2, is_estimate=False)),
        ("a" * 302, Size(GSM7, 302, 3, is_estimate=True)),
        ("a" * 308, Size(GSM7, 308, 3, is_estimate=True)),
        ("a" * 309, Size(GSM7, 309, 3, is_estimate=False)),
        ("a" * 1066, Size(GSM7, 1066, 7, is_estimate=False)),
        ("a" * 1067, Size(GSM7, 1067, 7, is_estimate=True)),
        ("a" * 1071, Size(GSM7, 1071, 7, is_estimate=True)),
        ("a" * 1072, Size(GSM7, 1072, 8, is_estimate=True)),
        ("ş" * 150, Size(TURKISH, 150, 1, is_estimate=False)),
        ("ş" * 291, Size(TURKISH, 291, 2, is_estimate=False)),
        ("ş" * 292, Size(TURKISH, 292, 3, is_estimate=True)),
        ("ş" * 1036, Size(TURKISH, 1036, 7, is_estimate=True)),
        ("ş" * 1037, Size(TURKISH, 1037, 8, is_estimate=True)),
        ("â" * 65, Size(UCS2, 65, 1, is_estimate=False)),
        ("🎉" * 33, Size(UCS2, 66, 2, is_estimate=False)),
        ("â" * 121, Size(UCS2, 121, 2, is_estimate=False)),
        ("â" * 122, Size(UCS2, 122, 3, is_estimate=True)),
        ("â" * 441, Size(UCS2, 441, 7, is_estimate=True)),
        ("â" * 442, Size(UCS2, 442, 8, is_estimate=True)),
        # A character of two units does not go half into one part and half into the next.
        ("[" * 150, Size(GSM7, 300, 2, is_estimate=False)),
        ("[" * 227, Size(GSM7, 454, 4, is_estimate=True)),
        ("a" + "[" * 227, Size(GSM7, 455, 4, is_estimate=True)),
        ("a" * 152 + "[" + "a" * 147, Size(GSM7, 301, 3, is_estimate=True)),
        ("ş" * 147 + "[" + "ş" * 142, Size(TURKISH, 291, 3, is_estimate=True)),
        ("🎉" * 92, Size(UCS2, 184, 4, is_estimate=True)),
    ],
)
def test_a_text_measures_the_careful_number_of_parts(text: str, size: Size) -> None:
    assert measure(text) == size
    assert size.too_long is (size.parts > MAX_PARTS)


def test_a_text_can_be_measured_in_a_dearer_alphabet_but_not_in_one_that_lacks_its_characters() -> None:
    assert measure("a" * 156, TURKISH) == Size(TURKISH, 156, 2, is_estimate=False)
    assert measure("a" * 442, UCS2).too_long
    with pytest.raises(ValueError, match="does not fit"):
        measure("ş", GSM7)


@given(st.sampled_from(Alphabet), st.integers(1, 2000))
def test_one_more_unit_never_makes_fewer_parts_and_at_most_one_more(alphabet: Alphabet, length: int) -> None:
    shorter, longer = measure("a" * length, alphabet), measure("a" * (length + 1), alphabet)
    assert 0 <= longer.parts - shorter.parts <= 1
    assert shorter.too_long <= longer.too_long


@given(st.sampled_from(Alphabet), st.integers(1, 2000))
def test_a_part_never_holds_more_than_its_limit(alphabet: Alphabet, length: int) -> None:
    first, following = PART_SIZES[alphabet]
    size = measure("a" * length, alphabet)
    assert size.units <= (first if size.parts == 1 else size.parts * following)


def variant(mode: CharacterMode, text: str, size: Size, *changed: Substitution) -> Variant:
    return Variant(mode, Rendering(text, size.alphabet, changed), size)


def test_while_the_mode_is_unknown_english_and_unicode_are_both_read() -> None:
    english = variant(ENGLISH_MODE, "Siparis", Size(GSM7, 7, 1, is_estimate=False), Substitution("ş", "s"))
    unicode = variant(UNICODE_MODE, "Sipariş", Size(TURKISH, 7, 1, is_estimate=False))
    size = size_message("Sipariş", None)
    assert size == MessageSize((english, unicode), ForcingCharacter("ş", 7, TURKISH))
    assert size.dearest == unicode
    assert not size.arrives_empty


@pytest.mark.parametrize("text", ["Ürün hazir", "a\ud800"])
def test_variants_that_do_not_differ_are_one(text: str) -> None:
    assert len(size_message(text, None).variants) == 1


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (
            ENGLISH_MODE,
            variant(
                ENGLISH_MODE,
                "s ",
                Size(GSM7, 2, 1, is_estimate=False),
                Substitution("ş", "s"),
                Substitution("🎉", ""),
            ),
        ),
        (TURKISH_MODE, variant(TURKISH_MODE, "ş ", Size(TURKISH, 2, 1, is_estimate=False), Substitution("🎉", ""))),
        (UNICODE_MODE, variant(UNICODE_MODE, "ş 🎉", Size(UCS2, 4, 1, is_estimate=False))),
    ],
)
def test_a_known_mode_has_one_variant(mode: CharacterMode, expected: Variant) -> None:
    assert size_message("ş 🎉", mode) == MessageSize((expected,), ForcingCharacter("🎉", 3, UCS2))


def test_turkish_mode_is_read_too_if_it_would_be_dearest() -> None:
    dearer = size_message("…" * 100 + "ş", None)
    assert [(each.mode, each.size.parts) for each in dearer.variants] == [
        (ENGLISH_MODE, 2),
        (TURKISH_MODE, 3),
        (UNICODE_MODE, 2),
    ]
    assert dearer.parts == 3
    overlong = size_message("ş" + "…" * 350, None)
    assert [(each.mode, each.size.parts, each.size.too_long) for each in overlong.variants] == [
        (ENGLISH_MODE, 7, False),
        (TURKISH_MODE, 8, True),
        (UNICODE_MODE, 6, False),
    ]
    assert overlong.parts == 7


def test_credits_limits_and_emptiness_use_the_dearest_variant() -> None:
    long = size_message("â" * 442, UNICODE_MODE)
    assert (long.parts, long.credits_at_most(1000), long.too_long) == (8, 8000, True)
    # In Unicode mode it is refused, and costs nothing.
    long = size_message("â" * 442, None)
    assert (long.parts, long.credits_at_most(1000), long.too_long) == (3, 3000, False)
    assert [each.mode for each in long.overlong] == [UNICODE_MODE]
    english = size_message("â" * 442, ENGLISH_MODE)
    assert (english.parts, english.credits_at_most(1000), english.too_long) == (3, 3000, False)
    assert size_message("🎉", None).arrives_empty
    assert size_message("🎉", TURKISH_MODE).arrives_empty
    assert not size_message("🎉", UNICODE_MODE).arrives_empty


@pytest.mark.parametrize(
    ("text", "mode", "description"),
    [
        ("hello", None, Text("GSM-7, 5 characters, 1 part", "GSM-7, 5 karakter, 1 boy")),
        (
            "a" * 302,
            None,
            Text(
                "GSM-7, 302 characters, 2 or 3 parts (2 if shortened by 1)",
                "GSM-7, 302 karakter, 2 ya da 3 boy (1 karakter kısaltılırsa 2)",
            ),
        ),
        (
            "a" * 1_070,
            None,
            Text(
                "GSM-7, 1,070 characters, 7 parts, if it is accepted (6 if shortened by 157)",
                "GSM-7, 1.070 karakter, 7 boy, kabul edilirse (157 karakter kısaltılırsa 6)",
            ),
        ),
        (
            "Ali’nin",
            UNICODE_MODE,
            Text(
                "UCS-2 because of ’ (character 4), a plain ' would do, 7 characters, 1 part",
                "UCS-2 (4. karakter “’” yüzünden), düz ' yeterli, 7 karakter, 1 boy",
            ),
        ),
        (
            "Sipariş",
            None,
            Text(
                "7 characters, 1 part in every mode; if the account is in English mode, sent with ş→s; "
                "if it is in Turkish or Unicode mode, sent as written",
                "7 karakter, her modda 1 boy; hesap İngilizce modundaysa ş→s olarak gider; "
                "Türkçe ya da Unicode modundaysa yazıldığı gibi gider",
            ),
        ),
        (
            "🎉",
            None,
            Text(
                "if the account is in English mode: GSM-7, 0 characters, 1 part, nothing of the text is left; "
                "if it is in Unicode mode: UCS-2 because of 🎉 (character 1), 2 characters, 1 part, sent as written",
                "hesap İngilizce modundaysa: GSM-7, 0 karakter, 1 boy, metinden geriye bir şey kalmaz; "
                "Unicode modundaysa: UCS-2 (1. karakter “🎉” yüzünden), 2 karakter, 1 boy, yazıldığı gibi gider",
            ),
        ),
        (
            "abcşĞğıİ🎉Ş",
            ENGLISH_MODE,
            Text(
                "GSM-7, 9 characters, 1 part, sent with ş→s, Ğ→G, ğ→g, ı→i, İ→I, 2 more changes",
                "GSM-7, 9 karakter, 1 boy, ş→s, Ğ→G, ğ→g, ı→i, İ→I olarak gider, 2 değişiklik daha",
            ),
        ),
        (
            "ş 🎉",
            ENGLISH_MODE,
            Text(
                "GSM-7, 2 characters, 1 part, sent with ş→s, 🎉 dropped",
                "GSM-7, 2 karakter, 1 boy, ş→s olarak gider, 🎉 silinir",
            ),
        ),
        (
            "a🎉",
            TURKISH_MODE,
            Text("GSM-7, 1 character, 1 part, 🎉 dropped", "GSM-7, 1 karakter, 1 boy, 🎉 silinir"),
        ),
        (
            "a\tşĞğıİŞ",
            UNICODE_MODE,
            Text(
                "UCS-2 because of \\u0009 (character 2), 8 characters, 1 part",
                "UCS-2 (2. karakter “\\u0009” yüzünden), 8 karakter, 1 boy",
            ),
        ),
    ],
)
def test_a_size_is_described_in_one_sentence(text: str, mode: CharacterMode | None, description: Text) -> None:
    assert describe_size(size_message(text, mode)) == description


@pytest.mark.parametrize(
    ("text", "mode", "description"),
    [
        ("hello", None, Text("5 characters, 1 part", "5 karakter, 1 boy")),
        (
            "ş" * 155,
            None,
            Text(
                "155 characters, at most 2 parts (1 if shortened by 5); if the account is in English mode, sent with ş→s",
                "155 karakter, en çok 2 boy (5 karakter kısaltılırsa 1); hesap İngilizce modundaysa ş→s olarak gider",
            ),
        ),
        (
            "🎉",
            None,
            Text(
                "2 characters, 1 part; if the account is in English mode, nothing of the text is left",
                "2 karakter, 1 boy; hesap İngilizce modundaysa metinden geriye bir şey kalmaz",
            ),
        ),
        ("ş", ENGLISH_MODE, Text("1 character, 1 part; sent with ş→s", "1 karakter, 1 boy; ş→s olarak gider")),
    ],
)
def test_a_size_is_described_briefly(text: str, mode: CharacterMode | None, description: Text) -> None:
    assert describe_briefly(size_message(text, mode)) == description


def test_turkish_mode_is_named_if_it_is_dearest() -> None:
    description = describe_size(size_message("…" * 100 + "ş", None))
    assert (
        "; if it is in Turkish mode: Turkish alphabet, 301 characters, 3 parts (2 if shortened by 10), "
        in description.en
    )
    assert "; Türkçe modundaysa: Türkçe alfabe, 301 karakter, 3 boy (10 karakter kısaltılırsa 2), " in description.tr
