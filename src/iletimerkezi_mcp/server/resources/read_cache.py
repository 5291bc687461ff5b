"""A cache of live reads, so that not every poll of a host makes a request to the provider."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import anyio

from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.sms.clock import Clock

FAILURE_LIFE = timedelta(seconds=5)
"""The time for which a failure is repeated without a request."""

MAX_ENTRIES = 100
"""Resources remembered at most; the least recently used one goes first."""

Document = dict[str, Any]
"""The content of a resource, ready to be written as JSON."""


@dataclass(frozen=True, slots=True)
class CachedDocument:
    """A document and the time for which it will still be answered without a request."""

    document: Document
    fresh_for: timedelta


@dataclass(slots=True, eq=False)
class _Entry:
    """The last outcome of reading one resource. A read holds the lock, so that others wait for its outcome."""

    lock: anyio.Lock = field(default_factory=anyio.Lock)
    outcome: Document | ApiError = field(default_factory=dict)
    read_at: datetime | None = None
    life: timedelta = timedelta(0)

    def fresh_for(self, now: datetime) -> timedelta | None:
        """Return the time for which the outcome is still fresh, or None. A clock that was set back makes it old."""
        if self.read_at is None:
            return None
        age = now - self.read_at
        return self.life - age if timedelta(0) <= age < self.life else None


class ReadCache:
    """Documents by their URI."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    async def read(self, uri: str, life: timedelta, fetch: Callable[[], Awaitable[Document]]) -> CachedDocument:
        """Return what `fetch` returns, or returned less than `life` ago. Raises the :class:`.ApiError` that it raised."""
        entry = self._entries.setdefault(uri, _Entry())
        self._entries.move_to_end(uri)
        if len(self._entries) > MAX_ENTRIES:
            self._entries.popitem(last=False)
        async with entry.lock:
            if entry.fresh_for(self._clock()) is None:
                try:
                    entry.outcome, entry.life = await fetch(), life
                except ApiError as error:
                    entry.outcome, entry.life = error, FAILURE_LIFE
                entry.read_at = self._clock()
            outcome, left = entry.outcome, entry.fresh_for(self._clock())
        if isinstance(outcome, ApiError):
            raise outcome
        return CachedDocument(outcome, left or timedelta(0))

    def forget(self, uri: str) -> None:
        """Drop the outcome for `uri`, and the outcome of a read of it that is under way."""
        self._entries.pop(uri, None)
