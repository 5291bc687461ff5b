"""A good call of every tool, from its record; the tests make their lists of tools from this one."""

from __future__ import annotations

from typing import Any, Final

from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from iletimerkezi_mcp.tools.catalogue import TOOLS
from tests.hosting import Mode

EXAMPLES: Final[dict[str, dict[str, Any]]] = {tool.name: dict(tool.example) for tool in TOOLS}
"""The arguments by the tool's name."""

READS: Final = [tool.name for tool in TOOLS if not tool.changes]
CHANGES: Final = [tool.name for tool in TOOLS if tool.changes]


def listed(mode: Mode) -> list[str]:
    """Return the tools that are listed for a host without cards; from 2026-07-28 on the card's own tool is among them."""
    return [*EXAMPLES, *([CARD_ANSWER.name] if mode == "auto" else [])]
