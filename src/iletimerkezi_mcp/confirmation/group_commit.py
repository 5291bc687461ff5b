"""Calls of the ledger in a worker thread, several of them in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread

from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError

if TYPE_CHECKING:
    from iletimerkezi_mcp.ledger.store import Ledger

T = TypeVar("T")


@dataclass(eq=False)
class _Job(Generic[T]):
    work: Callable[[Ledger], T]
    writes: bool
    future: anyio.Future[T] = field(default_factory=anyio.Future)


class GroupCommit:
    """Calls `ledger` off the event loop, one call after the other.

    What is written has to reach the disk before a request may leave, and a disk takes several milliseconds for a
    commit, of one attempt or of twenty. So everything that waits at one moment is one transaction: one by one, a slow
    disk would let some dozens of sends a second through. If the ledger cannot be used, none of them is done.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._turn = anyio.Lock(fast_acquire=True)
        self._waiting: list[_Job[Any]] = []

    async def read(self, work: Callable[[Ledger], T]) -> T:
        """Return what `work`, which writes nothing, returns. Raises whatever it raises."""
        return await self._run(_Job(work, writes=False))

    async def write(self, work: Callable[[Ledger], T]) -> T:
        """Return what `work` returns, once what it wrote has reached the disk. Raises whatever it raises."""
        return await self._run(_Job(work, writes=True))

    async def _run(self, job: _Job[T]) -> T:
        await anyio.lowlevel.checkpoint_if_cancelled()
        self._waiting.append(job)
        try:
            async with self._turn:
                if job in self._waiting:
                    await self._run_waiting()
        except anyio.get_cancelled_exc_class():
            if job in self._waiting:
                # A caller that is cancelled while it waits no longer wants it done.
                self._waiting.remove(job)
                raise
            # Another caller is doing it already. This one has to learn the outcome, and is cancelled at its next step:
            # no other would settle an attempt that is on record now.
            with anyio.CancelScope(shield=True):
                await job.future.wait()
        if job.future.exception is not None:
            raise job.future.exception
        return job.future.return_value

    async def _run_waiting(self) -> None:
        jobs, self._waiting = self._waiting, []
        results: list[Any]
        try:
            with anyio.CancelScope(shield=True):
                results = await anyio.to_thread.run_sync(self._call, jobs)
        except Exception as error:  # noqa: BLE001 - raised to every caller that waits, none of whom may wait for ever
            results = [error] * len(jobs)
        for job, result in zip(jobs, results, strict=True):
            if isinstance(result, Exception):
                job.future.exception = result
            else:
                job.future.return_value = result

    def _call(self, jobs: list[_Job[Any]]) -> list[Any]:
        """Return the result of each job, or the exception that it raised."""
        if len(jobs) == 1 or not any(job.writes for job in jobs):
            return [self._result(job) for job in jobs]
        try:
            with self._ledger.batch():
                results = []
                for job in jobs:
                    results.append(result := self._result(job))
                    if isinstance(result, LedgerUnavailableError):
                        raise result
                return results
        except LedgerUnavailableError as error:
            return [error] * len(jobs)

    def _result(self, job: _Job[T]) -> T | Exception:
        try:
            return job.work(self._ledger)
        except Exception as error:  # noqa: BLE001 - raised to the caller that waits, not swallowed
            return error
