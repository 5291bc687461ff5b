"""Plays a page's example against the real server in the sandbox, at one fixed moment, so that it always reads the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import anyio
import mcp.types as mcp_types
from mcp import Client

from iletimerkezi_mcp.ledger.clock import Uptime
from iletimerkezi_mcp.sandbox.database import World
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.sms.clock import ISTANBUL

from .examples import Page

MONDAY: Final = datetime(2026, 11, 23, 10, 0, tzinfo=ISTANBUL)

CODE: Final = "K7Q2M9XW4TBA"
"""What stands in a page for a confirmation code, which is another one each time."""


@dataclass(frozen=True, slots=True)
class Played:
    """One call that was made: its tool, its arguments, and the text that came back."""

    tool: str
    arguments: dict[str, Any]
    answer: str


@dataclass(slots=True)
class _Hands:
    """A clock that moves when it is told to."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def uptime(self) -> Uptime:
        """The machine's own clock, beside the wall's."""
        return Uptime("boot", (self.now - MONDAY).total_seconds())


def play(page: Page) -> list[Played]:
    """Make the calls of `page`, one after the other, in one world."""
    return anyio.run(_play, page)


async def _play(page: Page) -> list[Played]:
    clock = _Hands()
    settings = load_settings({}, {"sandbox": "1", "language": "en"})
    with World(clock=clock) as world:
        provider = Provider(world)
        server = build_server(settings, clock=clock, uptime=clock.uptime, transport=lambda: SandboxTransport(provider))
        played: list[Played] = []
        code = ""
        async with Client(server) as client:
            for step in page.steps:
                clock.now += timedelta(seconds=step.later)
                given = {**step.arguments, **({"confirm": code} if step.code else {})}
                result = await client.call_tool(step.tool, given)
                told = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
                handed_out = (result.structured_content or {}).get("confirm")
                if handed_out:
                    code = handed_out
                    told = told.replace(code, CODE)
                played.append(Played(step.tool, dict(step.arguments), told))
    return played
