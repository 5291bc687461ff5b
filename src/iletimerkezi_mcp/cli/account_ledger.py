"""The ledger of the account that the settings of a command name."""

from __future__ import annotations

import argparse
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server.ledger import lasting_folder, ledger_account, ledger_folder
from iletimerkezi_mcp.settings import Settings, load_settings
from iletimerkezi_mcp.sms.clock import system_clock

from .usage import Flags, UsageError

T = TypeVar("T")

_NO_KEY = Text(
    "ILETIMERKEZI_API_KEY must be set: what the ledger holds belongs to the account of that key.",
    "ILETIMERKEZI_API_KEY ayarlanmalı: defterdeki kayıtlar o anahtarın hesabına aittir.",
)


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """The ledger in `folder`, which need not exist yet."""

    settings: Settings
    folder: Path

    @classmethod
    def of_command(cls, options: argparse.Namespace, flags: Flags, *more: str) -> AccountLedger:
        """Return the ledger of a command: the sandbox's is in the state folder. Raises :class:`.UsageError` without a key.

        `more` are settings that it reads beside those that it has flags for.
        """
        fields = (*options.command.settings, "api_key", "audit_log", "operator_name", *more)
        settings = load_settings(os.environ, flags, only=fields)
        if settings.sandbox:
            settings = replace(settings, state_dir=lasting_folder(settings))
        elif settings.api_key is None:
            raise UsageError(_NO_KEY)
        folder = ledger_folder(settings)
        assert folder is not None
        return cls(settings, folder)

    @property
    def exists(self) -> bool:
        return (self.folder / LEDGER_FILE).exists()

    def use(self, work: Callable[[SqliteLedger], Awaitable[T]], *, read_only: bool = False) -> T:
        """Return what `work` returns. Raises :class:`.LedgerUnavailableError`."""
        account, key_file = ledger_account(self.settings), self.settings.state_key_file
        ledger = SqliteLedger(self.folder, account, clock=system_clock, key_file=key_file, read_only=read_only)
        try:
            return anyio.run(work, ledger)
        finally:
            ledger.close()
