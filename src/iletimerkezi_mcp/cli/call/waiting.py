"""A line on the terminal that says how long a call has been waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

import anyio

from iletimerkezi_mcp.language import Language, Text

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
        """Write the line each second until this is cancelled, and remove it then. Most calls are over before the first."""
        seconds = 0
        try:
            while True:
                await self.sleep(1)
                seconds += 1
                if self.out is not None and not self._paused:
                    line = _WAITING.format(seconds=str(seconds))
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
