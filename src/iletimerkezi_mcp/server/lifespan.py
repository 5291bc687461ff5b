"""What lives as long as the server does."""

from __future__ import annotations

from dataclasses import dataclass

from iletimerkezi_mcp.server.resources.reading import Reader
from iletimerkezi_mcp.server.resources.subscriptions import Subscriptions
from iletimerkezi_mcp.tools.context import ServerContext


@dataclass(frozen=True, slots=True)
class LifespanState:
    """What a tool has at hand, and what reads and follows resources."""

    app: ServerContext
    reader: Reader
    subscriptions: Subscriptions
