"""The progress of one request on its way to the provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

OnSent = Callable[[], None]
"""A callback that is called once, at the moment from which the provider may get a change's request."""


class SendProgress:
    """The progress of one request, as its transport reports it through httpcore's ``trace`` extension.

    The headers alone cannot make the provider do anything, so a request is sent once the first byte of its body is
    about to be written. A transport that reports nothing has to be taken to have sent all of it. `on_sent` is called
    then, and before that the request can still be cancelled; at a retry it is not called again.

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
        self.in_transport = True
        if not traced:
            self._notify()

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note `event`. A proxy's CONNECT runs through the same events and is not our request."""
        self._traced = True
        if event.endswith(".send_request_headers.started"):
            self._tunnelling = info["request"].method == b"CONNECT"
        elif event.endswith(".send_request_body.started") and not self._tunnelling:
            self.body_reported = True
            self._notify()

    def _notify(self) -> None:
        on_sent, self._on_sent = self._on_sent, None
        if on_sent is not None:
            on_sent()
