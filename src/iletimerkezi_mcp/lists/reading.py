"""A list read from its file, beside everything else that the server does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import anyio
from anyio import to_thread

from iletimerkezi_mcp.language import Text

from .delimited import read_delimited
from .error import ListError
from .folder import ListFile, ListFolder
from .recipients import Wanted, read_recipients
from .table import ListOptions, RecipientList, Table
from .workbook import is_workbook, open_workbook

T = TypeVar("T")

_PAGE = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta", b"mime-version:")


TableReader = Callable[[Table, ListFile, Callable[[], None]], T]
"""Reads the rows of a table. The function that it gets is called now and then, and raises to end the reading."""


async def read_list(
    folder: ListFolder, options: ListOptions, *, international: bool, wanted: Wanted | None = None
) -> RecipientList:
    """Read the recipients of a list. `wanted` chooses the columns whose cells are kept; None keeps none.

    Without `wanted` rows with garbled letters anywhere are refused, else only with such in the columns that are kept.
    Raises :class:`ListError`.
    """

    def read(table: Table, file: ListFile, check: Callable[[], None]) -> RecipientList:
        return read_recipients(table, file, options, international=international, wanted=wanted, check=check)

    return await read_table(folder, options, read, international=international)


async def read_table(
    folder: ListFolder,
    options: ListOptions,
    read: TableReader[T],
    *,
    international: bool,
) -> T:
    """Return what `read` makes of the table in a file, in a worker thread. Raises :class:`ListError`."""
    reading = _Reading(folder, options, read, international=international)
    try:
        return await to_thread.run_sync(reading.run, abandon_on_cancel=True)
    except anyio.get_cancelled_exc_class():
        reading.stop()
        raise


class _Reading(Generic[T]):
    """One reading, which another thread may stop."""

    def __init__(
        self,
        folder: ListFolder,
        options: ListOptions,
        read: TableReader[T],
        *,
        international: bool,
    ) -> None:
        self._folder, self._options, self._read, self._international = folder, options, read, international
        self._stopped = threading.Event()
        self._kill: Callable[[], None] = self._stopped.set

    def run(self) -> T:
        file = self._folder.open(self._options.file)
        with self._table(file.content) as table:
            return self._read(table, file, self._check)

    def stop(self) -> None:
        self._stopped.set()
        self._kill()

    @contextmanager
    def _table(self, content: bytes) -> Iterator[Table]:
        if is_workbook(content):
            with open_workbook(
                content, self._options, international=self._international, on_start=self._started
            ) as table:
                yield table
        elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:32].lower().startswith(_PAGE):
            raise ListError(_IS_A_PAGE)
        else:
            yield read_delimited(content, self._options.number_column, international=self._international)

    def _started(self, kill: Callable[[], None]) -> None:
        self._kill = kill
        self._check()

    def _check(self) -> None:
        if self._stopped.is_set():
            raise ListError(_STOPPED)


_IS_A_PAGE = Text(
    "The file is a web page or XML with the name of a list; open it in Excel and save it as XLSX.",
    "Dosya, liste adı taşıyan bir web sayfası ya da XML; Excel'de açıp XLSX olarak kaydedin.",
)
_STOPPED = Text("The reading was stopped.", "Okuma durduruldu.")
