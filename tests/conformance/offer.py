"""What the product offers, with the suite's fixtures added."""

from __future__ import annotations

from mcp.server import Server

from iletimerkezi_mcp.resources.running import Running
from iletimerkezi_mcp.resources.serving import Serving
from iletimerkezi_mcp.server import Offer
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools.catalogue import ALL
from iletimerkezi_mcp.tools.registry import Registry

from . import prompts, resources
from .asking import ASKING
from .contents import CONTENTS
from .context import remember_calls
from .inputs import INPUTS


def register(server: Server[Running], settings: Settings, serving: Serving) -> None:
    """Resources, and what the suite asks of a server beyond tools, resources and prompts."""
    resources.register(server, settings, serving)
    remember_calls(server)


OFFER = Offer(Registry((*ALL, *CONTENTS, *ASKING, *INPUTS)), register, prompts.register)
