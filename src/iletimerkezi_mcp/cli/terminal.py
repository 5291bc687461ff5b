"""What a terminal can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import TextIO

NARROWEST = 20
"""Columns below which folding helps nobody; a terminal that does not know how many it has says 0."""

USUAL = 80
"""Columns of a terminal that does not tell."""


def in_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to write to `out` in colour: a terminal that has any, and nobody asks for none (NO_COLOR)."""
    return out.isatty() and "NO_COLOR" not in environment and environment.get("TERM") != "dumb"


def folded(text: str, columns: int) -> str:
    """`text` with no line wider than `columns` (fewer than :data:`NARROWEST` are :data:`USUAL`).

    Where the terminal broke a long line, its rest would begin at the edge like a line of its own. Here the rest of one
    that begins with a bar has a bar, and the rest of any other is indented.
    """
    width = columns if columns >= NARROWEST else USUAL
    return "\n".join(row for line in text.split("\n") for row in _rows(line, width))


def _rows(line: str, width: int) -> Iterator[str]:
    mark = "| " if line.startswith("| ") else "  "
    row, taken, space = "", 0, 0
    for character in line:
        wide = _columns(character)
        if taken + wide > width:
            # After the last blank, if one stands in the row; its mark has one that does not count.
            cut = space if space > len(mark) else len(row)
            yield row[:cut]
            row = mark + row[cut:]
            taken, space = sum(map(_columns, row)), 0
        row += character
        taken += wide
        if character == " ":
            space = len(row)
    yield row


def _columns(character: str) -> int:
    """How wide a terminal draws it at most."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") or character > "\uffff" else 1
