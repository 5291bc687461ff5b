"""The way that the server is reached, as far as what it offers depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from iletimerkezi_mcp.settings import TransportName


@dataclass(frozen=True, slots=True)
class TransportInfo:
    """The transport. `stateless`: hosts of the 2025 era have no session, so they can be neither asked nor notified."""

    transport: TransportName = "stdio"
    stateless: bool = False


STDIO = TransportInfo()
