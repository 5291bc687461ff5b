"""The progress of one request on its way to the provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

OnSent = Callable[[], None]
"""A callback for the moment from which the provider may get a change's request. It may raise NotSent: nothing leaves then."""


class SendProgress:
    """The progress of one request, as its transport reports it through httpcore's ``trace`` extension.

    The headers alone cannot make the provider do anything, so a request is sent once the first byte of its body is
    about to be written. A transport that reports nothing has to be taken to have sent all of it. `on_sent` is called
    right before that, at every try; until then the request can still be cancelled, and if `on_sent` raises it is not sent.

    `in_transport` is true once the transport has the request, `body_reported` once the transport itself reported that
    the body is on its way.
    """

    def __init__(self, on_sent: OnSent | None = None) -> None:
        self._on_sent = on_sent
        self.restart()

    def restart(self) -> None:
        """Begin a retry of the same request, nothing of which is on its way yet."""
        self.in_transport = False
        self._traced = False
        self._tunnelling = False
        self.body_reported = False

    @property
    def is_sent(self) -> bool:
        """True if the provider may have got the request."""
        return self.in_transport and (self.body_reported or not self._traced)

    def hand_over(self, *, traced: bool) -> None:
        """Note that the request goes to its transport, which reports its progress if `traced`."""
        if not traced:
            self._notify()
        self.in_transport = True

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note `event`. A proxy's CONNECT runs through the same events and is not our request."""
        self._traced = True
        if event.endswith(".send_request_headers.started"):
            self._tunnelling = info["request"].method == b"CONNECT"
        elif event.endswith(".send_request_body.started") and not self._tunnelling:
            self._notify()
            self.body_reported = True

    def _notify(self) -> None:
        if self._on_sent is not None:
            self._on_sent()
