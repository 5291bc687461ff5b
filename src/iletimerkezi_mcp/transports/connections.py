"""The limit on open connections."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class LimitedConnection(H11Protocol):
    """A connection that takes the place of an idle one if ``limit_concurrency`` connections are open.

    uvicorn's own reading of that limit is a 503 to every request, on the connections of sessions under way and at the
    health check too, so that a peer with many idle connections could stop the service. A connection is idle if no whole
    request head has come, or the last request is answered: one without a token cannot be anything else for long. If no
    other is idle, the new connection is closed. What the client of an idle one has not read of its answer is dropped.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limit, self.limit_concurrency = self.limit_concurrency, None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        others = [other for other in self.connections if isinstance(other, LimitedConnection)]
        super().connection_made(transport)
        if self._limit is not None and len(others) >= self._limit:
            idle = [other for other in others if other.is_idle()]
            # Rather one without any request yet: the others may belong to clients with a session.
            min(idle, key=LimitedConnection.is_used, default=self).transport.abort()

    def is_used(self) -> bool:
        """Return True if a request came on this connection."""
        return bool(self.cycle)

    def is_idle(self) -> bool:
        """Return True if no request is being answered here, and the connection is not gone already.

        One that is being closed stays until its client has read what is left.
        """
        is_gone = self.transport.is_closing() and not self.transport.get_write_buffer_size()
        return not is_gone and (not self.is_used() or self.cycle.response_complete)
