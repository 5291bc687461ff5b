"""The request to stop, and the time that calls under way may still take."""

from __future__ import annotations

import signal
import sys
import time

import anyio
from anyio.abc import TaskStatus

MIN_SECONDS = 0.5
"""The least time for a change that was sent: its outcome may be on its way."""


def stop_signals() -> tuple[signal.Signals, ...]:
    """Return the signals that ask a process to stop. SIGHUP is left alone if ``nohup`` has it ignored."""
    if sys.platform == "win32" or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return signal.SIGINT, signal.SIGTERM
    return signal.SIGINT, signal.SIGTERM, signal.SIGHUP


class Shutdown:
    """Requested once, the server stops within `grace` seconds; requested again, at once."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._deadline: float | None = None
        self.requested = anyio.Event()
        self.forced = anyio.Event()

    def request(self) -> None:
        """Stop; or, the second time, stop waiting."""
        if self.requested.is_set():
            self._deadline = time.monotonic()
            self.forced.set()
        else:
            self._deadline = time.monotonic() + self._grace
            self.requested.set()

    def seconds_left(self) -> float:
        """Return the seconds left for calls under way: never less than :data:`MIN_SECONDS`."""
        deadline = time.monotonic() if self._deadline is None else self._deadline
        return max(MIN_SECONDS, deadline - time.monotonic())

    async def on_signals(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Take each of :func:`stop_signals` as a request. On Windows neither can be awaited, and Ctrl-C ends the process."""
        if sys.platform == "win32":
            task_status.started()
            return
        with anyio.open_signal_receiver(*stop_signals()) as signals:
            task_status.started()
            async for _ in signals:
                self.request()
