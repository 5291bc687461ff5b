"""A good call of every tool, from its record; the tests make their lists of tools from this one."""

from __future__ import annotations

from typing import Any, Final

from iletimerkezi_mcp.tools.catalogue import ALL

EXAMPLES: Final[dict[str, dict[str, Any]]] = {tool.name: dict(tool.example) for tool in ALL}
"""The arguments by the tool's name."""

READS: Final = [tool.name for tool in ALL if not tool.changes]
CHANGES: Final = [tool.name for tool in ALL if tool.changes]
