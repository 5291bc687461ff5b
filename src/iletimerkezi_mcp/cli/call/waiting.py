"""A line on the terminal that says how long a call has been waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

import anyio

from iletimerkezi_mcp.language import Language, Text

STEP_SECONDS = 1.0
"""The seconds between two writings of the line, and before the first: most calls are over by then."""

_WAITING = Text("Waiting for iletiMerkezi, {seconds} s", "iletiMerkezi bekleniyor, {seconds} sn")
_CLEAR_LINE = "\r\x1b[K"


@dataclass(slots=True)
class WaitingLine:
    """Writes to `out`, or nothing if that is None, because no person watches. `sleep` is a seam: the time."""

    out: TextIO | None
    language: Language
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    _paused: int = field(init=False, default=0)
    _visible: bool = field(init=False, default=False)

    async def show(self) -> None:
        """Write the line until this is cancelled, and remove it then."""
        seconds = 0.0
        try:
            while True:
                await self.sleep(STEP_SECONDS)
                seconds += STEP_SECONDS
                if self.out is not None and not self._paused:
                    line = _WAITING.format(seconds=f"{seconds:.0f}")
                    self.out.write(_CLEAR_LINE + line.to(self.language))
                    self.out.flush()
                    self._visible = True
        finally:
            self._clear()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep the line away while something else is written."""
        self._clear()
        self._paused += 1
        try:
            yield
        finally:
            self._paused -= 1

    def _clear(self) -> None:
        if self.out is not None and self._visible:
            self.out.write(_CLEAR_LINE)
            self.out.flush()
            self._visible = False
