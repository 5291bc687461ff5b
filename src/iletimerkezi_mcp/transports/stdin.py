"""The host's lines: reading them, knowing which calls are still open, and holding back their end."""

from __future__ import annotations

import asyncio
import math
import os
import stat
from typing import BinaryIO

import anyio
from anyio import to_thread
from mcp.shared.message import SessionMessage
from mcp.types import (
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    RequestId,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError
from pydantic_core import from_json

from iletimerkezi_mcp.language import Language

from .parse_errors import refusal

HOLD_SECONDS = 0.3
"""How long the end is held back for calls that are open; the server's own grace comes on top of it."""

FILE_SECONDS = 60.0
"""The same where the lines come from a file, which nobody closes: longer than any call takes."""


class StdinReader:
    """Reads `source` ahead of the server, so that its end is noticed whatever the server is doing.

    `messages` has what the lines hold and ends with the source, `refusals` the answers to those that hold no message.
    Neither has a bound: the server starts every call as soon as it reads it, so a bound would not keep its
    memory small but only hide the end of the source behind a host that does not read its answers.
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
        self._taken, self.messages = anyio.create_memory_object_stream[SessionMessage | Exception](math.inf)
        self._refused, self.refusals = anyio.create_memory_object_stream[JSONRPCError](math.inf)
        self._open: set[str] = set()
        self._unanswered_refusals = 0
        self._changed = anyio.Event()
        self._listening = anyio.CancelScope()
        self._over = False

    async def run(self) -> None:
        """Read until the source ends or :meth:`stop` is called; then let what is open be answered, for a while."""
        with self._listening:
            await to_thread.run_sync(self._read, asyncio.get_running_loop(), abandon_on_cancel=True)
            with anyio.move_on_after(self._file_hold):
                await self._all_answered()
        self._over = True
        with anyio.move_on_after(self._hold):
            await self._all_answered()
        self._taken.close()
        self._refused.close()

    def stop(self) -> None:
        """Read no further, as if the source had ended."""
        self._listening.cancel()

    def answered(self, request: RequestId | None) -> None:
        """An answer to `request` went out."""
        self._open.discard(str(request))
        self._changed.set()

    def refusal_answered(self) -> None:
        """One of `refusals` went out."""
        self._unanswered_refusals -= 1
        self._changed.set()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand every line to the event loop, from one thread for all of them: to call one for each costs more than the line."""
        while line := self._source.readline():
            loop.call_soon_threadsafe(self._take, line)

    def _take(self, line: bytes) -> None:
        # A thread that is no longer listened to may still read a line.
        if self._over or not line.strip():
            return
        try:
            message = parsed(line)
        except ValidationError as error:
            self._unanswered_refusals += 1
            self._refused.send_nowait(refusal(line, error, self._language))
            return
        match message:
            case JSONRPCRequest():
                self._open.add(str(message.id))
            case JSONRPCNotification(method="notifications/cancelled", params={"requestId": cancelled}):
                # A call that is cancelled is never answered.
                self.answered(cancelled)
        self._taken.send_nowait(SessionMessage(message))

    async def _all_answered(self) -> None:
        while self._open or self._unanswered_refusals:
            self._changed = anyio.Event()
            await self._changed.wait()


def parsed(line: bytes) -> JSONRPCMessage:
    """The message that `line` holds. Raises :class:`pydantic.ValidationError` where it is none.

    Parsed first and then judged: parsing while judging tries each kind of message and makes the arguments anew for
    each, which takes five times as long for 50,000 recipients, during which nothing else is answered.
    """
    try:
        return jsonrpc_message_adapter.validate_python(from_json(line, cache_strings="keys"), by_name=False)
    except ValueError:
        # In the words that it has for a line rather than for an object.
        return jsonrpc_message_adapter.validate_json(line, by_name=False)
