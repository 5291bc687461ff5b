"""The place of the ledger on this machine, and the account that its entries belong to."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.files import state_folder
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.settings import Settings, SettingsError, is_loopback


def ledger_account(settings: Settings) -> tuple[str, ...]:
    """Return the account that the ledger's entries belong to: the key, the base address, sandbox or live."""
    key = settings.api_key.get_secret_value() if settings.api_key is not None else ""
    return (key, _one_spelling(settings.api_url), "sandbox" if settings.sandbox else "live")


def _one_spelling(url: str) -> str:
    """Return an origin with one name for this machine, so that a send is held back under each of its names."""
    parts = urlsplit(url)
    hostname = "localhost" if is_loopback(parts.hostname or "") else parts.hostname
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return (
        f"{parts.scheme}://{hostname}" if parts.port in (None, default) else f"{parts.scheme}://{hostname}:{parts.port}"
    )


def ledger_folder(settings: Settings) -> Path | None:
    """Return the ledger's folder, or None if the ledger is kept in memory.

    The sandbox's is in memory unless a state folder is set, and so is that of a server that changes nothing for a user
    without a home folder. Raises :class:`.SettingsError` as :func:`lasting_folder` does.
    """
    if settings.sandbox:
        return None if settings.state_dir is None else settings.state_dir / "sandbox"
    try:
        return lasting_folder(settings)
    except SettingsError:
        if settings.read_only:
            return None
        raise


def lasting_folder(settings: Settings) -> Path:
    """Return the state folder that is set, else the user's own.

    Raises :class:`.SettingsError` if none is set and the user has no home folder.
    """
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
