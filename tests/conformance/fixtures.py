"""The product's server, with the fixtures added that the suite asks for by name."""

from __future__ import annotations

from typing import Any

import mcp.types as mcp_types
from mcp.server import ServerRequestContext

from iletimerkezi_mcp.server.build import McpServer, build_server
from iletimerkezi_mcp.server.lifespan import LifespanState
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.registry import Registry

from .asking import ASKING
from .contents import CONTENTS
from .context import remember_calls
from .inputs import INPUTS
from .prompts import add_prompts
from .resources import add_resources


def build_with_fixtures(settings: Settings, **options: Any) -> McpServer:
    """Build the product's server with the suite's tools, resources and prompts; `options` are those of the product."""
    server = build_server(settings, tools=Registry((*TOOLS, *CONTENTS, *ASKING, *INPUTS)), **options)
    add_resources(server)
    add_prompts(server)
    remember_calls(server)
    server.add_request_handler("logging/setLevel", mcp_types.SetLevelRequestParams, _set_level)
    return server


async def _set_level(
    _: ServerRequestContext[LifespanState], __: mcp_types.SetLevelRequestParams
) -> mcp_types.EmptyResult:
    """Answer as the suite wants; the product itself logs to stderr only."""
    return mcp_types.EmptyResult()
