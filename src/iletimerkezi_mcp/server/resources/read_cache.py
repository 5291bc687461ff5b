"""Live reads that are shared: one request for all who ask at the same time, and for a short while after."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import anyio
from anyio.abc import TaskGroup

from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.sms.times import Clock

FAILURE_LIFE = timedelta(seconds=5)
"""How long a failure is told again without a request."""

KEPT = 100
"""Answers kept at most; the one that was used longest ago goes first."""

Document = dict[str, Any]
"""What a resource holds, ready to be written as JSON."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A document, and how long it will still be told without a request."""

    document: Document
    fresh_for: timedelta


@dataclass(frozen=True, slots=True)
class _Kept:
    outcome: Document | ApiError
    at: datetime
    life: timedelta

    def left(self, now: datetime) -> timedelta | None:
        """How long it is still good for. A clock that was set back makes it old, not young."""
        age = now - self.at
        return self.life - age if timedelta(0) <= age < self.life else None


@dataclass(slots=True, eq=False)
class _Flight:
    waiting: int = 0
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    over: anyio.Event = field(default_factory=anyio.Event)
    kept: _Kept | None = None
    defect: Exception | None = None


class ReadCache:
    """Reads by key. A read runs in the server's own task group and stops when nobody waits for it any more."""

    def __init__(self, tasks: TaskGroup, clock: Clock) -> None:
        self._tasks = tasks
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._flights: dict[str, _Flight] = {}

    async def read(self, key: str, life: timedelta, fetch: Callable[[], Awaitable[Document]]) -> Answered:
        """What `fetch` gives, or gave less than `life` ago. Raises the :class:`.ApiError` that it raised."""
        kept = self._kept.get(key)
        if kept is None or kept.left(self._clock()) is None:
            kept = await self._fetched(key, life, fetch)
        else:
            self._kept.move_to_end(key)
        if isinstance(kept.outcome, ApiError):
            raise kept.outcome
        return Answered(kept.outcome, kept.left(self._clock()) or timedelta(0))

    def forget(self, key: str) -> None:
        """What is known under `key` is not so any more; nor is what a read under way will bring."""
        self._kept.pop(key, None)
        self._flights.pop(key, None)

    async def _fetched(self, key: str, life: timedelta, fetch: Callable[[], Awaitable[Document]]) -> _Kept:
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight()
            self._tasks.start_soon(self._fly, flight, key, life, fetch)
        flight.waiting += 1
        try:
            await flight.over.wait()
        finally:
            flight.waiting -= 1
            if flight.waiting == 0 and not flight.over.is_set():
                self._land(flight, key)
                flight.scope.cancel()
        if flight.defect is not None:
            raise flight.defect
        assert flight.kept is not None
        return flight.kept

    async def _fly(self, flight: _Flight, key: str, life: timedelta, fetch: Callable[[], Awaitable[Document]]) -> None:
        with flight.scope:
            try:
                flight.kept = _Kept(await fetch(), self._clock(), life)
            except ApiError as error:
                flight.kept = _Kept(error, self._clock(), FAILURE_LIFE)
            except Exception as error:  # noqa: BLE001 - handed to those who wait, not swallowed
                flight.defect = error
            if self._land(flight, key) and flight.kept is not None:
                self._keep(key, flight.kept)
            flight.over.set()

    def _land(self, flight: _Flight, key: str) -> bool:
        """Whether `flight` was still the read of `key`; from now on it is not."""
        current = self._flights.get(key) is flight
        if current:
            del self._flights[key]
        return current

    def _keep(self, key: str, kept: _Kept) -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
