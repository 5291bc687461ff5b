"""The account that the settings name: its credentials, its name and folder in the ledger, and the way to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.files import state_folder
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.client import Credentials
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.sms.clock import Clock

if TYPE_CHECKING:
    import httpx


def account_of(settings: Settings) -> tuple[str, ...]:
    """Return what the ledger's entries belong to: the key, the base address, sandbox or live."""
    key = settings.api_key.get_secret_value() if settings.api_key is not None else ""
    return (key, settings.api_url, "sandbox" if settings.sandbox else "live")


def credentials_of(settings: Settings) -> Credentials | None:
    """Return key and hash; the sandbox, which needs none, gets any."""
    if settings.api_key is not None and settings.api_hash is not None:
        return Credentials(settings.api_key, settings.api_hash)
    return Credentials(SecretStr("sandbox"), SecretStr("sandbox")) if settings.sandbox else None


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


def network_for(
    settings: Settings, clock: Clock, transport: Callable[[], httpx.AsyncBaseTransport] | None = None
) -> AbstractContextManager[Callable[[], httpx.AsyncBaseTransport] | None]:
    """Return what takes the place of the network, None for the network itself; at its end the sandbox is closed."""
    if transport is not None or not settings.sandbox:
        return nullcontext(transport)
    from iletimerkezi_mcp.sandbox.factory import open_sandbox

    return open_sandbox(settings, clock)
