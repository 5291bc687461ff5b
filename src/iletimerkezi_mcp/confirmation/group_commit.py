"""What waits for the ledger, done in a thread, and together where several wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio
import anyio.to_thread

from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError

if TYPE_CHECKING:
    from iletimerkezi_mcp.ledger.store import Ledger

T = TypeVar("T")


class GroupCommit:
    """Does one thing after the other with `ledger`, off the event loop.

    What is written has to reach the disk before a request may leave, and a disk takes several milliseconds for that,
    whether it is one attempt or twenty. So all that waits at a moment is one transaction: one by one, a slow disk
    would let some dozens of sends a second through. Where the ledger cannot be used, none of them is done.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._turn = anyio.Lock(fast_acquire=True)
        self._waiting: list[_Job[Any]] = []

    async def read(self, work: Callable[[Ledger], T]) -> T:
        """What `work`, which writes nothing, makes of the ledger. Raises whatever it raises."""
        return await self._run(_Job(work, writes=False))

    async def write(self, work: Callable[[Ledger], T]) -> T:
        """The same for `work` that writes; what it wrote has reached the disk by then."""
        return await self._run(_Job(work, writes=True))

    async def _run(self, job: _Job[T]) -> T:
        self._waiting.append(job)
        try:
            async with self._turn:
                if job in self._waiting:
                    jobs, self._waiting = self._waiting, []
                    try:
                        await anyio.to_thread.run_sync(self._do, jobs)
                    finally:
                        for one in jobs:
                            one.over.set()
        except anyio.get_cancelled_exc_class():
            if job in self._waiting:
                # Whoever is cancelled while it waits does not want it done any more.
                self._waiting.remove(job)
                raise
            # Others are doing it already. Who asked has to learn what came of it, and is cancelled at its next step:
            # nobody else would settle an attempt that is on record now.
            with anyio.CancelScope(shield=True):
                await job.over.wait()
        return job.result()

    def _do(self, jobs: list[_Job[Any]]) -> None:
        if len(jobs) == 1 or not any(job.writes for job in jobs):
            for job in jobs:
                job.do(self._ledger)
            return
        try:
            with self._ledger.batch():
                for job in jobs:
                    job.do(self._ledger)
                    if isinstance(job.error, LedgerUnavailableError):
                        raise job.error
        except LedgerUnavailableError as error:
            for job in jobs:
                job.error = error


class _Job(Generic[T]):
    """One thing to do, and what came of it."""

    def __init__(self, work: Callable[[Ledger], T], *, writes: bool) -> None:
        self._work = work
        self.writes = writes
        self._results: list[T] = []
        self.error: Exception | None = None
        self.over = anyio.Event()

    def do(self, ledger: Ledger) -> None:
        try:
            self._results.append(self._work(ledger))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits in result(), not swallowed
            self.error = error

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return self._results[0]
