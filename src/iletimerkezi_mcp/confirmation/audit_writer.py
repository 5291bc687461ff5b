"""Writing what changes come to into the audit log, and what it still lacks."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Identity
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock

from .audit import AuditLog, AuditUnavailableError
from .audit_entry import attempt_entry

logger = logging.getLogger(__name__)


class AuditWriter:
    """Writes entries to `log`, each with its time, the mode and who is behind it; `ledger` knows those that are missing."""

    def __init__(self, settings: Settings, log: AuditLog, ledger: Ledger, clock: Clock) -> None:
        self._settings = settings
        self._log = log
        self._ledger = ledger
        self._clock = clock

    @property
    def is_enabled(self) -> bool:
        """True if anything is written at all."""
        return self._log.is_enabled

    @property
    def keeps_commercial_text(self) -> bool:
        """True if the entries of commercial messages hold their text."""
        return self._settings.audit_text == "commercial"

    def check(self) -> None:
        """Raise :class:`.AuditUnavailableError` if an entry could not be written."""
        self._log.check()

    def write(self, entry: Mapping[str, Any], identity: Identity) -> None:
        """Write `entry`. Raises :class:`.AuditUnavailableError`."""
        if not self._log.is_enabled:
            return
        self._log.write(
            {
                "time": self._clock().isoformat(timespec="seconds"),
                "mode": "sandbox" if self._settings.sandbox else "live",
                "who": identity.principal or None,
                "host": identity.host or None,
                **entry,
            }
        )

    def write_afterwards(self, entry: Mapping[str, Any], identity: Identity) -> Text | None:
        """Write `entry`; return what prevented it, for the change is over by now."""
        try:
            self.write(entry, identity)
        except AuditUnavailableError as error:
            logger.warning("%s", error.missing_line.en)
            return error.missing_line
        return None

    async def write_owed(self) -> None:
        """Write the lines that a kill or a full disk kept from the log, as far as the ledger knows them."""
        if not self._log.is_enabled:
            return
        try:
            for attempt in await self._ledger.unaudited_attempts():
                self.write({**attempt_entry(attempt), "written_late": True}, attempt.identity)
                await self._ledger.mark_audited(attempt)
        except (LedgerUnavailableError, AuditUnavailableError) as error:
            logger.warning("%s", error)
