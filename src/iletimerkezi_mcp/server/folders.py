"""The folders in which this server keeps anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.files import state_folder
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.settings import Settings, SettingsError


def ledger_folder(settings: Settings) -> Path | None:
    """Return the ledger's folder; None if it is kept in memory, as the sandbox's is unless a state folder is set."""
    if settings.sandbox:
        return None if settings.state_dir is None else settings.state_dir / "sandbox"
    return lasting_folder(settings)


def lasting_folder(settings: Settings) -> Path:
    """Return the state folder that is set, else this user's own. Raises :class:`.SettingsError` if there is neither."""
    if settings.state_dir is not None:
        return settings.state_dir
    try:
        return state_folder(os.environ, sys.platform)
    except LedgerUnavailableError:
        raise SettingsError(
            Text(
                "ILETIMERKEZI_STATE_DIR must be set, because this user has no home folder.",
                "Bu kullanıcının ev klasörü olmadığı için ILETIMERKEZI_STATE_DIR ayarlanmalı.",
            )
        ) from None
