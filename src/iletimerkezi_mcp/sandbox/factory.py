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

from .database import World, WorldError
from .fixtures import SEED, Seed
from .provider import Provider
from .request_context import Account
from .transport import SandboxTransport

WORLD = Path("sandbox") / "world.sqlite3"
"""Where in the state folder the world lasts."""


@contextmanager
def open_provider(settings: Settings, clock: Clock) -> Iterator[Provider]:
    """The simulated provider; in memory, or in the state folder where one is set.

    Raises :class:`SettingsError` where the world cannot be kept in that folder.
    """
    account = Account(
        mode=settings.character_mode or CharacterMode.ENGLISH,
        abroad=settings.abroad,
        brand_code=settings.brand_code or Account().brand_code,
    )
    path = None if settings.state_dir is None else settings.state_dir / WORLD
    with _world(path, clock, _seed(settings)) as world:
        yield Provider(world, account)


def _world(path: Path | None, clock: Clock, seed: Seed) -> World:
    try:
        return World(path, clock, seed)
    except WorldError as error:
        raise SettingsError(error.reason) from error
    except (OSError, sqlite3.Error) as error:
        said = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise SettingsError(
            Text(
                f"The sandbox cannot keep its world in {path} ({said}); name another folder in ILETIMERKEZI_STATE_DIR.",
                f"Deneme ortamı verilerini {path} dosyasında tutamıyor ({said}); ILETIMERKEZI_STATE_DIR ile başka bir "
                "klasör gösterin.",
            )
        ) from error


def _seed(settings: Settings) -> Seed:
    """The usual beginning, in which the operator's own sender is approved and the consents are the own brand's."""
    senders = SEED.senders
    if settings.sender is not None and settings.sender not in senders:
        senders = (settings.sender, *senders)
    consents = SEED.consents
    if settings.brand_code is not None:
        consents = tuple(replace(consent, brand_code=settings.brand_code) for consent in consents)
    return replace(SEED, senders=senders, consents=consents)


@contextmanager
def open_sandbox(settings: Settings, clock: Clock) -> Iterator[Callable[[], httpx.AsyncBaseTransport]]:
    """What makes a transport to :func:`open_provider`'s provider, in place of the network."""
    with open_provider(settings, clock) as provider:
        yield lambda: SandboxTransport(provider)
