"""Limits on what a network client may use of this process; a proxy in front limits the rest (``docs/remote.md``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Sizes in bytes, times in seconds."""

    body: int = 8 << 20
    """One request's body; larger is 413."""
    sessions: int = 1_000
    """Open sessions of streamable HTTP before 2026-07-28; beyond it 503. An SSE session is a connection."""
    connections: int = 1_000
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
