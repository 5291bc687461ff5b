"""Counting the parts of many texts is as exact as measuring each."""

from __future__ import annotations

import random

import pytest

from iletimerkezi_mcp.sms.alphabet import CharacterMode, compose
from iletimerkezi_mcp.sms.part_counts import PartCount, PartCounter
from iletimerkezi_mcp.sms.parts import size_message

MODES = (None, *CharacterMode)

ALPHABETS = (
    "abc XYZ.,1234",
    "abc {}[]~|^\\€",
    "çğıİöşüÇĞÖŞÜ abc",
    "şğ€ab[",
    "şè ab",
    "è ø ab",
    "₺’…–ab",
    "🎉👍🏽ab ",
    "Жяб ﷺ",
    "🎉 \u200b",
    " \n",
)


def _expected(text: str, mode: CharacterMode | None) -> PartCount:
    size = size_message(text, mode)
    return PartCount(size.parts, size.too_long, size.arrives_empty, bool(size.overlong) and not size.too_long)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("letters", ALPHABETS)
def test_every_length_around_each_bound_counts_as_it_is_measured(mode: CharacterMode | None, letters: str) -> None:
    chance = random.Random(letters)
    counter = PartCounter(mode)
    for length in [1, 30, 60, *range(62, 70), *range(120, 160), 200, 280, *range(296, 320), 430, 441, 442, 445, 600]:
        text = compose("".join(chance.choices(letters, k=length)))
        assert counter.count(text) == _expected(text, mode), text


@pytest.mark.parametrize("mode", MODES)
def test_random_texts_of_mixed_alphabets_count_as_they_are_measured(mode: CharacterMode | None) -> None:
    chance = random.Random(7)
    counter = PartCounter(mode)
    for _ in range(600):
        letters = "".join(chance.sample(ALPHABETS, 2))
        weights = [chance.choice((1, 1, 20)) for _ in letters]
        text = compose("".join(chance.choices(letters, weights, k=int(chance.triangular(1, 1_150, 150)))))
        # The expected number is that of the texts that go out: of others it is never shown.
        expected, count = _expected(text, mode), counter.count(text)
        assert count.too_long == expected.too_long
        assert count.arrives_empty == expected.arrives_empty
        assert count.is_overlong == expected.is_overlong, text
        assert count.too_long or count.parts == expected.parts, text
