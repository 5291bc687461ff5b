"""The caller of a tool."""

from __future__ import annotations

from dataclasses import dataclass

from .elicitation import Elicitation


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a tool: the way to ask its person, on the network its token's name, and its host's name."""

    elicitation: Elicitation
    principal: str = ""
    host: str = ""
