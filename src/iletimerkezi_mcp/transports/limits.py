"""Limits on what a network client may use of this process; a proxy in front limits the rest (``docs/remote.md``)."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

MAX_CONNECTIONS = 1_000
"""Open connections on a machine that does not limit a process's open files to fewer than twice as many."""


def max_connections() -> int:
    """Return :data:`MAX_CONNECTIONS`, or half of the files that this process may open if that is fewer.

    The other half is left for the ledger, for requests to the provider, and for connections that are being closed. A
    process that has none left cannot even accept a connection to let it take the place of an idle one.
    """
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if files == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, files // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Sizes in bytes, times in seconds."""

    body: int = 8 << 20
    """One request's body; larger is 413."""
    bodies: int = 64 << 20
    """The bodies of all requests that are being read or answered; beyond it 503."""
    sessions: int = 1_000
    """Open sessions of streamable HTTP before 2026-07-28; beyond it 503. An SSE session is a connection."""
    connections: int = field(default_factory=max_connections)
    """Open connections; beyond it a new one takes the place of an idle one, and is closed if there is none."""
    calls: int = 128
    """Requests being answered at once, and as many subscriptions being listened to; beyond it a JSON-RPC error."""
    session_idle: float = 30 * 60
    """A session ends after this time without an open request or stream."""
    keep_alive: float = 65
    """An idle connection is closed after this: later than a proxy's own 60 seconds."""
    flush_timeout: float = 2
    """The time that clients have to receive the last answers after the server itself has stopped."""


HTTP_LIMITS = HttpLimits()
"""The limits outside tests."""
