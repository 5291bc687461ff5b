from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.normalize import comparison_key, fold, normalize


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
