"""The audit log: one JSON line for each changing call that was confirmed or refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.language import Text

MODE = 0o600


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
    """Appends to a file that only its owner may read (0600); None writes nothing.

    Each line is one write to a file opened for appending, so that lines of several processes do not mix.
    `clean` takes secrets out of what is written.
    """

    def __init__(self, path: Path | None, clean: Callable[[Any], Any]) -> None:
        self._path = path
        self._clean = clean

    def check(self) -> None:
        """Raise :class:`AuditUnavailableError` where a line could not be written."""
        self._append(b"")

    def write(self, entry: Mapping[str, Any]) -> None:
        """Append `entry`, without its empty fields. Raises :class:`AuditUnavailableError`."""
        kept = {name: value for name, value in entry.items() if value is not None}
        line = json.dumps(self._clean(kept), ensure_ascii=False, separators=(",", ":"))
        self._append(line.encode("utf-8", "backslashreplace") + b"\n")

    def _append(self, line: bytes) -> None:
        if self._path is None:
            return
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AuditUnavailableError(self._path, error) from error
