"""The operator's file of people who are not to be contacted: one number a line, or any list with a column of numbers."""

from __future__ import annotations

import stat
from pathlib import Path

from iletimerkezi_mcp.language import Text

from .error import ListError


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
        # Lists are read by a server without a folder of them only if it has this file.
        from .numbers_file import read_numbers

        path = self._path.resolve()
        try:
            numbers, refused = await read_numbers(path)
        except ListError as error:
            raise ListError(_UNREADABLE.format(file=str(self._path), reason=error.reason)) from None
        if refused is not None:
            raise ListError(_WRONG_ROW.format(file=str(self._path), row=str(refused.row), reason=refused.reason))
        self._read = (state, numbers)
        return self._read[1]


_UNREADABLE = Text(
    "The do-not-contact file {file} (ILETIMERKEZI_DO_NOT_CONTACT) cannot be read: {reason}",
    "İletişim kurulmayacaklar dosyası {file} (ILETIMERKEZI_DO_NOT_CONTACT) okunamıyor: {reason}",
)
_WRONG_ROW = Text(
    "The do-not-contact file {file} (ILETIMERKEZI_DO_NOT_CONTACT) holds something else than a number: row {row} {reason}",
    "İletişim kurulmayacaklar dosyasında ({file}, ILETIMERKEZI_DO_NOT_CONTACT) numara olmayan bir şey var: satır {row}: {reason}",
)
