from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from . import air
from .effort import at_cost


def test_the_tables_have_a_place_for_every_septet() -> None:
    for table in (air.DEFAULT, air.TURKISH_LOCKING):
        assert len(table) == 128
        assert len(set(table)) == 128
        assert table[air.ESCAPE] == "\x1b"


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("hellohello", "e8329bfd4697d9ec37"),
        ("a€", "e14d19"),
        ("@", "00"),
    ],
)
def test_septets_are_packed_as_published(text: str, octets: str) -> None:
    [part] = air.encode(text, air.GSM7) or []
    assert part[2:].hex() == octets


@pytest.mark.parametrize(
    ("coding", "letter", "alone", "of_several"),
    [
        (air.GSM7, "a", 160, 153),
        (air.TURKISH, "ş", 155, 149),
        (air.TURKISH_BY_SINGLE_SHIFT, "a", 155, 149),
        (air.UCS2, "â", 70, 67),
    ],
)
def test_a_part_holds_what_the_standard_leaves_beside_its_headers(
    coding: air.Coding, letter: str, alone: int, of_several: int
) -> None:
    assert len(air.encode(letter * alone, coding) or []) == 1
    assert len(air.encode(letter * (alone + 1), coding) or []) == 2
    assert len(air.encode(letter * of_several * 2, coding) or []) == 2
    assert len(air.encode(letter * (of_several * 2 + 1), coding) or []) == 3


@at_cost(2)
@given(st.data(), st.sampled_from([air.GSM7, air.TURKISH, air.TURKISH_BY_SINGLE_SHIFT, air.UCS2]))
def test_the_bits_hold_the_text_and_no_part_more_than_it_can(data: st.DataObject, coding: air.Coding) -> None:
    if coding.table is None:
        alphabet: st.SearchStrategy[str] = st.characters(exclude_categories=["Cs"])
    else:
        alphabet = st.sampled_from(coding.table.replace("\x1b", "") + "".join(coding.extension.values()))
    text = data.draw(st.text(alphabet, max_size=60)) * data.draw(st.integers(1, 12))
    parts = air.encode(text, coding)
    assert parts is not None
    assert air.decode(parts) == text
    assert all(len(part) - 2 <= air.OCTETS for part in parts)
    # No part begins or ends in the middle of a character: each can be read alone.
    assert "".join(air.decode([part]) for part in parts) == text
