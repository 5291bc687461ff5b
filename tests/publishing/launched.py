"""A server started by the command of a published file, as a host starts it: what it says of itself and offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from tests.processes import environment

ALL_TOOLS = [tool.name for tool in TOOLS]
LIST_TOOL_NAMES = [tool.name for tool in LIST_TOOLS]

BOUND = 120
"""Seconds for a start and a list: a container's or a tool runner's first start is slow."""


@dataclass(frozen=True, slots=True)
class Launched:
    """The server's introduction: its version, its instructions and the names of its tools."""

    version: str
    instructions: str
    tools: list[str]


async def launched(command: Sequence[str], variables: Mapping[str, str], folder: Path) -> Launched:
    """Start `command` in `folder` and list the tools.

    What runs may be a copy of the package: it is not measured, and this environment is not named to it.
    """
    env = {
        name: value
        for name, value in environment(**variables).items()
        if not name.startswith("COVERAGE_") and name != "VIRTUAL_ENV"
    }
    server = StdioServerParameters(command=command[0], args=list(command[1:]), env=env, cwd=folder)
    with anyio.fail_after(BOUND):
        async with Client(server, mode="legacy") as client:
            listed = await client.list_tools()
            assert client.server_info is not None
            return Launched(client.server_info.version, client.instructions or "", [tool.name for tool in listed.tools])
