"""The rows of a CSV file, against the standard library's reading of it."""

from __future__ import annotations

import csv
import io
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.lists import delimited, table
from iletimerkezi_mcp.lists.delimited import DELIMITERS, read_delimited

from .effort import at_cost

_CELLS = st.text("5a ş\x85\u2028'", max_size=3)
_ROWS = st.lists(_CELLS, min_size=1, max_size=4)
# Most are equally wide, as in most lists; in others a row may have another width, or be a blank line.
_TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(_CELLS, min_size=width, max_size=width))
) | st.lists(_ROWS | st.just([""]))


@at_cost(4)
@given(
    rows=_TABLES,
    delimiter=st.sampled_from([*DELIMITERS, "^", " "]),
    quoted=st.booleans(),
    ends=st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=3),
    last=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 4)),
)
def test_rows_are_those_of_the_careful_reading(
    rows: list[list[str]],
    delimiter: str,
    quoted: bool,
    ends: list[str],
    last: bool,
    encoding: str,
    sizes: tuple[int, int, int],
) -> None:
    lines = [delimiter.join(row) + ends[place % len(ends)] for place, row in enumerate(rows)]
    text = "".join(lines) + delimiter.join(["son"] * last) + '\n"x"' * quoted
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    with (
        mock.patch.object(delimited, "_CHUNK", sizes[0]),
        mock.patch.object(delimited, "_PIECE", sizes[1]),
        mock.patch.object(delimited, "BATCH_ROWS", sizes[2]),
    ):
        content = f"sep={delimiter}\r\n{text}".encode(encoding)
        batches = list(read_delimited(content, None, international=False).batches)
    assert [row for batch in batches for row in batch.rows] == list(range(1, len(expected) + 1))
    assert all(len(column) == len(batch.rows) for batch in batches for column in batch.columns)
    cells = [row for batch in batches for row in batch.cells()]
    assert [row[: table.width(row)] for row in cells] == [tuple(row[: table.width(row)]) for row in expected]
    # A row is never cut short, nor a cell made up: a batch is as wide as its widest row.
    assert all(not any(row[len(each) :]) for row, each in zip(cells, expected, strict=True))
