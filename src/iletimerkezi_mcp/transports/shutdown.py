"""Being told to stop, and how long what is under way may still take."""

from __future__ import annotations

import signal
import sys
import time

import anyio
from anyio.abc import TaskStatus

LEAST_SECONDS = 0.5
"""What a change that has begun is given at the very least: its outcome may be on its way."""


class Stop:
    """Asked once, the server stops within `grace` seconds; asked again, at once."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._deadline: float | None = None
        self.asked = anyio.Event()
        self.hurried = anyio.Event()

    def ask(self) -> None:
        """Stop; or stop waiting."""
        if self.asked.is_set():
            self._deadline = time.monotonic()
            self.hurried.set()
        else:
            self._deadline = time.monotonic() + self._grace
            self.asked.set()

    def left(self) -> float:
        """The seconds left for what has begun: never less than :data:`LEAST_SECONDS`."""
        deadline = time.monotonic() if self._deadline is None else self._deadline
        return max(LEAST_SECONDS, deadline - time.monotonic())

    async def on_signals(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Be asked by each SIGINT and SIGTERM. Where those cannot be waited for (Windows), Ctrl-C ends the process."""
        if sys.platform == "win32":
            task_status.started()
            return
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            task_status.started()
            async for _ in signals:
                self.ask()
