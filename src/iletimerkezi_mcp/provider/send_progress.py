"""One request on its way, and how far it got."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

OnSent = Callable[[], None]
"""Called once, at the moment from which the provider may get a change's request."""


def unwatched() -> None:
    """Nobody wants to know when the request begins."""


class SendProgress:
    """How far one request got, as its transport tells through httpcore's ``trace`` extension.

    The headers alone cannot make the provider do anything, so a request has left once the first byte
    of its body is about to be written. A transport that tells nothing has to be taken to have sent all of it.
    `on_sent` is called then, and before that the request can still be called off; at another attempt it is
    not called again.
    """

    def __init__(self, on_sent: OnSent = unwatched) -> None:
        self._on_sent = on_sent
        self._told = False
        self.restart()

    def restart(self) -> None:
        """Another attempt at the same request, nothing of which is on its way yet."""
        self.handed = False
        self._traced = False
        self._tunnelling = False
        self._body_begun = False

    @property
    def left(self) -> bool:
        """Whether the provider may have got the request."""
        return self.handed and (self._body_begun or not self._traced)

    @property
    def body_begun(self) -> bool:
        """Whether the transport itself told that the body was on its way."""
        return self._body_begun

    def hand_over(self, *, told: bool) -> None:
        """The request goes to its transport. With `told` that one traces what it does with it."""
        self.handed = True
        if not told:
            self._begin()

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of `event`. A proxy's CONNECT runs through the same events and is no request of ours."""
        self._traced = True
        if event.endswith(".send_request_headers.started"):
            self._tunnelling = info["request"].method == b"CONNECT"
        elif event.endswith(".send_request_body.started") and not self._tunnelling:
            self._body_begun = True
            self._begin()

    def _begin(self) -> None:
        if not self._told:
            self._told = True
            self._on_sent()
