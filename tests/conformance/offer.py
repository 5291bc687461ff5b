"""What the product offers, with the suite's fixtures added."""

from __future__ import annotations

import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext

from iletimerkezi_mcp.server.build import Offer
from iletimerkezi_mcp.server.lifespan import LifespanState
from iletimerkezi_mcp.server.transport_info import TransportInfo
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools.catalogue import ALL
from iletimerkezi_mcp.tools.registry import Registry

from . import prompts, resources
from .asking import ASKING
from .contents import CONTENTS
from .context import remember_calls
from .inputs import INPUTS


def register(server: Server[LifespanState], settings: Settings, transport_info: TransportInfo) -> None:
    """Resources, and what the suite asks of a server beyond tools, resources and prompts."""
    resources.register(server, settings, transport_info)
    remember_calls(server)
    server.add_request_handler("logging/setLevel", mcp_types.SetLevelRequestParams, _set_level)


async def _set_level(
    _: ServerRequestContext[LifespanState], __: mcp_types.SetLevelRequestParams
) -> mcp_types.EmptyResult:
    """Answer as the suite wants: the product itself logs to stderr only, and its host is told nothing of it."""
    return mcp_types.EmptyResult()


OFFER = Offer(Registry((*ALL, *CONTENTS, *ASKING, *INPUTS)), register, prompts.register)
