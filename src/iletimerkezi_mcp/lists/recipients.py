"""The recipients of a table: its rows gone through once, in batches, so that a million of them take little memory."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import compress, islice

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.broken_text import is_misread

from .cells import MAX_COLUMNS, UNCALCULATED, column_letter
from .error import ListError
from .folder import ListFile
from .layout import Layout, find_layout
from .number_cell import read_number, read_numbers
from .table import (
    CELLS_SHOWN,
    MAX_ROWS,
    ROWS_NAMED,
    Batch,
    Column,
    ColumnKind,
    ListOptions,
    RecipientList,
    RefusedRow,
    RepeatedRow,
    Table,
    width,
)
from .writing import unguarded

Wanted = Callable[[Sequence[Column]], Collection[int]]
"""Chooses the columns whose cells are kept, by their indexes; kinds and lengths are those of the first rows."""

_DATE = re.compile(r"[0-9]{1,4}[./ -][0-9]{1,2}[./ -][0-9]{1,4}(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?")
_AMOUNT = re.compile(r"[-+]?(?:₺ ?)?[0-9][0-9.,]*(?: ?(?:TL|TRY|₺|%|USD|EUR|€|\$))?")


def read_recipients(
    table: Table,
    file: ListFile,
    options: ListOptions,
    *,
    international: bool,
    wanted: Wanted | None,
    check: Callable[[], None] = lambda: None,
) -> RecipientList:
    """Go through the rows of `table` once. `check` is called before each batch, and may raise to end it."""
    head = next(table.batches, Batch(range(0), ()))
    hidden_columns = frozenset() if options.include_hidden else table.hidden_columns
    hidden_rows = frozenset() if options.include_hidden else table.hidden_rows
    shown = [(row, cells) for row, cells in zip(head.rows, head.cells(), strict=True) if row not in hidden_rows]
    sample = [cells for _, cells in shown]
    layout = find_layout(
        sample, options.number_column, hidden_columns, international=international, any_column=options.whole
    )
    reader = _Reader(table, options, layout, sample, hidden_columns, hidden_rows, international, wanted)
    first = 0 if layout.header is None else shown[layout.header][0]
    below = first - head.rows[0] + 1 if first else 0
    check()
    if below:
        # What most rows end with says nothing, but one row more than others has an unquoted delimiter in it.
        widths = list(head.widths[below - 1 :]) or [len(head.columns)]
        reader.widest = max(widths[0], max(set(widths), key=lambda cells: (widths.count(cells), -cells)))
    reader.add(Batch(head.rows[below:], [column[below:] for column in head.columns], head.widths[below:]))
    for batch in table.batches:
        check()
        reader.add(batch)
    return reader.result(file, header_row=first or None)


@dataclass(slots=True)
class _Statistics:
    """The facts of a column, and its cells if they were asked for; of the others then only kind and name."""

    index: int
    name: str
    kind: ColumnKind = "empty"
    longest: int = 0
    empty: int = 0
    uncalculated: int = 0
    first_cells: tuple[str, ...] = ()
    kept: list[str] | None = None
    is_wanted: bool = True

    def add(self, values: list[str]) -> None:
        self.longest = max(self.longest, len(max(values, key=len)))
        self.empty += values.count("")
        if len(self.first_cells) < CELLS_SHOWN:
            self.first_cells = (*self.first_cells, *islice(filter(None, values), CELLS_SHOWN - len(self.first_cells)))
        if self.kept is not None:
            self.kept += unguarded(values)

    def column(self) -> Column:
        return Column(
            self.name,
            column_letter(self.index),
            self.kind,
            self.longest,
            self.empty,
            self.uncalculated,
            self.first_cells,
        )


@dataclass(slots=True)
class _Reader:
    """The reading of one table."""

    table: Table
    options: ListOptions
    layout: Layout
    head: Sequence[Sequence[str]]
    hidden_columns: Collection[int]
    hidden: AbstractSet[int]
    international: bool
    wanted: Wanted | None
    columns: list[_Statistics] = field(init=False)
    width: int = field(init=False)
    widest: int = MAX_COLUMNS
    numbers: list[str] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("I"))
    seen: set[str] = field(default_factory=set)
    refused: list[RefusedRow] = field(default_factory=list)
    repeated: list[RepeatedRow] = field(default_factory=list)
    row_count: int = 0
    refused_count: int = 0
    duplicates: int = 0
    skipped_rows: int = 0
    skipped: list[int] = field(default_factory=list)
    hidden_rows: int = 0

    def __post_init__(self) -> None:
        header = self.layout.header
        names = [] if header is None else [" ".join(cell.split()) for cell in self.head[header]]
        widest = max((width(row) for row in self.head[0 if header is None else header :]), default=0)
        if self.table.kind == "csv" and header is not None:
            widest = width(self.head[header])
        self.width = max(widest, self.layout.number_column + 1)
        if is_misread("\n".join(names)):
            raise ListError(_GARBLED_HEADER)
        names += [""] * (self.width - len(names))
        below = self.head[0 if header is None else header + 1 :]
        self.columns = []
        for index in range(self.width):
            if index not in self.hidden_columns:
                column = _Statistics(index, names[index])
                values = [row[index].strip() for row in below if index < len(row)]
                column.kind = _kind(values, is_number=index == self.layout.number_column)
                self.columns.append(column)
        if self.wanted is not None:
            chosen = set(self.wanted([column.column() for column in self.columns]))
            for position, column in enumerate(self.columns):
                column.is_wanted = position in chosen
                column.kept = [] if position in chosen else None

    def add(self, batch: Batch) -> None:
        """Add rows below the header."""
        if batch.rows and batch.rows[-1] > MAX_ROWS:
            raise ListError(_TOO_MANY_ROWS.format(limit=MAX_ROWS))
        if not self.hidden.isdisjoint(batch.rows):
            batch = self._without_hidden(batch)
        columns, position = batch.columns, self.layout.number_column
        written = columns[position] if position < len(columns) else [""] * len(batch.rows)
        wider = set[int]()
        if self.table.kind == "csv" and self.layout.header is not None:
            wider = {place for column in columns[self.width :] for place, cell in enumerate(column) if cell.strip()}
            if len(columns) > self.widest:
                widths = batch.widths or [len(columns)] * len(batch.rows)
                wider.update(place for place, cells in enumerate(widths) if cells > self.widest)
        if not wider and self._add_together(batch, written):
            return
        accepted: list[int] = []
        for place, (row, cell) in enumerate(zip(batch.rows, map(str.strip, written), strict=True)):
            if not cell:
                if any(column[place].strip() for column in columns):
                    self.skipped_rows += 1
                    self.skipped += [row] if len(self.skipped) < ROWS_NAMED else []
                continue
            number = read_number(cell, international=self.international)
            if not isinstance(number, str):
                self._refuse(row, number)
            elif place in wider:
                self._refuse(row, _WIDER)
            elif number in self.seen:
                self.duplicates += 1
                if len(self.repeated) < ROWS_NAMED:
                    self.repeated.append(RepeatedRow(row, self.rows[self.numbers.index(number)]))
            else:
                self.seen.add(number)
                self.numbers.append(number)
                self.rows.append(row)
                accepted.append(place)
        if accepted:
            self._add_cells(batch, accepted)

    def _without_hidden(self, batch: Batch) -> Batch:
        """Return `batch` without its hidden rows, of which those that hold anything are counted."""
        shown = [row not in self.hidden for row in batch.rows]
        self.hidden_rows += sum(
            any(map(str.strip, cells)) for is_shown, cells in zip(shown, batch.cells(), strict=True) if not is_shown
        )
        return Batch(list(compress(batch.rows, shown)), [list(compress(column, shown)) for column in batch.columns])

    def _add_together(self, batch: Batch, written: Sequence[str]) -> bool:
        """Add all rows of `batch` and return True, if each of their numbers is in a usual spelling and new."""
        if (numbers := read_numbers(written)) is None:
            return False
        if not self.repeated:
            self.seen.update(numbers)
            if len(self.seen) < len(self.numbers) + len(numbers):
                self.seen = set(self.numbers)
                return False
        elif len(set(numbers)) < len(numbers) or not self.seen.isdisjoint(numbers):
            return False
        else:
            self.seen.update(numbers)
        self.numbers += numbers
        self.rows.extend(batch.rows)
        self._add_cells(batch, range(len(numbers)))
        return True

    def _add_cells(self, batch: Batch, accepted: Sequence[int]) -> None:
        """Add the cells of rows whose numbers are good; a row with garbled letters is refused after all."""
        wanted = [column for column in self.columns if column.is_wanted]
        start = len(self.numbers) - len(accepted)
        values: dict[int, list[str]] = {}
        for column in wanted:
            cells = list(map(str.strip, batch.columns[column.index])) if column.index < len(batch.columns) else []
            cells = cells or [""] * len(batch.rows)
            values[column.index] = cells if len(accepted) == len(cells) else [cells[place] for place in accepted]
        garbled = _garbled(list(values.values()))
        if garbled:
            for place in sorted(garbled):
                self._refuse(self.rows[start + place], _GARBLED)
            self.seen.difference_update(self.numbers[start + place] for place in garbled)
            keep = [place for place in range(len(accepted)) if place not in garbled]
            values = {index: [cells[place] for place in keep] for index, cells in values.items()}
            self.numbers[start:] = [self.numbers[start + place] for place in keep]
            self.rows[start:] = array("I", [self.rows[start + place] for place in keep])
        if len(self.numbers) == start:
            return
        for column in wanted:
            cells = values[column.index]
            if UNCALCULATED in cells:
                column.uncalculated += cells.count(UNCALCULATED)
                cells = ["" if cell == UNCALCULATED else cell for cell in cells]
            column.add(cells)

    def _refuse(self, row: int, reason: Text) -> None:
        self.refused_count += 1
        if len(self.refused) < ROWS_NAMED:
            self.refused.append(RefusedRow(row, reason))

    def result(self, file: ListFile, header_row: int | None) -> RecipientList:
        if len(set(self.numbers)) != len(self.numbers):
            # A campaign relies on it: nobody is in two of its orders.
            raise RuntimeError("the list that was read has a number twice")
        kept = {position: column.kept for position, column in enumerate(self.columns) if column.kept is not None}
        positions = [column.index for column in self.columns]
        counted = (len(self.numbers), self.duplicates, self.refused_count, self.skipped_rows, self.hidden_rows)
        return RecipientList(
            name=file.name,
            modified=file.modified,
            size=file.size,
            held_open=file.held_open,
            content_digest=file.digest,
            kind=self.table.kind,
            encoding=self.table.encoding,
            delimiter=self.table.delimiter,
            sheet=self.table.sheet,
            header_row=header_row,
            columns=tuple(column.column() for column in self.columns),
            number_column=positions.index(self.layout.number_column),
            numbers=tuple(self.numbers),
            rows=self.rows,
            cells=kept,
            row_count=sum(counted),
            duplicates=self.duplicates,
            repeated=tuple(self.repeated),
            refused=tuple(sorted(self.refused, key=lambda refused: refused.row)),
            refused_count=self.refused_count,
            skipped_rows=self.skipped_rows,
            skipped=tuple(self.skipped),
            hidden_rows=self.hidden_rows,
            hidden_columns=len(self.hidden_columns),
            hidden_known=self.table.hidden_known,
            include_hidden=self.options.include_hidden,
        )


def _garbled(columns: list[list[str]]) -> set[int]:
    """Return the places of the rows with letters that were read in a wrong encoding."""
    garbled: set[int] = set()
    for values in columns:
        if is_misread("\n".join(values)):
            garbled.update(place for place, value in enumerate(values) if is_misread(value))
    return garbled


def _kind(values: list[str], *, is_number: bool) -> ColumnKind:
    """Return what most of `values` are."""
    if is_number:
        return "number"
    filled = [value for value in values if value and value != UNCALCULATED]
    if not filled:
        return "empty"
    if 2 * sum(_DATE.fullmatch(value) is not None for value in filled) > len(filled):
        return "date"
    if 2 * sum(_AMOUNT.fullmatch(value) is not None for value in filled) > len(filled):
        return "amount"
    return "text"


_TOO_MANY_ROWS = Text(
    "The list has more than {limit} rows, which is the limit; split it.",
    "Listede {limit} satır sınırından fazla satır var; dosyayı bölün.",
)
_GARBLED_HEADER = Text(
    "The letters of the column names were read in a wrong encoding when the file was made; save it anew from where it came, as "
    "“CSV UTF-8” or XLSX.",
    "Dosya oluşturulurken sütun adlarının harfleri yanlış karakter kodlamasıyla okunmuş; dosyayı geldiği yerden “CSV UTF-8” "
    "ya da XLSX olarak yeniden kaydedin.",
)
_GARBLED = Text(
    "has letters that were read in a wrong encoding; take the file anew from where it came",
    "yanlış karakter kodlamasıyla okunmuş harfler içeriyor; dosyayı geldiği yerden yeniden alın",
)
_WIDER = Text(
    "has more cells than there are columns; put quotation marks around a text that contains the delimiter",
    "sütun sayısından fazla hücre içeriyor; ayırıcı geçen metni tırnak içine alın",
)
