"""The audit log: one JSON line for each changing call that was confirmed or refused."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.ledger.attempts import Identity
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import NOT_IDENTIFIED, Settings
from iletimerkezi_mcp.sms.clock import Clock

from .audit_entry import attempt_entry

logger = logging.getLogger(__name__)

FILE_MODE = 0o600

APPEND_FLAGS = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
"""The flags that open the log: a pipe without a reader fails at once."""

MIN_FREE_BYTES = 64 * 1024
"""Bytes that must be free on the log's disk before anything is done: several times the longest line."""


_FULL = Text("the disk is full", "disk dolu")
_UNAVAILABLE = Text(
    "The audit log {path} cannot be written ({error}), and nothing is done without it.",
    "Denetim kaydı {path} yazılamıyor ({error}); bu kayıt olmadan hiçbir işlem yapılmaz.",
)
_MISSING_LINE = Text(
    "The audit log {path} could not be written ({error}) and lacks a line on this.",
    "Denetim kaydı {path} yazılamadı ({error}), bu işlemin satırı eksik.",
)
_CHECK = Text(
    "Ask the operator to check ILETIMERKEZI_AUDIT_LOG.",
    "Yönetici ILETIMERKEZI_AUDIT_LOG ayarını kontrol etmeli.",
    person=Text("Check ILETIMERKEZI_AUDIT_LOG.", "ILETIMERKEZI_AUDIT_LOG ayarını kontrol edin."),
)


_UNSEEN = re.compile(r"[^ -~]")


def _escaped(match: re.Match[str]) -> str:
    """Return a character as JSON may write it too, if it shows nothing: it could end the line, or steer a terminal."""
    return match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1]


class AuditUnavailableError(ExplainedError, RuntimeError):
    """Raised if the audit log cannot be written, so that nothing that belongs in it may be done."""

    def __init__(self, path: Path, error: OSError) -> None:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        values = {"path": str(path), "error": _FULL if full else error.strerror or type(error).__name__}
        super().__init__(Text.join(" ", [_UNAVAILABLE.format(**values), _CHECK]))
        self.missing_line = Text.join(" ", [_MISSING_LINE.format(**values), _CHECK])
        """The sentence for a line that was to follow a change: what was done is done."""


class AuditLog:
    """A log in a file that only its owner may read (0600, made so again if it is not); None writes nothing.

    Each line is one write to a file opened for appending, so that lines of several processes do not mix. A pipe or
    another special file is not waited for. `redactor` removes secrets from what is written and, since a label, a sender or
    a name may hold one, masks phone numbers in all but the fields of a fixed form and the text that is kept for proof.
    """

    UNMASKED = frozenset(
        {"time", "order_id", "confirmed_at", "change", "preview_digest", "file_digest", "send_at", "text"}
    )

    def __init__(self, path: Path | None, redactor: Redactor) -> None:
        self._path = path
        self._redactor = redactor

    @property
    def is_enabled(self) -> bool:
        """True if anything is written at all."""
        return self._path is not None

    def check(self) -> None:
        """Raise :class:`AuditUnavailableError` if a line could not be written."""
        self._with_file(_check_free_space)

    def append(self, entry: Mapping[str, Any]) -> None:
        """Append `entry`, without its empty fields. Raises :class:`AuditUnavailableError`."""
        fields = {
            name: self._redactor.text(value) if name in self.UNMASKED else self._redactor.redact(value)
            for name, value in entry.items()
            if value is not None
        }
        line = _UNSEEN.sub(_escaped, json.dumps(fields, ensure_ascii=False, separators=(",", ":")))
        self._with_file(lambda descriptor: self._append(descriptor, line.encode() + b"\n"))

    def _append(self, descriptor: int, line: bytes) -> None:
        """Write once, on a line of its own also if only a part of the one before fitted, whoever wrote that."""
        if self._ends_within_a_line(descriptor):
            line = b"\n" + line
        if os.write(descriptor, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _ends_within_a_line(self, descriptor: int) -> bool:
        status = os.fstat(descriptor)
        if self._path is None or not stat.S_ISREG(status.st_mode) or not status.st_size:
            return False
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    def _with_file(self, use: Callable[[int], None]) -> None:
        if self._path is None:
            return
        try:
            descriptor = os.open(self._path, APPEND_FLAGS | os.O_CREAT, FILE_MODE)
            try:
                _tighten_open_file(descriptor)
                use(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AuditUnavailableError(self._path, error) from error


class AuditWriter(AuditLog):
    """The log that `settings` ask for, whose entries have their time, the mode and who is behind them.

    `ledger` knows the entries that are missing.
    """

    def __init__(self, settings: Settings, ledger: Ledger, clock: Clock) -> None:
        super().__init__(settings.audit_log, Redactor(settings.secrets, mask_numbers=True))
        self._settings = settings
        self._ledger = ledger
        self._clock = clock

    @property
    def keeps_commercial_text(self) -> bool:
        """True if the entries of commercial messages hold their text."""
        return self._settings.audit_text == "commercial"

    def write(self, entry: Mapping[str, Any], identity: Identity) -> None:
        """Write `entry`. Raises :class:`AuditUnavailableError`."""
        if not self.is_enabled:
            return
        self.append(
            {
                "time": self._clock().isoformat(timespec="seconds"),
                "mode": "sandbox" if self._settings.sandbox else "live",
                "who": identity.principal or NOT_IDENTIFIED,
                "host": identity.host or None,
                **entry,
            }
        )

    def write_afterwards(self, entry: Mapping[str, Any], identity: Identity) -> Text | None:
        """Write `entry`; return what prevented it, for the change is over by now."""
        try:
            self.write(entry, identity)
        except AuditUnavailableError as error:
            logger.warning("%s", error.missing_line.to("en", "person"))
            return error.missing_line
        return None

    async def write_owed(self) -> None:
        """Write the lines that a kill or a full disk kept from the log, as far as the ledger knows them."""
        if not self.is_enabled:
            return
        try:
            for attempt in await self._ledger.unaudited_attempts():
                campaign = attempt.campaign and await self._ledger.campaign(attempt.campaign)
                entry = attempt_entry(attempt, campaign.file_digest if campaign and attempt.parent is None else None)
                self.write({**entry, "written_late": True}, attempt.identity)
                await self._ledger.mark_audited(attempt)
        except (LedgerUnavailableError, AuditUnavailableError) as error:
            logger.warning("%s", error.reason.to("en", "person"))


def _tighten_open_file(descriptor: int) -> None:
    """Take away other users' rights to this user's own file; leave a device or another user's file as it is."""
    if sys.platform == "win32":
        return
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_mode & 0o077 and status.st_uid == os.geteuid():
        os.fchmod(descriptor, FILE_MODE)


def _check_free_space(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    disk = os.fstatvfs(descriptor)
    # File systems that count no blocks cannot say how many are free.
    if disk.f_blocks and disk.f_bavail * disk.f_frsize < MIN_FREE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
