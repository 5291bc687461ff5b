"""The sandbox as the operator's settings describe it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.clock import Clock

from .database import SandboxDatabase, SandboxDatabaseError
from .fixtures import FIXTURES, Fixtures
from .provider import Provider
from .request_context import SimulatedAccount
from .transport import SandboxTransport

DATABASE_FILE = Path("sandbox") / "world.sqlite3"
"""The sandbox's file in the state folder."""

_CANNOT_KEEP = Text(
    "The sandbox cannot keep its data in {path} ({error}); name another folder in {source}.",
    "Deneme ortamı verilerini {path} dosyasında tutamıyor ({error}); {source} ile başka bir klasör gösterin.",
)


@contextmanager
def open_provider(settings: Settings, clock: Clock) -> Iterator[Provider]:
    """Give the simulated provider; in memory, or in the state folder if one is set.

    Raises :class:`SettingsError` if the sandbox cannot be kept in that folder.
    """
    account = SimulatedAccount(
        mode=settings.character_mode or CharacterMode.ENGLISH,
        abroad=settings.abroad,
        brand_code=settings.brand_code or SimulatedAccount().brand_code,
    )
    with _database(settings, clock) as database:
        yield Provider(database, account)


@contextmanager
def open_sandbox(settings: Settings, clock: Clock) -> Iterator[Callable[[], httpx.AsyncBaseTransport]]:
    """Give what makes a transport to :func:`open_provider`'s provider, in place of the network."""
    with open_provider(settings, clock) as provider:
        yield lambda: SandboxTransport(provider)


def _database(settings: Settings, clock: Clock) -> SandboxDatabase:
    path = None if settings.state_dir is None else settings.state_dir / DATABASE_FILE
    try:
        return SandboxDatabase(path, clock, _fixtures(settings))
    except SandboxDatabaseError as error:
        raise SettingsError(error.reason) from error
    except (OSError, sqlite3.Error) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise SettingsError(
            _CANNOT_KEEP.format(path=str(path), error=reason, source=settings.source("state_dir"))
        ) from error


def _fixtures(settings: Settings) -> Fixtures:
    """Return the usual ones, with the operator's own sender, brand and credits."""
    senders = FIXTURES.senders
    if settings.sender is not None and settings.sender not in senders:
        senders = (settings.sender, *senders)
    consents = FIXTURES.consents
    if settings.brand_code is not None:
        consents = tuple(replace(consent, brand_code=settings.brand_code) for consent in consents)
    return replace(FIXTURES, credits=settings.sandbox_credits, senders=senders, consents=consents)
