"""The output of a command, on a terminal or elsewhere: colour, one JSON object, a width that lines are folded to."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"
PLAIN = "\x1b[0m"

MIN_COLUMNS = 20
"""The fewest columns that lines are folded to; a terminal of unknown width reports 0."""

DEFAULT_COLUMNS = 80
"""The columns of a terminal that reports fewer."""


_SIGNS = re.compile(r"\x1b\[[0-9;]*m|.", re.DOTALL)
"""A character, or a sequence that sets a style and takes no column."""


def can_redraw(out: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Return if `out` is a terminal that obeys escape sequences."""
    return out is not None and out.isatty() and environment.get("TERM") != "dumb"


def fold(text: str, columns: int) -> str:
    """Return `text` with no line wider than `columns` (fewer than :data:`MIN_COLUMNS` are :data:`DEFAULT_COLUMNS`).

    If the terminal broke a long line, its rest would begin at the edge like a line of its own. Here the rest of one
    that begins with a bar has a bar, and the rest of any other is indented further than the line.
    """
    width = columns if columns >= MIN_COLUMNS else DEFAULT_COLUMNS
    return "\n".join(row for line in text.split("\n") for row in _rows(line, width))


def _rows(line: str, width: int) -> Iterator[str]:
    text = line.lstrip(" ")
    mark = line[: min(len(line) - len(text), width // 4)] + ("| " if text.startswith("| ") else "  ")
    row, column, blank = "", 0, 0
    for character in _SIGNS.findall(line):
        wide = _columns(character)
        if column + wide > width:
            # After the last blank in the row, but not the one of its mark.
            cut = blank if blank > len(mark) else len(row)
            yield row[:cut]
            row = mark + row[cut:]
            column, blank = sum(map(_columns, row)), 0
        row += character
        column += wide
        if character == " ":
            blank = len(row)
    yield row


def _columns(character: str) -> int:
    """Return the most columns that a terminal draws `character` in."""
    if len(character) > 1 or unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") or character > "\uffff" else 1


@dataclass(frozen=True, slots=True)
class Output:
    """The output of a command: lines on `out`, in colour or not; or, with `as_json`, one JSON object in their place."""

    out: TextIO
    as_json: bool = False
    colour: bool = False

    @classmethod
    def on_stdout(cls, *, as_json: bool) -> Output:
        """Return the output on stdout, in colour if that is a terminal that has any and ``NO_COLOR`` is not set."""
        colour = can_redraw(sys.stdout, os.environ) and "NO_COLOR" not in os.environ
        return cls(sys.stdout, as_json, colour)

    def line(self, text: str) -> None:
        """Write `text`, on a terminal in lines that fit."""
        if not self.as_json:
            self._write(fold(text, shutil.get_terminal_size().columns) if self.out.isatty() else text)

    def json(self, content: Mapping[str, Any]) -> None:
        if self.as_json:
            self._write(json.dumps(content, ensure_ascii=False, indent=1))

    def styled(self, text: str, style: str) -> str:
        """Return `text` in one of the styles above, or as it is if there is no colour."""
        return f"{style}{text}{PLAIN}" if self.colour else text

    def _write(self, text: str) -> None:
        encoding = self.out.encoding or "utf-8"
        self.out.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        self.out.flush()
