"""Running a change so that its outcome is recorded even if its caller goes away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from anyio.abc import TaskGroup

if TYPE_CHECKING:
    from iletimerkezi_mcp.provider.send_progress import OnSent

T = TypeVar("T")


class ServerStoppedError(RuntimeError):
    """Raised if the server stopped while the change was under way; its outcome is unknown."""


class DetachedRunner:
    """Runs changes in the server's own task group.

    A caller that is cancelled before the request is sent stops the change. Once it is sent, the change is
    followed to its end in the background: a message cannot be called back by hanging up.
    """

    def __init__(self, tasks: TaskGroup) -> None:
        self._tasks = tasks
        self._under_way: dict[anyio.Future[Any], anyio.CancelScope] = {}

    async def run(self, work: Callable[[OnSent], Awaitable[T]]) -> T:
        """Await ``work(on_sent)``, where `work` calls ``on_sent`` right before its request leaves.

        Raises whatever `work` raises, and :class:`ServerStoppedError`.
        """
        future = anyio.Future[T]()
        # Whatever cancels the server's tasks, a change that is sent ends by itself or by finish().
        scope = anyio.CancelScope(shield=True)
        sent = False

        def on_sent() -> None:
            nonlocal sent
            sent = True

        async def follow() -> None:
            try:
                with scope:
                    future.return_value = await work(on_sent)
            except Exception as error:  # noqa: BLE001 - raised to the caller below, not swallowed
                future.exception = error
            finally:
                future.cancel()
                del self._under_way[future]

        self._under_way[future] = scope
        self._tasks.start_soon(follow)
        try:
            await future.wait()
        except anyio.get_cancelled_exc_class():
            if not sent:
                scope.cancel()
            raise
        if future.status is anyio.Future.Status.CANCELLED:
            raise ServerStoppedError
        if future.exception is not None:
            raise future.exception
        return future.return_value

    async def finish(self, grace: float) -> None:
        """Give what is under way `grace` seconds to come to its end, then stop it."""
        with anyio.move_on_after(grace, shield=True):
            for future in list(self._under_way):
                await future.wait()
        for scope in self._under_way.values():
            scope.cancel()
