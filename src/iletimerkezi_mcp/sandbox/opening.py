"""The sandbox as the operator's settings describe it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.times import Clock

from .desk import Account
from .provider import Provider
from .seed import SEED, Seed
from .transport import SandboxTransport
from .world import World

WORLD = Path("sandbox") / "world.sqlite3"
"""Where in the state folder the world lasts."""


@contextmanager
def open_provider(settings: Settings, clock: Clock) -> Iterator[Provider]:
    """The simulated provider; in memory, or in the state folder where one is set. Raises as :class:`World` does."""
    account = Account(
        mode=settings.character_mode or CharacterMode.ENGLISH,
        abroad=settings.abroad,
        brand_code=settings.brand_code or Account().brand_code,
    )
    path = None if settings.state_dir is None else settings.state_dir / WORLD
    with World(path, clock, _seed(settings)) as world:
        yield Provider(world, account)


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
