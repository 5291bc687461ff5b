"""Cells and columns as spreadsheets know them. Loads nothing, for the process that reads a workbook has to start fast."""

from __future__ import annotations

MAX_COLUMNS = 1_000
"""Columns of a list."""

UNCALCULATED = "\0"
"""In place of a formula's value that the file does not hold, until the rows are counted."""


def column_letter(index: int) -> str:
    """Return the letters of the column at `index`, from 0: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the index, from 0, of the column with these letters."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
