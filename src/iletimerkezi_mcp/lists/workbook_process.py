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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from io import BytesIO
from itertools import islice
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

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
        _write({"error": error.word, "names": list(error.names)})
    except PasswordError:
        _write({"error": "password", "names": []})
    except MemoryError:
        _write({"error": "memory", "names": []})
    except (Exception, _panic()):  # noqa: BLE001
        _write({"error": "damaged", "names": []})


def read(content: bytes, *, sheet: str | None, number_column: str | None, international: bool) -> Iterator[Any]:
    """Yield what the workbook is, its rows in batches, and an end.

    Without `sheet` the only visible one with numbers is taken, else the first visible one. Raises :class:`RefusedError`.
    """
    reader = _Reader(content, number_column, international=international)
    name = reader.choose(sheet)
    facts = reader.facts(name)
    yield {
        "kind": reader.kind,
        "sheet": name,
        "hidden_rows": sorted(facts.hidden_rows),
        "hidden_columns": sorted(facts.hidden_columns),
        "hidden_known": reader.hidden_known,
    }
    for first, columns in reader.batches(name):
        if any(map(any, columns)):
            yield [first, columns]
    yield "end"


class _Reader:
    """A workbook that was opened, after its archive was looked at."""

    def __init__(self, content: bytes, number_column: str | None, *, international: bool) -> None:
        self._number_column, self._international = number_column, international
        self.kind = "xls"
        self._facts: dict[str, SheetFacts] = {}
        self._package: Package | None = None
        if content.startswith(b"PK"):
            self._package = package = Package(content)
            self.kind = package.kind
            if self.kind == "ods" and package.is_encrypted:
                raise RefusedError("password")
            package.check()
            if self.kind == "ods":
                self._facts = package.ods_facts()
        elif _ENCRYPTED in content:
            raise RefusedError("password")
        self._workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        self._opened: tuple[str, CalamineSheet] | None = None

    @property
    def hidden_known(self) -> bool:
        return self.kind in ("xlsx", "ods")

    def facts(self, name: str) -> SheetFacts:
        if name not in self._facts:
            facts = SheetFacts()
            if self._package is not None and self.kind == "xlsx":
                if name not in self._package.sheets:
                    raise RefusedError("damaged")
                facts = self._package.xlsx_facts(self._package.sheets[name])
            self._facts[name] = facts
        return self._facts[name]

    def choose(self, sheet: str | None) -> str:
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
        with_numbers = [name for name in visible[:_SHEETS_LOOKED_AT] if self._has_numbers(name)]
        if len(with_numbers) > 1:
            raise RefusedError("several_sheets", *with_numbers)
        return with_numbers[0] if with_numbers else visible[0]

    def _has_numbers(self, name: str) -> bool:
        # Loaded only for a workbook of several sheets.
        from .error import ListError
        from .layout import NoNumberColumnError, find_layout

        _, columns = next(self.batches(name), (1, []))
        rows = list(zip(*columns, strict=True))
        hidden = self.facts(name).hidden_columns
        try:
            find_layout(rows, self._number_column, hidden, international=self._international)
        except NoNumberColumnError:
            return False
        except ListError:
            return self._number_column is None
        return True

    def batches(self, name: str) -> Iterator[tuple[int, list[Sequence[str]]]]:
        """Yield the number of the first of some rows, from 1, and their cells as text, by column from A on."""
        facts = self.facts(name)
        if self._opened is None or self._opened[0] != name:
            self._opened = (name, self._workbook.get_sheet_by_name(name))
        sheet = self._opened[1]
        # The library's rows begin with the first, and its columns with the first that is not empty.
        before = sheet.start[1] if sheet.start else 0
        if before + sheet.width > MAX_COLUMNS:
            raise RefusedError("columns")
        rows: Iterator[list[Any]] = sheet.iter_rows()
        if facts.uncalculated:
            rows = _marked(rows, facts.uncalculated, before, sheet.width)
        if merged := facts.merged or sheet.merged_cell_ranges:
            rows = _unmerged(rows, merged, before)
        first = 1
        while batch := list(islice(rows, _BATCH)):
            blank = [[""] * len(batch)] * before
            yield first, [*blank, *map(_texts, zip(*batch, strict=True))]
            first += len(batch)


def _texts(column: tuple[Any, ...]) -> Sequence[str]:
    """Return the cells of a column as text. Most columns hold cells of one type, which are written together."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return column
    if kinds == {float} and all(map(float.is_integer, column)):
        return list(map("%d".__mod__, column))
    return [value if type(value) is str else _TEXTS[type(value)](value) for value in column]


def _marked(
    rows: Iterator[list[Any]], uncalculated: set[tuple[int, int]], before: int, width: int
) -> Iterator[list[Any]]:
    """Yield `rows` with a mark in each cell whose formula has no value; to the library the sheet ends before the last ones."""
    columns: dict[int, list[int]] = {}
    for row, column in uncalculated:
        if column >= before:
            columns.setdefault(row, []).append(column - before)
    width = max([width, *(column + 1 for marked in columns.values() for column in marked)])
    last = max(columns, default=0)
    row = 0
    while True:
        row += 1
        cells = next(rows, None)
        if cells is None:
            if row > last:
                return
            cells = []
        cells += [""] * (width - len(cells))
        for column in columns.get(row, ()):
            cells[column] = UNCALCULATED
        yield cells


def _unmerged(
    rows: Iterable[list[Any]], merged: list[tuple[tuple[int, int], tuple[int, int]]], before: int
) -> Iterator[list[Any]]:
    """Yield `rows` with the value of merged cells in each of them."""
    starting: dict[int, list[tuple[int, int, int]]] = {}
    for (first_row, first), (last_row, last) in merged:
        starting.setdefault(first_row, []).append((last_row, first - before, last - before))
    running: list[tuple[int, int, int, Any]] = []
    for row, cells in enumerate(rows):
        running = [area for area in running if area[0] >= row]
        for last_row, first, last in starting.get(row, ()):
            if 0 <= first < len(cells) and cells[first] != "":
                running.append((last_row, first, last, cells[first]))
        for _, first, last, value in running:
            end = min(last + 1, len(cells))
            cells[first:end] = [value] * (end - first)
        yield cells


def _number(value: float) -> str:
    """Write a number as a Turk does: 5321234567 and 1.250,50. The format that the sheet gives it is not known."""
    if value.is_integer():
        return str(int(value))
    digits = repr(abs(value))
    if len(digits) > 16 or "e" in digits:
        digits = _fifteen_digits(abs(value))
    whole, _, fraction = digits.partition(".")
    sign = "-" if value < 0 else ""
    if not fraction:
        return f"{sign}{whole}"
    if len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{whole},{fraction:0<2}"


def _fifteen_digits(value: float) -> str:
    """Return `value` as a sheet keeps it, without an exponent."""
    from decimal import Decimal

    digits = f"{Decimal(f'{value:.15g}'):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


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


def _panic() -> type[BaseException]:
    """Return the error of a panic in the library, which is no Exception."""
    return next((kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException"), Exception)


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS)):
        _, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY or most <= hard:
            try:
                resource.setrlimit(limit, (most, hard))
            except (OSError, ValueError):
                continue


def _write(message: object) -> None:
    sys.stdout.buffer.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
    # At once: there is nothing to give back that the system does not take.
    os._exit(0)
