"""What lives as long as the server does."""

from __future__ import annotations

from dataclasses import dataclass

from iletimerkezi_mcp.tools.call import App

from .reading import Reader
from .watching import Watching


@dataclass(frozen=True, slots=True)
class Running:
    """What a tool has at hand, and what reads and follows resources."""

    app: App
    reader: Reader
    watching: Watching
