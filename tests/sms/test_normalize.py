from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.normalize import as_read, clean, fold


@pytest.mark.parametrize("word", ["ÇIĞIRIŞÖÜ", "çığırışöü", "ÇİĞİRİŞÖÜ", "CIGIRISOU", "cıgırısou"])
def test_every_spelling_of_a_turkish_word_folds_to_one(word: str) -> None:
    assert fold(word) == "cigirisou"


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_cleaning_joins_marks_makes_wide_letters_plain_and_drops_the_invisible() -> None:
    assert clean("I\u0307n\u200bd\u00adＩr\ufeffs\u0327") == "İndIrş"


def test_texts_that_look_alike_read_as_one_and_others_do_not() -> None:
    assert as_read(" Kod\u00a012\u200b\r\n345 ") == as_read("Kod 12 345") == "Kod 12 345"
    assert as_read("Kod 12345") != as_read("Kod 12 345")
