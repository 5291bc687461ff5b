"""A file of numbers alone: one number a line, or any list with a column of numbers.

Only one column has to hold numbers alone, and nothing else. In the others those that are there count as well. A workbook
is refused if more than one of its sheets, hidden ones included, is filled: only one is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from .folder import ListFile, ListFolder
from .number_cell import looks_like_a_number, read_number
from .reading import read_table
from .recipients import read_recipients
from .table import Batch, ListOptions, RefusedRow, Table

_DIGIT = re.compile(r"\d")


async def read_numbers(path: Path) -> tuple[frozenset[str], RefusedRow | None]:
    """Return the canonical numbers in the file, and the first row that holds something else. Raises :class:`.ListError`."""
    return await read_table(ListFolder(path.parent), _options(path.name), _read_all, international=True)


def _options(name: str) -> ListOptions:
    return ListOptions(name, include_hidden=True, whole=True)


def _read_all(table: Table, file: ListFile, check: Callable[[], None]) -> tuple[frozenset[str], RefusedRow | None]:
    """Return the numbers in all cells of `table`, and the first row that holds something else in place of one."""
    numbers: set[str] = set()
    refused: list[RefusedRow] = []

    def counted() -> Iterator[Batch]:
        for batch in table.batches:
            for column in batch.columns:
                for row, cell in zip(batch.rows, column, strict=True):
                    if len(cell) < 7 or not _DIGIT.search(cell):
                        continue
                    number = read_number(cell, international=True)
                    if isinstance(number, str):
                        numbers.add(number)
                    elif looks_like_a_number(cell):
                        refused.append(RefusedRow(row, number))
            yield batch

    counting = replace(table, batches=counted())
    reading = read_recipients(counting, file, _options(file.name), international=True, wanted=None, check=check)
    refused += reading.refused
    return frozenset(numbers), min(refused, key=lambda each: each.row, default=None)
