"""A list that was read: its columns, its numbers, the cells that were asked for, and what was left out.

Cells are for people. Nothing here shows one in its repr.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from iletimerkezi_mcp.language import Text

from .cells import MAX_COLUMNS as MAX_COLUMNS

FileKind = Literal["csv", "xlsx", "xls", "xlsb", "ods"]

ColumnKind = Literal["number", "text", "date", "amount", "empty"]
"""The kind of most cells of a column: `number` is a phone number, `amount` any other number."""

BATCH_ROWS = 500
"""Rows of a batch. The layout of a list is read from the first batch alone.

More are slower: from 700 new objects on, Python looks for garbage among them.
"""

MAX_ROWS = 1_048_576
"""Rows of a list: as many as a sheet has."""

ROWS_NAMED = 20
"""The number of refused rows, and of repeated ones, that are named; the rest are only counted."""

CELLS_SHOWN = 3
"""Cells of each column that are kept to be shown to a person."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """The way to read a file: by its name in the folder, with the sheet and the number column if they have to be named.

    `whole` is for a reader of all cells: any column with numbers may be the number column, and a workbook is refused if
    more than one sheet is filled.
    """

    file: str
    sheet: str | None = None
    number_column: str | None = None
    include_hidden: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is not hidden: its name ("" without a header) and its letter in the sheet.

    `longest` counts the characters of its longest cell, `empty` the recipients whose cell is empty, and `uncalculated`
    those of them whose cell has a formula without a value. `first_cells` are for people. If the cells of some columns were
    asked for, these four are of those alone.
    """

    name: str
    letter: str
    kind: ColumnKind
    longest: int
    empty: int
    uncalculated: int = 0
    first_cells: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row whose number cannot be used: its number in the sheet, from 1, and the reason, which reads on from it."""

    row: int
    reason: Text


@dataclass(frozen=True, slots=True)
class RepeatedRow:
    """A row left out because the row `first` has the same number."""

    row: int
    first: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table: their numbers, from 1, and their cells by column, from column A on.

    `widths` has how many cells each row was written with, if that differs.
    """

    rows: Sequence[int]
    columns: Sequence[Sequence[str]] = field(repr=False)
    widths: Sequence[int] = ()

    def cells(self) -> list[tuple[str, ...]]:
        """Return the cells by row."""
        return list(zip(*self.columns, strict=True)) or [()] * len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet or a CSV file as it is read: where it comes from, and its rows in batches; blank rows may be missing."""

    kind: FileKind
    batches: Iterator[Batch] = field(repr=False)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    hidden_rows: AbstractSet[int] = frozenset()
    hidden_columns: AbstractSet[int] = frozenset()
    hidden_known: bool = True

    @cached_property
    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows of the batches that were not taken yet, each with its number."""
        return ((row, cells) for batch in self.batches for row, cells in zip(batch.rows, batch.cells(), strict=True))


@dataclass(frozen=True, kw_only=True)
class RecipientList:
    """A list that was read.

    `name`, `modified` and `size` are facts of the file; `held_open` is True if a spreadsheet program has it open, whose
    unsaved changes are not in it. `encoding` and `delimiter` are of a CSV file (None: one column), `sheet` of a workbook.
    `header_row` is None if there is none. `columns` are those that are not hidden, `number_column` is an index into them.

    `numbers` are canonical, each once, in the order of the rows, whose numbers in the sheet are in `rows`. `cells` has,
    parallel to them, the columns that were asked for, by their index in `columns`. `row_count` counts the rows below the
    header that hold anything: recipients, `duplicates` (the first ones in `repeated`), `refused_count` (the first ones in
    `refused`), `hidden_rows` and `skipped_rows`, which have no number (the first ones in `skipped`). `hidden_known` is False for the
    kinds of files in which hidden rows cannot be told from others. `digest` changes with anything that decides who gets what: it is bound
    to the file's content, the sheet, the number column and the choice of hidden rows.
    """

    name: str
    modified: datetime
    size: int
    held_open: bool
    content_digest: bytes
    kind: FileKind
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_row: int | None
    columns: tuple[Column, ...]
    number_column: int
    numbers: tuple[str, ...] = field(repr=False)
    rows: Sequence[int] = field(repr=False)
    cells: Mapping[int, Sequence[str]] = field(repr=False)
    row_count: int
    duplicates: int
    repeated: tuple[RepeatedRow, ...]
    refused: tuple[RefusedRow, ...]
    refused_count: int
    skipped_rows: int
    skipped: tuple[int, ...]
    hidden_rows: int
    hidden_columns: int
    hidden_known: bool
    include_hidden: bool

    @property
    def digest(self) -> bytes:
        """32 bytes that stand for all that decides who gets what."""
        whole = hashlib.sha256(self.content_digest)
        whole.update(f"{self.sheet!r} {self.number_column} {self.include_hidden}".encode())
        return whole.digest()


def width(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last that is not empty: a sheet's used range often ends in empty ones."""
    number = len(cells)
    while number and not cells[number - 1].strip():
        number -= 1
    return number


TOO_MANY_COLUMNS = Text(
    "The list has more than {limit} columns, which is the limit.", "Listede {limit} sütun sınırından fazla sütun var."
).format(limit=MAX_COLUMNS)
