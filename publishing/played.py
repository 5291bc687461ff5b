"""The examples of the tools' pages, played against the real server in the sandbox at one fixed moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import anyio
import mcp.types as mcp_types
from mcp import Client

from iletimerkezi_mcp.ledger.clock import Uptime
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.tools.tool import Tool

MONDAY: Final = datetime(2026, 11, 23, 10, 0, tzinfo=ISTANBUL)

CODE: Final = "K7Q2M9XW4TBA"
"""Printed in place of a confirmation code, which is another one each time."""


@dataclass(frozen=True, slots=True)
class Played:
    """One call that was made: its tool, its arguments, and the text of its answer."""

    tool: str
    arguments: dict[str, Any]
    answer: str


@dataclass(slots=True)
class _Clock:
    """A clock that only moves when it is set."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def uptime(self) -> Uptime:
        """Return the time since the machine started."""
        return Uptime("boot", (self.now - MONDAY).total_seconds())


def play(tool: Tool[Any]) -> list[Played]:
    """Make the calls of the example of `tool`, one after the other, in one database."""
    return anyio.run(_play, tool)


async def _play(tool: Tool[Any]) -> list[Played]:
    clock = _Clock()
    settings = load_settings({}, {"sandbox": "1", "language": "en"})
    with SandboxDatabase(clock=clock) as database:
        provider = Provider(database)
        server = build_server(settings, clock=clock, uptime=clock.uptime, transport=lambda: SandboxTransport(provider))
        played: list[Played] = []
        code = ""
        async with Client(server) as client:
            for step in tool.steps:
                clock.now += timedelta(seconds=step.later)
                name = step.tool or tool.name
                result = await client.call_tool(name, {**step.arguments, **({"confirm": code} if step.confirm else {})})
                text = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
                if issued := (result.structured_content or {}).get("confirm"):
                    code = issued
                    text = text.replace(code, CODE)
                played.append(Played(name, dict(step.arguments), text))
    return played
