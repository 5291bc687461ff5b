"""Carrying a deed out so that its outcome is known, whatever becomes of the caller."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import anyio
from anyio.abc import TaskGroup

T = TypeVar("T")


class DetachedRunner:
    """Runs deeds in the server's own task group.

    A caller that is cancelled before the request has begun stops the deed. Once it has begun, the
    deed is followed to its end in the background: a message cannot be called back by hanging up.
    """

    def __init__(self, tasks: TaskGroup) -> None:
        self._tasks = tasks
        self._under_way: set[_Trip[Any]] = set()

    async def carry(self, work: Callable[[Callable[[], None]], Awaitable[T]]) -> T:
        """Await ``work(begun)``, where `work` calls ``begun`` right before its request leaves.

        Raises whatever `work` raises.
        """
        trip = _Trip(work)
        self._under_way.add(trip)
        self._tasks.start_soon(self._run, trip)
        try:
            await trip.over.wait()
        except anyio.get_cancelled_exc_class():
            if not trip.begun:
                trip.scope.cancel()
            raise
        return trip.result()

    async def settle(self, grace: float) -> None:
        """Give what has begun `grace` seconds to come to its end, then stop it."""
        with anyio.move_on_after(grace, shield=True):
            for trip in list(self._under_way):
                await trip.over.wait()
        for trip in self._under_way:
            trip.scope.cancel()

    async def _run(self, trip: _Trip[T]) -> None:
        try:
            with trip.scope:
                await trip.go()
        finally:
            self._under_way.discard(trip)
            trip.over.set()


class _Trip(Generic[T]):
    def __init__(self, work: Callable[[Callable[[], None]], Awaitable[T]]) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: Exception | None = None
        self.begun = False
        # Whatever cancels the server's tasks, a change that has begun ends by itself or by settle().
        self.scope = anyio.CancelScope(shield=True)
        self.over = anyio.Event()

    async def go(self) -> None:
        try:
            self._results.append(await self._work(self._begin))
        except Exception as error:  # noqa: BLE001 - handed to the caller in result(), not swallowed
            self._error = error

    def _begin(self) -> None:
        self.begun = True

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        if not self._results:
            raise ServerStoppedError
        return self._results[0]


class ServerStoppedError(RuntimeError):
    """The server stopped while the deed was under way; what became of it is unknown."""
