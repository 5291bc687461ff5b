"""A list read from its file, beside everything else that the server does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio import to_thread

from iletimerkezi_mcp.language import Text

from .delimited import read_delimited
from .error import ListError
from .folder import ListFile, ListFolder
from .recipients import Wanted, read_recipients
from .table import ListOptions, RecipientList, Table

T = TypeVar("T")

TableReader = Callable[[Table, ListFile, Callable[[], None]], T]
"""Reads the rows of a table. The function that it gets is called now and then, and raises to end the reading."""


async def read_list(
    folder: ListFolder, options: ListOptions, *, international: bool, wanted: Wanted | None = None
) -> RecipientList:
    """Read the list in a worker thread. `wanted` chooses the columns whose cells are kept; None keeps none.

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

    def open_and_read() -> T:
        file = folder.open(options.file)
        table = read_delimited(file.content, options.number_column, international=international)
        return read(table, file, check)

    try:
        return await to_thread.run_sync(open_and_read, abandon_on_cancel=True)
    except anyio.get_cancelled_exc_class():
        stopped.set()
        raise


_STOPPED = Text("The reading was stopped.", "Okuma durduruldu.")
