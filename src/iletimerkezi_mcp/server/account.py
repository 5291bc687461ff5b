"""The account that the settings name: its credentials, its name in the ledger, and the network that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import SecretStr

from iletimerkezi_mcp.provider.client import Credentials
from iletimerkezi_mcp.settings import Settings
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


@contextmanager
def network_for(
    settings: Settings, clock: Clock, transport: Callable[[], httpx.AsyncBaseTransport] | None = None
) -> Iterator[Callable[[], httpx.AsyncBaseTransport] | None]:
    """Give what takes the place of the network, None for the network itself; close the sandbox at the end."""
    if transport is not None or not settings.sandbox:
        yield transport
        return
    from iletimerkezi_mcp.sandbox.factory import open_sandbox

    with open_sandbox(settings, clock) as sandbox:
        yield sandbox
