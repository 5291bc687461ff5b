"""The caller of a tool."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio

from .elicitation import Elicitation

OnProgress = Callable[[float, float | None], Awaitable[None]]
"""Tells the host how much is done, of how much in all if that is known; nothing happens if it did not ask."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a tool: the ways to ask its person and to tell progress, its token's name on the network, its host's.

    `since` is when its call came, by the event loop's clock, or when a person last answered in it; `uptime` is the same in
    seconds of the machine's uptime, which also counts its sleep.
    """

    elicitation: Elicitation
    on_progress: OnProgress
    uptime: float
    principal: str = ""
    host: str = ""
    since: float = field(default_factory=anyio.current_time)
