"""The process that reads one workbook: its content on stdin, what it holds as lines of JSON on stdout.

A hostile file costs this process, whose memory and time are bounded, and no other. ``python -m`` starts it; it loads
neither the SDK nor the server.
"""

from __future__ import annotations

import datetime
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from io import BytesIO
from itertools import islice, zip_longest
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .cells import MAX_COLUMNS, UNCALCULATED
from .package import MEMORY, Package, RefusedError, SheetFacts

CPU_SECONDS = 120
"""In case the server is killed and cannot stop this process."""

_BATCH = 1_000
# The stream in which Excel keeps a whole workbook that has a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEETS_LOOKED_AT = 20


def main() -> None:
    """Read the workbook on stdin with the options in the first argument, as JSON."""
    gc.disable()  # It ends before there is anything to collect.
    options = json.loads(sys.argv[1])
    _limit_resources()
    try:
        for message in read(sys.stdin.buffer.read(), **options):
            _write(message)
    except RefusedError as error:
        _write({"error": error.word, "names": error.names})
    except MemoryError:
        _write({"error": "memory", "names": []})
    except BaseException:  # noqa: BLE001 - a panic in the library is no Exception
        _write({"error": "damaged", "names": []})


def read(
    content: bytes, *, sheet: str | None, number_column: str | None, international: bool, whole: bool = False
) -> Iterator[Any]:
    """Yield what the workbook is, its rows in batches, and an end.

    Without `sheet` the only visible one with numbers is taken, else the first visible one; with `whole` the only one that
    is filled, be it hidden. Raises :class:`RefusedError`.
    """
    reader = _Reader(content)
    name = reader.filled() if whole else None
    name = name or reader.choose(sheet, number_column, international=international)
    facts = reader.facts(name)
    yield {
        "kind": reader.kind,
        "sheet": name,
        "hidden_rows": sorted(facts.hidden_rows),
        "hidden_columns": sorted(facts.hidden_columns),
        "hidden_known": reader.kind in ("xlsx", "ods"),
    }
    for first, columns in reader.batches(name):
        if any(map(any, columns)):
            yield [first, columns]
    yield "end"


class _Reader:
    """A workbook that was opened, after its archive was looked at."""

    def __init__(self, content: bytes) -> None:
        self._package = Package(content) if content.startswith(b"PK") else None
        if self._package is None and _ENCRYPTED in content:
            raise RefusedError("password")
        self.kind = "xls" if self._package is None else self._package.kind
        self._workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        self.facts = cache(self._package.facts if self._package else lambda _: SheetFacts())
        self._sheet = cache(self._workbook.get_sheet_by_name)

    def filled(self) -> str | None:
        """Return the only sheet with anything in it, hidden ones included, None if all are empty."""
        names = (each.name for each in self._workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet)
        filled = (name for name in names if any(any(map(any, columns)) for _, columns in self.batches(name)))
        found = list(islice(filled, 2))
        if len(found) > 1:
            raise RefusedError("several_filled", *found)
        return found[0] if found else None

    def choose(self, sheet: str | None, number_column: str | None, *, international: bool) -> str:
        sheets = [each for each in self._workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        visible = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
        if sheet is not None:
            exact = [each.name for each in sheets if each.name == sheet]
            names = exact or [each.name for each in sheets if _same(each.name, sheet)]
            if len(names) != 1:
                raise RefusedError("no_sheet", *visible)
            return names[0]
        if not visible:
            raise RefusedError("no_visible_sheet")
        if len(visible) == 1:
            return visible[0]
        looked_at = visible[:_SHEETS_LOOKED_AT]
        with_numbers = [name for name in looked_at if self._has_numbers(name, number_column, international)]
        if len(with_numbers) > 1:
            raise RefusedError("several_sheets", *with_numbers)
        return with_numbers[0] if with_numbers else visible[0]

    def _has_numbers(self, name: str, number_column: str | None, international: bool) -> bool:
        # Loaded only for a workbook of several sheets.
        from .error import ListError
        from .layout import NoNumberColumnError, find_layout

        _, columns = next(self.batches(name), (1, []))
        rows = list(zip(*columns, strict=True))
        try:
            find_layout(rows, number_column, self.facts(name).hidden_columns, international=international)
        except NoNumberColumnError:
            return False
        except ListError:
            return number_column is None
        return True

    def batches(self, name: str) -> Iterator[tuple[int, list[Sequence[str]]]]:
        """Yield the number of the first of some rows, from 1, and their cells as text, by column from A on."""
        facts, sheet = self.facts(name), self._sheet(name)
        # The library's rows begin with the first, and its columns with the first that is not empty.
        before = sheet.start[1] if sheet.start else 0
        width = max([before + sheet.width, *(column + 1 for _, column in facts.uncalculated)])
        if width > MAX_COLUMNS:
            raise RefusedError("columns")
        rows: Iterator[list[Any]] = sheet.iter_rows()
        if before:
            rows = ([""] * before + cells for cells in rows)
        if facts.uncalculated:
            rows = _marked(rows, facts.uncalculated, width)
        if merged := facts.merged or sheet.merged_cell_ranges:
            rows = _unmerged(rows, merged)
        first = 1
        while batch := list(islice(rows, _BATCH)):
            yield first, list(map(_texts, zip(*batch, strict=True)))
            first += len(batch)


def _texts(column: tuple[Any, ...]) -> Sequence[str]:
    """Return the cells of a column as text. Most columns hold cells of one type, which are written together."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return column
    if kinds == {float} and all(map(float.is_integer, column)):
        return list(map("%d".__mod__, column))
    return [value if type(value) is str else _TEXTS[type(value)](value) for value in column]


def _marked(rows: Iterator[list[Any]], uncalculated: set[tuple[int, int]], width: int) -> Iterator[list[Any]]:
    """Yield `rows` with a mark in each cell whose formula has no value; to the library the sheet ends before the last ones."""
    columns: dict[int, list[int]] = {}
    for row, column in uncalculated:
        columns.setdefault(row, []).append(column)
    both = zip_longest(rows, range(max(columns)), fillvalue=())
    for row, (cells, _) in enumerate(both, 1):
        marked = [*cells, *[""] * (width - len(cells))]
        for column in columns.get(row, ()):
            marked[column] = UNCALCULATED
        yield marked


def _unmerged(rows: Iterator[list[Any]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> Iterator[list[Any]]:
    """Yield `rows` with the value of merged cells in each of them."""
    areas = sorted(merged, reverse=True)
    running: list[tuple[int, slice, list[Any]]] = []
    for row, cells in enumerate(rows):
        while areas and areas[-1][0][0] == row:
            (_, first), (last_row, last) = areas.pop()
            place = slice(first, min(last + 1, len(cells)))
            running.append((last_row, place, cells[first : first + 1] * (place.stop - first)))
        for _, place, values in running:
            cells[place] = values
        running = [area for area in running if area[0] > row]
        yield cells


def _number(value: float) -> str:
    """Write a number as a Turk does, 5321234567 and 1.250,50, with the digits that a sheet keeps; its format is not known."""
    if value.is_integer():
        return str(int(value))
    digits = f"{value:,.15g}"
    if "e" in digits:
        from decimal import Decimal

        digits = f"{Decimal(digits):,f}"
    whole, _, fraction = digits.replace(",", ".").rpartition(".") if "." in digits else (digits, "", "")
    return f"{whole},{fraction:0<2}" if fraction else whole


@cache
def _date(value: datetime.date) -> str:
    return f"{value.day:02}.{value.month:02}.{value.year}"


def _time(value: datetime.time | datetime.datetime) -> str:
    return f"{value.hour:02}:{value.minute:02}" + (f":{value.second:02}" if value.second else "")


def _moment(value: datetime.datetime) -> str:
    return f"{_date(value.date())} {_time(value)}" if value.time() != datetime.time() else _date(value.date())


def _duration(value: datetime.timedelta) -> str:
    minutes = round(value.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    float: _number,
    int: str,
    bool: lambda value: "DOĞRU" if value else "YANLIŞ",
    datetime.date: _date,
    datetime.datetime: _moment,
    datetime.time: _time,
    datetime.timedelta: _duration,
}


def _same(one: str, other: str) -> bool:
    from .template import comparison_name

    return comparison_name(one) == comparison_name(other)


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS)):
        # An error means that less is allowed already.
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))


def _write(message: object) -> None:
    sys.stdout.buffer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
    # At once: there is nothing to give back that the system does not take.
    os._exit(0)
