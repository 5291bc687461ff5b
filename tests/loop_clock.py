"""The event loop's clock, put forward instead of waited for.

A test that needs a time limit to pass keeps the product's own limit, lets happen what has to happen before it, and
then puts the clock forward. So no result depends on how fast the machine is.
"""

from __future__ import annotations

import asyncio
from typing import NoReturn

TICK = 1.0
"""Seconds that pass at once: fewer than any limit that is to be kept, so that what is in time stays in time."""

TURNS = 10
"""Turns of the event loop between two ticks: more than it takes to read what is in a socket and to act on it."""


class LoopClock:
    """The clock of the running event loop, which is ahead of the machine's by what has been put forward."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        machine = loop.time
        self._ahead = 0.0
        setattr(loop, "time", lambda: machine() + self._ahead)  # noqa: B010 - mypy takes it for a method of the class

    async def tick(self, seconds: float = TICK) -> None:
        """Let `seconds` pass, and then everything run that waited for them."""
        self._ahead += seconds
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def outlast(self, limit: float) -> NoReturn:
        """Let more than `limit` seconds pass, and never return."""
        while limit >= 0:
            await self.tick()
            limit -= TICK
        await asyncio.Event().wait()
        raise AssertionError
