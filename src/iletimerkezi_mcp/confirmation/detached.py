"""Running a change so that its outcome is recorded even if its caller goes away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio
from anyio.abc import TaskGroup

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.send_progress import OnSent

T = TypeVar("T")


class ServerStoppedError(RuntimeError):
    """Raised if the server stopped while the change was under way; its outcome is unknown."""


@dataclass(slots=True, eq=False)
class DetachedWork(Generic[T]):
    """Work that runs in the server's own task group; `is_sent` once its request, or the first of several, has left.

    `patience` returns the seconds that it should be given at the server's end, if no signal asks for that.
    """

    patience: Callable[[], float]
    future: anyio.Future[T] = field(default_factory=anyio.Future)
    # Whatever cancels the server's tasks, a change that is sent ends by itself or by finish().
    scope: anyio.CancelScope = field(default_factory=lambda: anyio.CancelScope(shield=True))
    is_sent: bool = False

    def abandon(self) -> None:
        """Stop it if nothing was sent: its caller is gone."""
        if not self.is_sent:
            self.scope.cancel()


class DetachedRunner:
    """Runs changes in the server's own task group.

    A caller that is cancelled before the request is sent stops the change. Once it is sent, the change is
    followed to its end in the background: a message cannot be called back by hanging up. `stopping` returns True once the
    server was asked to stop.
    """

    def __init__(self, tasks: TaskGroup, stopping: Callable[[], bool] = lambda: False) -> None:
        self._tasks = tasks
        self._stopping = stopping
        self._finishing = False
        self._under_way: set[DetachedWork[Any]] = set()

    @property
    def is_stopping(self) -> bool:
        """True once no further request of a change that takes several should begin."""
        return self._finishing or self._stopping()

    def start(
        self, work: Callable[[OnSent], Awaitable[T]], *, patience: Callable[[], float] = lambda: 0.0
    ) -> DetachedWork[T]:
        """Start ``work(on_sent)``, where `work` calls ``on_sent`` right before its request leaves."""
        detached = DetachedWork[T](patience)

        def on_sent() -> None:
            detached.is_sent = True

        async def follow() -> None:
            try:
                with detached.scope:
                    detached.future.return_value = await work(on_sent)
            except Exception as error:  # noqa: BLE001 - raised to the caller in run(), not swallowed
                detached.future.exception = error
            finally:
                detached.future.cancel()
                self._under_way.remove(detached)

        self._under_way.add(detached)
        self._tasks.start_soon(follow)
        return detached

    async def run(self, work: Callable[[OnSent], Awaitable[T]]) -> T:
        """Start `work` and await its end. Raises whatever `work` raises, and :class:`ServerStoppedError`."""
        detached = self.start(work)
        future = detached.future
        try:
            await future.wait()
        except anyio.get_cancelled_exc_class():
            detached.abandon()
            raise
        if future.status is anyio.Future.Status.CANCELLED:
            raise ServerStoppedError
        if future.exception is not None:
            raise future.exception
        return future.return_value

    async def finish(self, grace: float) -> None:
        """Give what is under way `grace` seconds to come to its end, then stop it.

        More if it asks for it and only the host has gone: no caller waits for work that goes on in the background.
        """
        self._finishing = True
        if not self._stopping():
            grace = max([grace, *(detached.patience() for detached in self._under_way)])
        with anyio.move_on_after(grace, shield=True):
            for detached in list(self._under_way):
                await detached.future.wait()
        for detached in self._under_way:
            detached.scope.cancel()
