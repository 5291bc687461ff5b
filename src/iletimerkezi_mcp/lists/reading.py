"""A list read from its file, beside everything else that the server does."""

from __future__ import annotations

import threading

import anyio
from anyio import to_thread

from iletimerkezi_mcp.language import Text

from .delimited import read_delimited
from .error import ListError
from .folder import ListFolder
from .recipients import Wanted, read_recipients
from .table import ListOptions, RecipientList


async def read_list(
    folder: ListFolder, options: ListOptions, *, international: bool, wanted: Wanted | None = None
) -> RecipientList:
    """Read the list in a worker thread. `wanted` chooses the columns whose cells are kept; None keeps none.

    Without `wanted` rows with garbled letters anywhere are refused, else only with such in the columns that are kept.
    Raises :class:`ListError`.
    """
    stopped = threading.Event()

    def check() -> None:
        if stopped.is_set():
            raise ListError(_STOPPED)

    def read() -> RecipientList:
        file = folder.open(options.file)
        table = read_delimited(file.content, options.number_column, international=international)
        return read_recipients(table, file, options, international=international, wanted=wanted, check=check)

    try:
        return await to_thread.run_sync(read, abandon_on_cancel=True)
    except anyio.get_cancelled_exc_class():
        stopped.set()
        raise


_STOPPED = Text("The reading was stopped.", "Okuma durduruldu.")
