"""A line on the terminal that says how long a call has been waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import anyio

from iletimerkezi_mcp.language import Language, Text

STEP_SECONDS = 1.0
"""How often the line is written anew, and how long it stays away at first: most calls are over by then."""

_CLEARED = "\r\x1b[K"


class Waiting:
    """Writes to `out`; where that is None, because nobody looks, it writes nothing. `sleep` is a seam: the time."""

    def __init__(
        self, out: TextIO | None, language: Language, sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    ) -> None:
        self._out = out
        self._language = language
        self._sleep = sleep
        self._aside = 0
        self._stands = False

    async def show(self) -> None:
        """Write the line until this is cancelled, and take it away then."""
        seconds = 0.0
        try:
            while True:
                await self._sleep(STEP_SECONDS)
                seconds += STEP_SECONDS
                if self._out is not None and not self._aside:
                    told = Text(
                        f"Waiting for iletiMerkezi, {seconds:.0f} s", f"iletiMerkezi bekleniyor, {seconds:.0f} sn"
                    )
                    self._out.write(_CLEARED + told.to(self._language))
                    self._out.flush()
                    self._stands = True
        finally:
            self._clear()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Something else is written meanwhile."""
        self._clear()
        self._aside += 1
        try:
            yield
        finally:
            self._aside -= 1

    def _clear(self) -> None:
        if self._out is not None and self._stands:
            self._out.write(_CLEARED)
            self._out.flush()
            self._stands = False
