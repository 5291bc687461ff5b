from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.normalize import comparison_key, fold, normalize, skeleton


@pytest.mark.parametrize("word", ["ÇIĞIRIŞÖÜ", "çığırışöü", "ÇİĞİRİŞÖÜ", "CIGIRISOU", "cıgırısou"])
def test_every_spelling_of_a_turkish_word_folds_to_one(word: str) -> None:
    assert fold(word) == "cigirisou"


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_cleaning_joins_marks_makes_wide_letters_plain_and_drops_the_invisible() -> None:
    assert normalize("I\u0307n\u200bd\u00adＩr\ufeffs\u0327") == "İndIrş"


def test_texts_that_look_alike_read_as_one_and_others_do_not() -> None:
    assert comparison_key(" Kod\u00a012\u200b\r\n345 ") == comparison_key("Kod 12 345") == "Kod 12 345"
    assert comparison_key("Kod 12345") != comparison_key("Kod 12 345")


@pytest.mark.parametrize(
    "text",
    [
        "SİPARİŞİNİZ YOLA ÇIKTI",
        "SIPARISINIZ YOLA CIKTI",
        "siparisiniz yola cıktı",
        "Siparişiniz, yola çıktı!!",
        "  Sipariş'iniz\u00a0yola\r\nçıktı… ",
        "Sip\u0430ri\u015f\u0456niz y\u043el\u0430 \u0441ikti",
        "\u03a1".join(["Si", "ari\u015finiz yola \u00e7\u0131kt\u0131"]),
        "S\u200bip\u00adariş\u2060iniz yola çıktı",
        "Ｓｉｐａｒｉşｉｎｉｚ yola çıktı",
        "Sipari\u0073\u0327iniz yola c\u0327\u0131kt\u0131",
    ],
)
def test_texts_that_read_nearly_alike_have_one_skeleton(text: str) -> None:
    assert skeleton(text) == "siparisinizyoiacikti"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Kod 1001 iletildi", "Kod l00I iIetiIdi"),
        ("KOD O1", "kod 0l"),
        ("B1LG1 O2", "BİLGİ 02"),
        ("Toplantı saat 10'da", "Toplantı \u0436 saat 代 10'da \u0627"),
        ("Δ 5 adet hazır", "5 adet hazır"),
    ],
)
def test_signs_drawn_alike_and_letters_that_an_account_drops_make_no_other_skeleton(text: str, other: str) -> None:
    assert skeleton(text) == skeleton(other)


def test_a_text_of_another_script_keeps_its_letters() -> None:
    texts = ["غدا 10:30", "اليوم 10:30", "明日 10", "今日 10", "Жду вас в 9", "Жди нас в 9"]
    assert len({skeleton(text) for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Đakovo Łódź", "Dakovo Lodz"), ("cœur, æther, øre", "coeur aether ore"), ("ά έ ї ё Й", "a e i e Й"), ("ǳ", "dz")],
)
def test_letters_that_an_account_makes_plain_and_marked_ones_of_other_scripts_read_alike(text: str, plain: str) -> None:
    assert skeleton(text) == skeleton(plain)


def test_other_letters_and_digits_make_another_skeleton() -> None:
    texts = ["Kod 12345", "Kod 12346", "Kot 12345", "Kod 1234", "Kod", "代码 12345", "Код 12345", ""]
    assert len({skeleton(text) for text in texts}) == len(texts)


_PIECES = st.sampled_from(
    ["i", "I", "ı", "İ", "\u0307", "\u0323", "ş", "s\u0327", " ", "\u00a0", "\n", "\u200b", "ß", "ﬁ"]
)


@given(st.text() | st.lists(_PIECES).map("".join))
def test_texts_that_look_alike_have_one_skeleton(text: str) -> None:
    assert skeleton(comparison_key(text)) == skeleton(text)
