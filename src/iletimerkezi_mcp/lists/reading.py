"""A list read from its file, beside everything else that the server does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

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


async def read_table(folder: ListFolder, options: ListOptions, read: TableReader[T], *, international: bool) -> T:
    """Return what `read` makes of the table in a file, in a worker thread. Raises :class:`ListError`."""
    stopped = threading.Event()

    def check() -> None:
        if stopped.is_set():
            raise ListError(_STOPPED)

    def run() -> T:
        file = folder.open(options.file)
        with _table(file.content, options, stopped, international=international) as table:
            return read(table, file, check)

    try:
        return await to_thread.run_sync(run, abandon_on_cancel=True)
    finally:
        stopped.set()


@contextmanager
def _table(content: bytes, options: ListOptions, stopped: threading.Event, *, international: bool) -> Iterator[Table]:
    if is_workbook(content):
        with open_workbook(content, options, stopped, international=international) as table:
            yield table
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:32].lower().startswith(_PAGE):
        raise ListError(_IS_A_PAGE)
    elif options.sheet is not None:
        raise ListError(_NO_SHEETS)
    else:
        yield read_delimited(content, options.number_column, international=international)


_IS_A_PAGE = Text(
    "The file is a web page or XML with the name of a list; open it in Excel and save it as XLSX.",
    "Dosya, liste adı taşıyan bir web sayfası ya da XML; Excel'de açıp XLSX olarak kaydedin.",
)
_NO_SHEETS = Text(
    "The file is read as CSV, which has no sheets; leave out sheet.",
    "Dosya CSV olarak okunur, CSV'de sayfa olmaz; sheet vermeyin.",
    person=Text(
        "The file is read as CSV, which has no sheets; leave out --sheet.",
        "Dosya CSV olarak okunur, CSV'de sayfa olmaz; --sheet vermeyin.",
    ),
)
_STOPPED = Text("The reading was stopped.", "Okuma durduruldu.")
