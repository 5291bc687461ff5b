"""The operator's file of people who are not to be contacted: one number a line, or any list with a column of numbers.

Only one column has to hold numbers alone, and nothing else. In the others those that are there count as well. A workbook
is refused if more than one of its sheets, hidden ones included, is filled: only one is read.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from iletimerkezi_mcp.language import Text

from .error import ListError
from .folder import ListFile, ListFolder
from .number_cell import looks_like_a_number, read_number
from .reading import read_table
from .recipients import read_recipients
from .table import Batch, ListOptions, RefusedRow, Table

_DIGIT = re.compile(r"\d")


class DoNotContact:
    """The numbers of the file, read again whenever it has changed. Without a file there are none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: tuple[tuple[int, ...], frozenset[str]] | None = None

    async def numbers(self) -> frozenset[str]:
        """Return the canonical numbers.

        Raises :class:`.ListError` if the file cannot be read whole: who is in it would be contacted.
        """
        if self._path is None:
            return frozenset()
        try:
            status = self._path.stat()
        except OSError as error:
            raise ListError(_UNREADABLE.format(file=str(self._path), reason=error.strerror or "I/O")) from None
        if stat.S_ISREG(status.st_mode) and not status.st_size:
            return frozenset()
        # A program that copies a file may keep its time of change, but not these.
        state = (status.st_mtime_ns, status.st_size, status.st_ctime_ns, status.st_ino)
        if self._read is not None and self._read[0] == state:
            return self._read[1]
        path = self._path.resolve()
        try:
            numbers, refused = await read_table(
                ListFolder(path.parent), _options(path.name), _read_all, international=True
            )
        except ListError as error:
            raise ListError(_UNREADABLE.format(file=str(self._path), reason=error.reason)) from None
        if refused is not None:
            raise ListError(_WRONG_ROW.format(file=str(self._path), row=str(refused.row), reason=refused.reason))
        self._read = (state, numbers)
        return self._read[1]


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


_UNREADABLE = Text(
    "The do-not-contact file {file} (ILETIMERKEZI_DO_NOT_CONTACT) cannot be read: {reason}",
    "İletişim kurulmayacaklar dosyası {file} (ILETIMERKEZI_DO_NOT_CONTACT) okunamıyor: {reason}",
)
_WRONG_ROW = Text(
    "The do-not-contact file {file} (ILETIMERKEZI_DO_NOT_CONTACT) holds something else than a number: row {row} {reason}",
    "İletişim kurulmayacaklar dosyasında ({file}, ILETIMERKEZI_DO_NOT_CONTACT) numara olmayan bir şey var: satır {row}: {reason}",
)
