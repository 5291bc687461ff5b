"""The number in a cell is the one that the careful reading finds, however it is spelled."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from iletimerkezi_mcp.lists.number_cell import read_number
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
