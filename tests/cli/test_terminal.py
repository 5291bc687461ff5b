"""What a terminal can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.cli.terminal import folded

WIDTH = 20


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("short", ["short"]),
        ("", [""]),
        ("| one\n| two", ["| one", "| two"]),
        ("| Merhaba, nasılsınız- To: 5", ["| Merhaba, ", "| nasılsınız- To: 5"]),
        ("| " + "x" * 18 + "- To: all", ["| " + "x" * 18, "| - To: all"]),
        ("! " + "x" * 18 + "- To: all", ["! " + "x" * 18, "  - To: all"]),
        ("| " + "🎉" * 10, ["| " + "🎉" * 9, "| 🎉"]),
        ("| " + "e\u0301" * 18, ["| " + "e\u0301" * 18]),
    ],
)
def test_the_rest_of_a_long_line_cannot_be_taken_for_a_line_of_its_own(text: str, rows: list[str]) -> None:
    assert folded(text, WIDTH).split("\n") == rows


def test_a_terminal_that_does_not_know_its_width_has_the_usual_one() -> None:
    assert folded("x" * 90, 0).split("\n") == ["x" * 80, "  " + "x" * 10]


@given(st.text(st.characters(exclude_characters="\n"), max_size=200))
def test_nothing_is_lost_and_every_row_of_a_text_has_its_mark(text: str) -> None:
    rows = folded("| " + text, WIDTH).split("\n")
    assert all(row.startswith("| ") for row in rows)
    assert "".join(row[2:] for row in rows) == text
