"""The line that says how long a call has been waiting."""

from __future__ import annotations

import io

import anyio
import pytest

from iletimerkezi_mcp.cli.call.waiting import WaitingLine
from iletimerkezi_mcp.language import Language

CLEARED = "\r\x1b[K"


class Steps:
    """A time that passes a step on demand."""

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
    ("language", "line"), [("en", "Waiting for iletiMerkezi, {} s"), ("tr", "iletiMerkezi bekleniyor, {} sn")]
)
async def test_the_line_counts_the_seconds_can_be_paused_and_is_removed_at_the_end(
    language: Language, line: str
) -> None:
    out, steps = io.StringIO(), Steps()
    waiting = WaitingLine(out, language, steps.sleep)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(waiting.show)
            await steps.one()
            await steps.one()
            shown = CLEARED + line.format(1) + CLEARED + line.format(2)
            assert out.getvalue() == shown
            with waiting.paused():
                await steps.one()
                assert out.getvalue() == shown + CLEARED
            await steps.one()
            assert out.getvalue() == shown + CLEARED + CLEARED + line.format(4)
            tasks.cancel_scope.cancel()
    assert out.getvalue().endswith(line.format(4) + CLEARED)


async def test_a_short_call_and_one_without_a_terminal_write_nothing() -> None:
    out, steps = io.StringIO(), Steps()
    watched, unwatched = WaitingLine(out, "en", steps.sleep), WaitingLine(None, "en", steps.sleep)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(unwatched.show)
            await steps.one()
            with unwatched.paused(), watched.paused():
                """Nothing has been written that must go away."""
            tasks.cancel_scope.cancel()
    assert out.getvalue() == ""
