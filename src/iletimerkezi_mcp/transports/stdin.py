"""Reading the host's lines, answering those that hold no message, and delaying the end for open calls."""

from __future__ import annotations

import asyncio
import math
import os
import stat
from typing import BinaryIO

import anyio
from anyio import to_thread
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, JSONRPCNotification, JSONRPCRequest, RequestId
from pydantic import ValidationError

from iletimerkezi_mcp.language import Language

from .messages import BOM, parse, refusal

HOLD_SECONDS = 0.3
"""The time that the end is delayed for open calls; the server's own grace comes on top of it."""

FILE_SECONDS = 60.0
"""The same if the lines come from a file, which the host does not keep open: longer than any call takes."""


class StdinReader:
    """Reads JSON-RPC lines from `source` in a thread, ahead of the server, so that the end of input is noticed at once.

    `messages` yields the messages for the server, `refusals` the error answers to lines that hold no message; both end
    after the source, once the open calls are answered or their time is up. Neither has a bound: the server starts every
    call as soon as it reads it, so a bound would save no memory, and the end of input would go unnoticed behind a host
    that does not read its answers.
    """

    def __init__(
        self,
        source: BinaryIO,
        *,
        language: Language = "en",
        hold: float = HOLD_SECONDS,
        file_hold: float = FILE_SECONDS,
    ) -> None:
        self._source = source
        self._language: Language = language
        self._hold = hold
        self._file_hold = file_hold if stat.S_ISREG(os.fstat(source.fileno()).st_mode) else 0.0
        self._to_server, self.messages = anyio.create_memory_object_stream[SessionMessage | Exception](math.inf)
        self._to_host, self.refusals = anyio.create_memory_object_stream[JSONRPCError](math.inf)
        self._open_calls: set[str] = set()
        self._open_refusals = 0
        self._changed = anyio.Event()
        self._reading = anyio.CancelScope()
        self._ended = False

    async def run(self) -> None:
        """Read until the source ends or :meth:`stop` is called; then wait a moment for the answers to open calls."""
        with self._reading:
            await to_thread.run_sync(self._read, asyncio.get_running_loop(), abandon_on_cancel=True)
            with anyio.move_on_after(self._file_hold):
                await self._all_answered()
        self._ended = True
        with anyio.move_on_after(self._hold):
            await self._all_answered()
        self._to_server.close()
        self._to_host.close()

    def stop(self) -> None:
        """Read no further, as if the source had ended."""
        self._reading.cancel()

    def answered(self, request: RequestId | None) -> None:
        """Count the call with this id as answered."""
        self._open_calls.discard(str(request))
        self._changed.set()

    def refusal_answered(self) -> None:
        """Count one of `refusals` as written."""
        self._open_refusals -= 1
        self._changed.set()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        while line := self._source.readline():
            loop.call_soon_threadsafe(self._take, line)

    def _take(self, line: bytes) -> None:
        # After `stop` the thread may still read one more line.
        line = line.removeprefix(BOM)
        if self._ended or not line.strip():
            return
        try:
            message, _ = parse(line)
        except ValidationError as error:
            self._open_refusals += 1
            self._to_host.send_nowait(refusal(line, error, self._language))
            return
        match message:
            case JSONRPCRequest():
                self._open_calls.add(str(message.id))
            case JSONRPCNotification(method="notifications/cancelled", params={"requestId": cancelled}):
                # A cancelled call is never answered.
                self.answered(cancelled)
        self._to_server.send_nowait(SessionMessage(message))

    async def _all_answered(self) -> None:
        while self._open_calls or self._open_refusals:
            self._changed = anyio.Event()
            await self._changed.wait()
