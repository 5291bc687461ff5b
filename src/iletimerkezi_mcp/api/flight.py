"""One request on its way, and how far it got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Flight:
    """How far one request got, as its transport tells through httpcore's ``trace`` extension.

    The headers alone cannot make the provider do anything, so a request has left once the first byte
    of its body is about to be written. A transport that tells nothing has to be taken to have sent all of it.
    """

    def __init__(self) -> None:
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

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of `event`. A proxy's CONNECT runs through the same events and is no request of ours."""
        self._traced = True
        if event.endswith(".send_request_headers.started"):
            self._tunnelling = info["request"].method == b"CONNECT"
        elif event.endswith(".send_request_body.started") and not self._tunnelling:
            self._body_begun = True
