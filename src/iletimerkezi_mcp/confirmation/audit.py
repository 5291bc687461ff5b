"""The audit log: one JSON line for each changing call that was confirmed or refused."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.language import Text

MODE = 0o600

APPENDING = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
"""How the log is opened: a pipe that nobody reads fails at once."""

ROOM = 64 * 1024
"""Bytes that must be free where the log is kept before anything is done: several times the longest line."""


class AuditUnavailableError(RuntimeError):
    """The audit log cannot be written, so nothing that belongs in it may be done. `reason` says what to do."""

    def __init__(self, path: Path, error: OSError) -> None:
        said = error.strerror or type(error).__name__
        self.reason = Text(
            f"The audit log {path} cannot be written ({said}), and nothing is done without it; the operator checks "
            "ILETIMERKEZI_AUDIT_LOG.",
            f"Denetim günlüğü {path} yazılamıyor ({said}) ve onsuz hiçbir şey yapılmaz; yönetici "
            "ILETIMERKEZI_AUDIT_LOG ayarını kontrol etmeli.",
        )
        super().__init__(self.reason.en)


class AuditLog:
    """Appends to a file that only its owner may read (0600, made so again where it is not); None writes nothing.

    Each line is one write to a file opened for appending, so that lines of several processes do not mix; what is no
    file, such as a pipe, is not waited for. `clean` takes secrets out of what is written.
    """

    def __init__(self, path: Path | None, clean: Callable[[Any], Any]) -> None:
        self._path = path
        self._clean = clean
        self._cut_off = False

    @property
    def kept(self) -> bool:
        """Whether anything is written at all."""
        return self._path is not None

    def check(self) -> None:
        """Raise :class:`AuditUnavailableError` where a line could not be written."""
        self._with_file(_look_for_room)

    def write(self, entry: Mapping[str, Any]) -> None:
        """Append `entry`, without its empty fields. Raises :class:`AuditUnavailableError`."""
        kept = {name: value for name, value in entry.items() if value is not None}
        line = json.dumps(self._clean(kept), ensure_ascii=False, separators=(",", ":"))
        self._with_file(lambda descriptor: self._append(descriptor, line.encode("utf-8", "backslashreplace") + b"\n"))

    def _append(self, descriptor: int, line: bytes) -> None:
        """One write. Where only a part of it found room, the next line begins on a line of its own."""
        if self._cut_off:
            line = b"\n" + line
        written = os.write(descriptor, line)
        self._cut_off = written < len(line)
        if self._cut_off:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _with_file(self, use: Callable[[int], None]) -> None:
        if self._path is None:
            return
        try:
            descriptor = os.open(self._path, APPENDING | os.O_CREAT, MODE)
            try:
                _tighten(descriptor)
                use(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AuditUnavailableError(self._path, error) from error


def _tighten(descriptor: int) -> None:
    """Take from others what rights they have to this user's own file; a device or another user's file stays as it is."""
    if sys.platform == "win32":
        return
    seen = os.fstat(descriptor)
    if stat.S_ISREG(seen.st_mode) and seen.st_mode & 0o077 and seen.st_uid == os.geteuid():
        os.fchmod(descriptor, MODE)


def _look_for_room(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    disk = os.fstatvfs(descriptor)
    # File systems that count no blocks cannot say how many are free.
    if disk.f_blocks and disk.f_bavail * disk.f_frsize < ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
