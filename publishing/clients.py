"""Ready configuration for each host, as ``iletimerkezi-mcp config HOST`` prints it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from iletimerkezi_mcp.cli.config.entry import Launch, block
from iletimerkezi_mcp.cli.config.hosts import HOSTS

CLIENTS: Final[tuple[tuple[str, Callable[[], str]], ...]] = tuple(
    (f"manifests/clients/{host.id}.{host.format}", partial(block, host, Launch())) for host in HOSTS
)
"""The path of each file and what makes its text."""
