"""The line that says how long a call has been waiting."""

from __future__ import annotations

import io

import anyio
import pytest

from iletimerkezi_mcp.cli.call.waiting import WaitingLine
from iletimerkezi_mcp.language import Language

CLEARED = "\r\x1b[K"


class Steps:
    """A time that passes a step when it is told to."""

    def __init__(self) -> None:
        self._go, self._ready = anyio.Semaphore(0), anyio.Semaphore(0)

    async def sleep(self, _: float) -> None:
        """Until the next step."""
        self._ready.release()
        await self._go.acquire()

    async def one(self) -> None:
        """A step, and what follows from it."""
        await self._ready.acquire()
        self._go.release()
        await self._ready.acquire()
        self._ready.release()


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Waiting for iletiMerkezi, {} s"), ("tr", "iletiMerkezi bekleniyor, {} sn")]
)
async def test_it_counts_the_seconds_is_paused_and_goes_away_at_the_end(language: Language, told: str) -> None:
    seen, steps = io.StringIO(), Steps()
    waiting = WaitingLine(seen, language, steps.sleep)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(waiting.show)
            await steps.one()
            await steps.one()
            shown = CLEARED + told.format(1) + CLEARED + told.format(2)
            assert seen.getvalue() == shown
            with waiting.paused():
                await steps.one()
                assert seen.getvalue() == shown + CLEARED
            await steps.one()
            assert seen.getvalue() == shown + CLEARED + CLEARED + told.format(4)
            tasks.cancel_scope.cancel()
    assert seen.getvalue().endswith(told.format(4) + CLEARED)


async def test_a_call_that_is_over_at_once_and_one_that_nobody_watches_write_nothing() -> None:
    seen, steps = io.StringIO(), Steps()
    watched, unwatched = WaitingLine(seen, "en", steps.sleep), WaitingLine(None, "en", steps.sleep)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(unwatched.show)
            await steps.one()
            with unwatched.paused(), watched.paused():
                """Nothing has been written that must go away."""
            tasks.cancel_scope.cancel()
    assert seen.getvalue() == ""
