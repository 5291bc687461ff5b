"""The pace of single-recipient sends.

The provider takes 100 messages a second from an account, counted in recipients and meant
for messages to one person; bulk orders have their own limit (contract, section 2).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import anyio

PER_SECOND: Final = 95
"""Sends a second and process: the provider's 100, less a margin for requests that bunch up on the way."""


class RecipientRate:
    """Lets at most `per_second` sends start in any rolling second, in the order in which they came.

    `clock` tells seconds that only grow and `sleep` waits for some of them.
    """

    def __init__(
        self,
        per_second: int = PER_SECOND,
        *,
        clock: Callable[[], float] = anyio.current_time,
        sleep: Callable[[float], Awaitable[object]] = anyio.sleep,
    ) -> None:
        self._starts: deque[float] = deque(maxlen=per_second)
        self._clock = clock
        self._sleep = sleep
        self._turn = anyio.Lock(fast_acquire=True)

    async def wait(self) -> None:
        """Return when one more send may start. Cancelled, it takes up no place."""
        async with self._turn:
            while (pause := self._pause()) > 0:
                await self._sleep(pause)
            self._starts.append(self._clock())

    def _pause(self) -> float:
        if len(self._starts) < (self._starts.maxlen or 0):
            return 0.0
        return self._starts[0] + 1.0 - self._clock()
