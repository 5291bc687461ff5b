"""The API client of a server: the settings' account, over the network or in the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from iletimerkezi_mcp.ledger.clock import UptimeClock, uptime_clock
from iletimerkezi_mcp.provider.client import ApiClient, Credentials
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS, Timeouts
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock

if TYPE_CHECKING:
    import httpx


@asynccontextmanager
async def open_client(
    settings: Settings,
    clock: Clock,
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    on_date: Callable[[datetime], None] = lambda _: None,
    uptime: UptimeClock = uptime_clock,
) -> AsyncIterator[ApiClient]:
    """Open a client of the settings' account; closing it closes its connections and the sandbox.

    A `transport` replaces the network and the sandbox. Raises :class:`.SettingsError` if the sandbox cannot be opened.
    """
    with _transport_factory(settings, clock, transport) as factory:
        async with ApiClient(
            base_url=settings.api_url,
            credentials=_credentials(settings),
            transport=factory,
            timeouts=timeouts,
            clock=clock,
            uptime=lambda: uptime().seconds,
            on_date=on_date,
        ) as client:
            yield client


def _credentials(settings: Settings) -> Credentials | None:
    """Return key and hash; the sandbox, which needs none, gets any."""
    if settings.api_key is not None and settings.api_hash is not None:
        return Credentials(settings.api_key, settings.api_hash)
    return Credentials(SecretStr("sandbox"), SecretStr("sandbox")) if settings.sandbox else None


def _transport_factory(
    settings: Settings, clock: Clock, transport: Callable[[], httpx.AsyncBaseTransport] | None
) -> AbstractContextManager[Callable[[], httpx.AsyncBaseTransport] | None]:
    if transport is not None or not settings.sandbox:
        return nullcontext(transport)
    from iletimerkezi_mcp.sandbox.factory import open_sandbox

    return open_sandbox(settings, clock)
