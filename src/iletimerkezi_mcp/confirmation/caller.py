"""The caller of a tool."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import anyio

from iletimerkezi_mcp.ledger.attempts import Way

from .elicitation import FormAnswer, Question

OnProgress = Callable[[float, float | None], Awaitable[None]]
"""Tells the host how much is done, of how much in all if that is known; nothing happens if it did not ask."""


class PersonAsked(Protocol):
    """The way to the person behind a call. :class:`.elicitation.Elicitation` is the host's form.

    `waited` is the progress that was reported while a person was awaited; what is reported afterwards has to be more.
    """

    waited: float

    @property
    def is_supported(self) -> bool:
        """True if the person can be asked."""

    def answer(self) -> FormAnswer | None:
        """Return the answer that this call carries, if it carries one."""

    async def ask(self, question: Question, code: str) -> FormAnswer:
        """Ask, and return the answer.

        Raises :class:`.elicitation.CannotAskError`, or :class:`.elicitation.InputNeededError` if the answer comes with
        another call.
        """


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a tool: the ways to ask its person and to tell progress, its token's name on the network, its host's.

    `since` is when its call came, by the event loop's clock, or when a person last answered in it; `uptime` is the same in
    seconds of the machine's uptime, which also counts its sleep. `way` is how its person answers. `shows_cards` if its host
    has declared that it does, and `session` is the name of its session, if it has one.
    """

    elicitation: PersonAsked
    on_progress: OnProgress
    uptime: float
    principal: str = ""
    host: str = ""
    since: float = field(default_factory=anyio.current_time)
    way: Way = "form"
    shows_cards: bool = False
    session: str = ""
