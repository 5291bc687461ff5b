"""The number in a cell is the one that the careful reading finds, however it is spelled."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from iletimerkezi_mcp.lists.number_cell import read_number, read_numbers
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number

_SIGNS = st.text("0123456789 -().+", min_size=10, max_size=20)
_SPELLED = st.tuples(
    st.sampled_from(["", "0", "90", "+90", "+90 ", "90-", "+900", "00"]),
    st.sampled_from(["", "("]),
    st.from_regex("5[0-6][0-9]", fullmatch=True),
    st.sampled_from(["", ")", ") ", " ", "-"]),
    st.from_regex("[0-9]{3}", fullmatch=True),
    st.sampled_from(["", " ", "-"]),
    st.from_regex("[0-9]{2} ?[0-9]{2}", fullmatch=True),
).map("".join)


@given(_SPELLED | _SIGNS)
@example("0(532) 123 45 67")
def test_the_quick_reading_finds_what_the_careful_one_does(cell: str) -> None:
    try:
        expected: object = parse_number(cell)
    except NumberError:
        expected = None
    number = read_number(cell, international=False)
    assert (number if isinstance(number, str) else None) == expected


@given(st.lists(_SPELLED | _SIGNS))
@example(["05321234567", "+90 (533) 123-45-67"])
@example(["5321234567", "5331234567 "])
@example(["5321234567\n5331234567"])
def test_many_numbers_are_read_as_each_is(cells: list[str]) -> None:
    numbers = read_numbers(cells)
    if numbers is not None:
        assert numbers == [read_number(cell, international=False) for cell in cells]


def test_the_usual_spellings_are_read_together() -> None:
    cells = ["5321234567", "05331234567", "+905341234567", "0(535) 123 45 67", "536-123-45-67"]
    numbers = [f"+90{operator}1234567" for operator in (532, 533, 534, 535, 536)]
    assert read_numbers(cells) == numbers
    assert read_numbers([*cells, "5,32E+09"]) is None
