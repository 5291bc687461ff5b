"""Tables that people open in a spreadsheet, and that are lists again: CSV as Excel in Turkish reads it, and XLSX.

No cell becomes something else on the way: a number does not become 5,32E+11, and no cell is run as a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from tempfile import TemporaryDirectory
from typing import BinaryIO, Literal

from iletimerkezi_mcp.language import Text

from .error import ListError

FileFormat = Literal["csv", "xlsx"]

Cell = str | int | float

MAX_SHEET_ROWS = 1_048_576
"""Rows of a sheet, its header included; a CSV file has no such bound."""

_CANONICAL = re.compile(r"\+90([0-9]{3})([0-9]{3})([0-9]{2})([0-9]{2})")
_FOREIGN = re.compile(r"\+([0-9]{2})([0-9]{4,13})")
_AMOUNT = re.compile(r"[+-]?[0-9.,]*")
# The wide forms are what East Asian keyboards type; spreadsheets take them for the others.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
# Opened with another separator than the semicolon, a cell begins inside of this one.
_INNER_FORMULA = re.compile(r"([,\t\r\n])(?=[\s\"]*[=+\-@＝＋－＠])")
_INNER_GUARD = re.compile(r"([,\t\r\n])'(?=[\s\"]*[=+\-@＝＋－＠])")

_TOO_MANY_ROWS = Text(
    "A sheet holds {rows} rows, and this has more; choose the format csv.",
    "Bir sayfaya {rows} satır sığar, bu daha uzun; csv biçimini seçin.",
)


def spreadsheet_number(number: str) -> str:
    """Return a canonical number so that a spreadsheet keeps it as text: ``0532 123 45 67``, ``0049 15112345678``.

    What is not a canonical number stays as it is.
    """
    if match := _CANONICAL.fullmatch(number):
        return "0" + " ".join(match.groups())
    return f"00{match[1]} {match[2]}" if (match := _FOREIGN.fullmatch(number)) else number


def unguarded(cells: list[str]) -> list[str]:
    """Return cells of a list without the apostrophes that :func:`write_table` puts before what could be run."""
    return [_unguarded(cell) if "'" in cell else cell for cell in cells]


def _unguarded(cell: str) -> str:
    cell = _INNER_GUARD.sub(r"\1", cell)
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) and not _AMOUNT.fullmatch(cell, 1) else cell


def _guarded(cell: str) -> str:
    """Return `cell` with an apostrophe before all that a spreadsheet could run; an amount below zero is none of it."""
    if _AMOUNT.fullmatch(cell):
        return cell
    guard = "'" if _FORMULA.match(cell) else ""
    return guard + _INNER_FORMULA.sub(r"\1'", cell)


def write_table(file: BinaryIO, file_format: FileFormat, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write `header` and `rows` into `file`; what `rows` raises is passed on.

    Text stays text; what is to be summed up is given as a number, which a CSV file has with a decimal comma.

    Raises :class:`ListError` if a sheet has no room for all of them.
    """
    table = chain([header], rows)
    if file_format == "csv":
        _write_csv(file, table)
    else:
        _write_xlsx(file, table, len(header))


def _write_csv(file: BinaryIO, table: Iterable[Sequence[Cell]]) -> None:
    # What is not a character at all has no UTF-8.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows(map(_in_csv, row) for row in table)
    text.detach()


def _in_csv(cell: Cell) -> str:
    if isinstance(cell, str):
        return _guarded(cell)
    return f"{cell:.12g}".replace(".", ",")


def _write_xlsx(file: BinaryIO, table: Iterable[Sequence[Cell]], columns: int) -> None:
    from xlsxwriter import Workbook

    # The rows wait there until the file is closed, and are deleted with it.
    with TemporaryDirectory() as folder, Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book:
        sheet = book.add_worksheet("iletiMerkezi")
        text, heading = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True})
        last = 0
        for place, row in enumerate(table):
            if place == MAX_SHEET_ROWS:
                raise ListError(_TOO_MANY_ROWS.format(rows=MAX_SHEET_ROWS))
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    # It makes nothing but text of a cell, whatever the cell looks like.
                    sheet.write_string(place, column, cell, text if place else heading)
                else:
                    sheet.write_number(place, column, cell)
            last = place
        sheet.set_column(0, columns - 1, 20, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, columns - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
