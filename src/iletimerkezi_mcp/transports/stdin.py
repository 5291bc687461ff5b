"""Reading the host's lines, answering those that hold no message, and delaying the end for open calls."""

from __future__ import annotations

import asyncio
import json
import math
import os
import stat
from typing import Any, BinaryIO

import anyio
from anyio import to_thread
from mcp.shared.message import SessionMessage
from mcp.types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    RequestId,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError
from pydantic_core import from_json

from iletimerkezi_mcp.language import Language, Text

HOLD_SECONDS = 0.3
"""The time that the end is delayed for open calls; the server's own grace comes on top of it."""

FILE_SECONDS = 60.0
"""The same if the lines come from a file, which the host does not keep open: longer than any call takes."""

MAX_ID_DIGITS = 40
"""Digits of an integer that is parsed to find a request's id; longer ones are not ids, and slow to parse."""

_BROKEN_CHARACTER = Text(
    "This message holds a broken character (an unpaired surrogate).",
    "Bu ileti bozuk bir karakter içeriyor (eşi eksik bir Unicode vekil karakteri).",
)
_UNREADABLE = Text("This message cannot be read: {error}.", "Bu ileti okunamadı: {error}.")


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
        if self._ended or not line.strip():
            return
        try:
            message = _parse(line)
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


def _parse(line: bytes) -> JSONRPCMessage:
    """Return the message in `line`. Raises :class:`ValidationError`.

    The line is parsed first and validated then, which takes a third of the time of doing both at once: other calls
    wait meanwhile. Only keys are cached: the strings of a long list are all different.
    """
    try:
        return jsonrpc_message_adapter.validate_python(from_json(line, cache_strings="keys"), by_name=False)
    except ValueError:
        # The same again, for an error that also says where the JSON breaks.
        return jsonrpc_message_adapter.validate_json(line, by_name=False)


def refusal(line: bytes, error: ValidationError, language: Language = "en") -> JSONRPCError:
    """Return the answer to `line`, which is not a JSON-RPC message because of `error`, so that its sender does not wait for ever.

    The answer carries the request's id if it can still be found: unpaired surrogates in JSON strings, which
    JavaScript writes, deep nesting and long integers break the parser and not the request's frame. It holds nothing
    else of the line.
    """
    try:
        frame = json.loads(line.decode(errors="replace"), parse_int=_short_integer)
    except (ValueError, RecursionError):
        frame = None
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    reason = _BROKEN_CHARACTER if _has_broken_character(line, frame) else _UNREADABLE.format(error=first["msg"])
    request = _request_id(frame)
    not_json = first["type"] == "json_invalid" and request is None
    return JSONRPCError(
        jsonrpc="2.0",
        id=request,
        error=ErrorData(code=PARSE_ERROR if not_json else INVALID_REQUEST, message=reason.to(language)),
    )


def _short_integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= MAX_ID_DIGITS else None


def _request_id(frame: Any) -> int | str | None:
    """Return the id if `frame` was a request; the id of an answer counts the other side's requests."""
    if not isinstance(frame, dict) or not isinstance(frame.get("method"), str):
        return None
    request = frame.get("id")
    if isinstance(request, str):
        return None if _has_surrogate(request) else request
    return request if isinstance(request, int) and not isinstance(request, bool) else None


def _has_broken_character(line: bytes, frame: Any) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return _has_surrogate(json.dumps(frame, ensure_ascii=False))


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
