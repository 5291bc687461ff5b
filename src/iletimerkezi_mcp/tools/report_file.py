"""A new file in the operator's folder, written in a worker thread that ends with the call."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any, TypeVar

from anyio import from_thread, to_thread

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import Entry
from iletimerkezi_mcp.lists.writing import Cell, FileFormat, write_table
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.escape import within_quotes

from .context import ServerContext
from .errors import PreconditionError

FILE_NAME_SHOWN = 120
"""Characters of a file's name in an answer."""

_COLUMN_NAME_SHOWN = 40
_ROWS_A_LOOK = 1_000

RowT = TypeVar("RowT")


@dataclass(slots=True)
class ReportFile:
    """A file that is to be written: in `file_format`, as `save_as` or under a name with the time."""

    context: ServerContext
    file_format: FileFormat
    save_as: str | None
    columns: list[str] = field(default_factory=list)

    async def save(self, subject: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Entry:
        """Write the file, whole or not at all. Raises :class:`.PreconditionError`."""
        self.columns = [within_quotes(name, _COLUMN_NAME_SHOWN) for name in header]
        folder = self.context.folder

        def write() -> Entry:
            return folder.save(
                self._name(subject),
                lambda file: write_table(file, self.file_format, header, _until_cancelled(rows)),
            )

        try:
            return await to_thread.run_sync(write)
        except ListError as error:
            raise PreconditionError(_NOT_WRITTEN.format(reason=error.reason), _CORRECT) from None

    def fields(self, entry: Entry) -> dict[str, Any]:
        """Return the fields that an answer has of the file."""
        return {"path": self._path(entry), "bytes": entry.size, "columns": self.columns}

    def describe(self, entry: Entry) -> Text:
        """Return where the file is, and its columns, in a sentence."""
        columns = ", ".join(f"“{name}”" for name in self.columns)
        return _WHERE.format(path=self._path(entry), size=entry.size, columns=columns)

    def _path(self, entry: Entry) -> str:
        return str(self.context.folder.path / entry.name)

    def _name(self, subject: str) -> str:
        ending = f".{self.file_format}"
        if self.save_as is not None:
            name = self.save_as.strip()
            return name if name.lower().endswith(ending) else name + ending
        moment = self.context.clock().astimezone(ISTANBUL)
        stem = self.context.say(_STEM.format(subject=subject, moment=f"{moment:%Y%m%d-%H%M}"))
        stems = chain([stem], (f"{stem}-{number}" for number in count(2)))
        names = (f"{stem}{ending}" for stem in stems)
        return next(name for name in names if not os.path.lexists(self.context.folder.path / name))


def _until_cancelled(rows: Iterable[RowT]) -> Iterator[RowT]:
    """Yield `rows` until the call is cancelled."""
    for place, row in enumerate(rows):
        if place % _ROWS_A_LOOK == 0:
            from_thread.check_cancelled()
        yield row


_STEM = Text("report-{subject}-{moment}", "rapor-{subject}-{moment}")
_NOT_WRITTEN = Text("Nothing was written. {reason}", "Hiçbir şey yazılmadı. {reason}")
_CORRECT = Text("Correct this and call again.", "Bunu düzeltip yeniden çağırın.")
_WHERE = Text(
    "The file: {path}, {size} bytes. Its columns: {columns}.",
    "Dosya: {path}, {size} bayt. Sütunları: {columns}.",
)
