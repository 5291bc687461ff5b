"""A fault: what goes wrong between the server and the provider, in one of four ways."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from iletimerkezi_mcp.provider.timeouts import Timeouts

from .answer import Answer

TIMEOUTS: Final = Timeouts(backoff_seconds=0.001, at_once=16)
"""The client's time limits: the product's own, without the pauses, and room for every tool at once."""


class Exchange(Protocol):
    """One request that has come whole over a real connection, and what can be done about it."""

    asked: bytes
    """The request's body."""
    nth: int
    """Its place among the requests of its connection, from 1 on."""

    async def forward(self) -> Answer:
        """Have the provider do it, and return its answer."""

    async def write(self, content: bytes) -> None:
        """Let the server have these bytes."""

    async def pause(self) -> None:
        """Let a second pass, far less than the server waits between two pieces of an answer."""

    async def outlast(self) -> None:
        """Let time pass until the server has ended the connection."""

    async def reset(self) -> None:
        """Break the connection off."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No request arrives.

    ``refused``: nobody listens. ``name``: the host's name has no address. ``no tls``: what listens does not speak
    TLS. ``untrusted``: its certificate is its own. ``reset``: it breaks off before TLS is agreed on. ``silent``: it
    says nothing. ``reset, no tls``: it breaks off at once, without TLS, while the request may be on its way already.
    """

    at: Literal["refused", "name", "no tls", "untrusted", "reset", "silent", "reset, no tls"]


@dataclass(frozen=True, slots=True)
class Broken:
    """Something becomes of the connection after the request has arrived."""

    way: Callable[[Exchange], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Instead:
    """`answer` is made of the request by somebody before the provider, which never hears of it."""

    answer: Callable[[bytes], Answer]


@dataclass(frozen=True, slots=True)
class Altered:
    """The provider does what is asked, and `turn` spoils its answer; it is given the request too."""

    turn: Callable[[bytes, Answer], Answer]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what it is called, what happens, and how.

    `alone`: the tools meet it one after the other, because time passes in it or a connection is used again.
    """

    name: str
    happens: str
    way: Unreachable | Broken | Instead | Altered
    alone: bool = False
