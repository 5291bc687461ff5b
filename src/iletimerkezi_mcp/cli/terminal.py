"""The abilities of a terminal: colour, redrawing a line, and a width that lines are folded to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import TextIO

MIN_COLUMNS = 20
"""The fewest columns that lines are folded to; a terminal of unknown width reports 0."""

DEFAULT_COLUMNS = 80
"""The columns of a terminal that reports fewer."""


def can_redraw(out: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Return if `out` is a terminal that obeys escape sequences."""
    return out is not None and out.isatty() and environment.get("TERM") != "dumb"


def in_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Return if `out` is to be written in colour: a terminal that has any, unless ``NO_COLOR`` is set."""
    return can_redraw(out, environment) and "NO_COLOR" not in environment


def folded(text: str, columns: int) -> str:
    """Return `text` with no line wider than `columns` (fewer than :data:`MIN_COLUMNS` are :data:`DEFAULT_COLUMNS`).

    If the terminal broke a long line, its rest would begin at the edge like a line of its own. Here the rest of one
    that begins with a bar has a bar, and the rest of any other is indented.
    """
    width = columns if columns >= MIN_COLUMNS else DEFAULT_COLUMNS
    return "\n".join(row for line in text.split("\n") for row in _rows(line, width))


def _rows(line: str, width: int) -> Iterator[str]:
    mark = "| " if line.startswith("| ") else "  "
    row, taken, blank = "", 0, 0
    for character in line:
        wide = _columns(character)
        if taken + wide > width:
            # After the last blank in the row, but not the one of its mark.
            cut = blank if blank > len(mark) else len(row)
            yield row[:cut]
            row = mark + row[cut:]
            taken, blank = sum(map(_columns, row)), 0
        row += character
        taken += wide
        if character == " ":
            blank = len(row)
    yield row


def _columns(character: str) -> int:
    """Return the most columns that a terminal draws `character` in."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") or character > "\uffff" else 1
