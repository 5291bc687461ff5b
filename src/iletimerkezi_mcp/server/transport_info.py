"""How the server is reached, as far as what it offers depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Transport = Literal["stdio", "sse", "streamable-http"]


@dataclass(frozen=True, slots=True)
class TransportInfo:
    """The transport. `stateless`: hosts of the 2025 era have no session, so they can neither be asked nor told."""

    transport: Transport = "stdio"
    stateless: bool = False


STDIO = TransportInfo()
