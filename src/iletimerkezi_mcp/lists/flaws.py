"""Flaws of cells: what a warning on a text would name, found in what is filled into it.

A cell is for people, so a flaw says in which rows it is and never quotes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from iletimerkezi_mcp.sms.broken_text import broken_words
from iletimerkezi_mcp.sms.content import ends_with_suffix
from iletimerkezi_mcp.sms.placeholders import placeholders
from iletimerkezi_mcp.sms.promotion import promotional_words

Flaw = Literal["promotion", "placeholder", "broken", "sheet_error", "suffix"]
"""The kinds: promotional words, a placeholder, damaged letters or codes, a spreadsheet's error value, and B186."""

# In English and in Turkish, as Excel and LibreOffice show them.
_SHEET_ERROR = re.compile(
    r"(?<!\S)(?:\#(?:N/A|YOK|REF!|BAŞV!|DIV/0!|SAYI/0!|VALUE!|DEĞER!|NAME\?|AD\?|NUM!|SAYI!|NULL!|BOŞ!|SPILL!|TAŞMA!)|Err:5\d\d)(?!\S)"
)
# What programs write for a value that is not there, as a whole cell.
_NO_VALUE = re.compile(r"(?im:^(?:null|none|nan|nil|n/a|\((?:blank|boş)\))$)")
_MISREAD = re.compile("[þýðÞÝÐ]")

FLAWS: Mapping[Flaw, Callable[[str], object]] = {
    "promotion": promotional_words,
    "placeholder": lambda text: _NO_VALUE.search(text) or placeholders(text),
    "broken": broken_words,
    "sheet_error": _SHEET_ERROR.search,
    "suffix": ends_with_suffix,
}
"""The check of each kind: a text has the flaw if it returns something that is true."""

_FIGURES = re.compile(r"[0-9.,:/+ -]*")
# What names, cities and dates consist of. Damage and placeholders show by other signs, or by these words and marks.
_HARMLESS = re.compile(r"[A-Za-zÇçĞğİıÖöŞşÜüÂâ0-9 .,:'/()+\n-]*")
_NEAR_PLACEHOLDER = re.compile(rf"{_NO_VALUE.pattern}|undefined|null|NaN|XX|GG|DD|SS|HH|YYYY|\.\.")
_NEED_SIGNS: tuple[Flaw, ...] = ("placeholder", "broken")
_END = 20
_AT_ONCE = 500
_BETWEEN = "\n\n.\n"


def flawed(values: Sequence[str], flaw: Flaw) -> set[str]:
    """Return those of `values` that have `flaw`. Many are looked at together, for almost none has."""
    check = FLAWS[flaw]
    if flaw == "suffix":
        return {value for value in values if "186" in value[-_END:] and check(value)}
    found: set[str] = set()
    for start in range(0, len(values), _AT_ONCE):
        chunk = values[start : start + _AT_ONCE]
        together = _BETWEEN.join(chunk)
        if _HARMLESS.fullmatch(together) and flaw in _NEED_SIGNS and not _NEAR_PLACEHOLDER.search(together):
            continue
        # Letters of another language in one cell say nothing of the next.
        if (flaw == "broken" and _MISREAD.search(together)) or check(together):
            found.update(value for value in chunk if check(value))
    return found


def rows_with(
    flaws: Iterable[Flaw], columns: Iterable[Sequence[str]], positions: Sequence[int]
) -> dict[Flaw, list[int]]:
    """Return the positions, of those given, of rows that have each of `flaws` in one of these columns."""
    rows: dict[Flaw, set[int]] = {flaw: set() for flaw in flaws}
    for cells in columns:
        words = [value for value in set(map(cells.__getitem__, positions)) if not _FIGURES.fullmatch(value)]
        for flaw, found in rows.items():
            if values := flawed(words, flaw):
                found.update(row for row in positions if cells[row] in values)
    return {flaw: sorted(found) for flaw, found in rows.items()}
