"""A connection that is not waited for without end: who sends or reads too slowly is cut off.

The HTTP server bounds neither the time that a request's headers take nor the time that an answer waits to be read.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from .limits import Bounds

BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 19\r\n"
    b"Retry-After: 5\r\nConnection: close\r\n\r\nService Unavailable"
)


class PatientProtocol(H11Protocol):
    """The server's side of one connection, within :class:`Bounds`."""

    bounds: ClassVar[Bounds]
    _reading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None
    _unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or say that there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections:
            transport.write(BUSY)
            transport.close()
            self._watch_reader()
        else:
            self._reading = self.loop.call_later(self.bounds.head, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take what came; the time for the headers runs from their first byte."""
        super().data_received(data)
        if self._answering():
            self._stop_reading()
        elif self._reading is None:
            self._reading = self.loop.call_later(self.bounds.head, self.transport.abort)

    def on_response_complete(self) -> None:
        """The answer is written as far as the server is concerned; it may still wait to be read."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._watch_reader()

    def pause_writing(self) -> None:
        """More is waiting to be read than the connection holds."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """The client has read on."""
        super().resume_writing()
        self._stop_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        super().connection_lost(exc)
        self._stop_reading()
        self._stop_writing()
        self._unset_keepalive_if_required()

    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _watch_reader(self) -> None:
        self._stop_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._writing = self.loop.call_later(self.bounds.stall, self._look_at_reader)

    def _look_at_reader(self) -> None:
        if self.transport.get_write_buffer_size() > self._unread - self.bounds.trickle:
            self.transport.abort()
        else:
            self._watch_reader()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None


def patient(bounds: Bounds) -> type[PatientProtocol]:
    """The protocol with these bounds, for the HTTP server to make its connections of."""

    class Patient(PatientProtocol):
        pass

    Patient.bounds = bounds
    return Patient
