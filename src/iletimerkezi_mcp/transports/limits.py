"""How much a network client may take of this process."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Sizes in bytes, times in seconds.

    Together they bound the memory: bodies by `bodies`, answers by `calls` and by what a connection may leave unread,
    and everything that stands still by its time.
    """

    body: int = 8 * MEBIBYTE
    """One request's body; larger is 413."""
    bodies: int = 64 * MEBIBYTE
    """The bodies of all requests being served; beyond it 503."""
    connections: int = 1_000
    """Open connections; beyond it 503."""
    sessions: int = 1_000
    """Open sessions (SSE, and streamable HTTP before 2026-07-28); beyond it 503."""
    calls: int = 128
    """Requests being answered at once, and as many subscriptions being listened to; beyond it a JSON-RPC error."""
    unsent: int = 16
    """Messages that wait to be written to one SSE stream before no more are taken from its client."""
    session_idle: float = 30 * 60
    """A session of which no request is being served and no stream is open ends after this."""
    untaken: int = 64
    """Messages posted to one SSE session that wait to be taken; beyond it 503."""
    head: float = 10
    """From the first byte of a request, or from connecting, to the end of its headers."""
    arrival: float = 30
    """From the end of a request's headers to the end of its body; slower is 408."""
    keep_alive: float = 65
    """A connection on which nothing is asked is closed after this: later than a proxy's own 60 seconds."""
    stall: float = 30
    """How long a client may go without reading; then the connection is broken off."""
    trickle: int = 16 * 1024
    """What a client must read in each `stall` seconds while more is waiting than the connection holds."""
    farewell: float = 2
    """How long the last answers may take on their way when everything else is over."""


BOUNDS = Bounds()
"""What holds outside tests."""
