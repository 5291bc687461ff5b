"""Lists for the tests, written where they are needed; every person in them is made up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.lists.reading import read_list
from iletimerkezi_mcp.lists.table import Column, ListOptions, RecipientList

AYSE, BORA, CEM = "+905321234567", "+905331234567", "+905341234567"


def everything(columns: Sequence[Column]) -> Collection[int]:
    """Keep all columns."""
    return range(len(columns))


def read(
    folder: Path,
    content: str | bytes | None = None,
    *,
    file: str = "liste.csv",
    wanted: Callable[[Sequence[Column]], Collection[int]] | None = everything,
    international: bool = False,
    sheet: str | None = None,
    number_column: str | None = None,
    include_hidden: bool = False,
) -> RecipientList:
    """Read a file, after writing `content` to it if there is any."""
    if content is not None:
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
    options = ListOptions(file, sheet=sheet, number_column=number_column, include_hidden=include_hidden)
    return asyncio.run(read_list(ListFolder(folder), options, international=international, wanted=wanted))


def column(recipients: RecipientList, name: str) -> list[str]:
    """Return the cells of the column of this name."""
    return list(recipients.cells[[column.name for column in recipients.columns].index(name)])
