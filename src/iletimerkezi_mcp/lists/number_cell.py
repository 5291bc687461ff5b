"""The number in a cell: what :func:`.numbers.parse_number` reads, and what spreadsheets make of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.numbers import NumberError, PhoneNumber, parse_number

from .cells import UNCALCULATED

# What nearly all cells are: a number in one of the usual spellings, each of which the careful reading takes for the same.
_USUAL = re.compile(r"(?:\+?90[ -]?|0)?\(?5[0-6][0-9]\)?[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}")
_ALL_PLAIN = re.compile(r"(?:5[0-6][0-9]{8}\n)*")
_ALL_USUAL = re.compile(rf"(?:{_USUAL.pattern}\n)*")
_PREFIX = re.compile("^(?:90|0)", re.MULTILINE)
_NO_SIGNS = str.maketrans("", "", "+ -()")
_EXPONENT = re.compile(r"'?(\+?[0-9])[.,]([0-9]+)E\+?([0-9]{1,2})", re.IGNORECASE)
_MOBILE = re.compile(r"(?<![0-9])(?:(?:\+|00)?90|0)?[ .(/-]{0,2}5[0-6][0-9](?:[ .()/-]{0,2}[0-9]){7}(?![0-9])")
_BEGINNING = re.compile(r"[ ('\"]{0,3}(?:(?:\+|00)?90|0)[ .()/-]{0,2}5[0-9]{2}(?:[ .()/-]{0,2}[0-9]){5}")

_SEVERAL = Text(
    "holds more than one number; write one number per row",
    "birden çok numara içeriyor; her satıra tek numara yazın",
)

_UNCALCULATED = Text(
    "has a formula without a value; open the file in Excel and save it",
    "değeri hesaplanmamış bir formül içeriyor; dosyayı Excel'de açıp kaydedin",
)


def read_numbers(cells: Sequence[str]) -> list[PhoneNumber] | None:
    """Return the canonical number in each of `cells`, or None unless all are in a usual spelling.

    It is for a list of a million: ten times as fast as :func:`read_number` of each.
    """
    digits = "\n".join([*cells, ""])
    if not cells or digits.count("\n") > len(cells):
        return None
    if not _ALL_PLAIN.fullmatch(digits):
        if not _ALL_USUAL.fullmatch(digits):
            return None
        digits = _PREFIX.sub("", digits.translate(_NO_SIGNS))
    return cast("list[PhoneNumber]", ("+90" + digits[:-1].replace("\n", "\n+90")).split("\n"))


def read_number(cell: str, *, international: bool) -> PhoneNumber | Text:
    """Return the canonical number in `cell`, or the reason why there is none.

    An exponent with all digits (5,321234567E+09) is exact. One without them has lost them, and is never filled up.
    """
    if _USUAL.fullmatch(cell):
        return PhoneNumber("+90" + cell.translate(_NO_SIGNS)[-10:])
    try:
        return parse_number(cell, international=international)
    except NumberError as error:
        if cell == UNCALCULATED:
            return _UNCALCULATED
        if (match := _EXPONENT.fullmatch(cell.strip())) and len(match[2]) == int(match[3]):
            return read_number(match[1] + match[2], international=international)
        return _SEVERAL if len(_MOBILE.findall(cell)) > 1 else error.reason


def looks_like_a_number(cell: str) -> bool:
    """Return True if a mobile number is in `cell` or begins there, or if a spreadsheet may have made it an exponent."""
    return any((_MOBILE.search(cell), _BEGINNING.match(cell), _EXPONENT.fullmatch(cell.strip())))
