"""What goes to the host, until the host is found not to read it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import anyio
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, JSONRPCResponse

from .stdin import StdinReader


class Answers:
    """The server's side of the wire out. Tells `intake` which calls have been answered."""

    def __init__(self, wire: anyio.abc.ObjectSendStream[SessionMessage], intake: StdinReader) -> None:
        self._wire = wire
        self._intake = intake
        self._sending: set[anyio.CancelScope] = set()
        self.deaf = False

    async def send(self, item: SessionMessage, /) -> None:
        """Have `item` written; it is dropped where :meth:`give_up` found that nothing gets through."""
        with anyio.CancelScope() as sending:
            self._sending.add(sending)
            try:
                if not self.deaf:
                    await self._wire.send(item)
            finally:
                self._sending.discard(sending)
        if isinstance(item.message, JSONRPCResponse | JSONRPCError):
            self._intake.answered(item.message.id)

    async def refuse(self) -> None:
        """Have the answers to lines that hold no message written, as they come."""
        async for refusal in self._intake.refusals:
            try:
                await self.send(SessionMessage(refusal))
            except (anyio.ClosedResourceError, anyio.BrokenResourceError):
                return
            self._intake.refusal_answered()

    def give_up(self) -> None:
        """If something is stuck on its way to the host, drop it and everything after it."""
        self.deaf = bool(self._sending)
        for sending in self._sending:
            sending.cancel()

    async def aclose(self) -> None:
        await self._wire.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
