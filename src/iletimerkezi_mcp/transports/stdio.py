"""Serving over stdio, and stopping promptly."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Any, BinaryIO, Self

import anyio
from anyio import to_thread
from mcp.server import Server
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, JSONRPCResponse

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.redaction import Redactor

from .messages import without_secrets
from .shutdown import stop_signals
from .stdin import StdinReader

STUCK_SECONDS = 0.1
"""The time after the end of stdin in which the host must take a waiting answer, or it is assumed not to read any more."""

LAST_SECONDS = 0.5
"""The time that the server's clean-up may take after that. With :data:`.HOLD_SECONDS`, the end takes at most 0.9 seconds."""

PIPE_BYTES = 64 * 1024
"""The most that one read of a pipe returns on most systems."""


async def serve_stdio(server: Server[Any], language: Language, redactor: Redactor) -> None:
    """Serve on stdin and stdout until stdin closes or SIGINT, SIGTERM or SIGHUP arrives, then end the process.

    `language` is the language of the answers to lines that cannot be read; `redactor` redacts errors.

    Either way the end is the same: no more lines are read, open calls get a moment, the server cleans up, and
    ``os._exit(0)`` ends the process. It waits for no thread, because a thread may be looking up a name for ten seconds,
    writing to a host that does not read, or reading from a host that does not close stdin. It does not wait for a
    clean-up that takes longer than :data:`LAST_SECONDS` either.
    """
    reader = StdinReader(_claim_stdin(), language=language)
    writer = StdoutWriter(_claim_stdout(), reader, redactor)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, reader)
        tasks.start_soon(_read_to_end, reader, writer)
        tasks.start_soon(writer.write_refusals)
        async with anyio.create_task_group() as writing:
            writing.start_soon(writer.run)
            await server.run(reader.messages, writer, server.create_initialization_options())
        os._exit(0)


class StdoutWriter:
    """The stream of the server's messages to the host: writes them whole and in order, and tells `reader` of answers.

    A thread does the writing, so that a host that does not read blocks nothing else. Nothing else may write to `stdout`.
    """

    def __init__(self, stdout: BinaryIO, reader: StdinReader, redactor: Redactor) -> None:
        self._stdout = stdout
        self._reader = reader
        self._redactor = redactor
        self._queue, self._lines = anyio.create_memory_object_stream[bytes]()
        self._pending: set[anyio.CancelScope] = set()
        self._accepts_lines = True

    async def run(self) -> None:
        """Write every line, until :meth:`aclose`. If the host has closed its end, stop reading and drop the lines."""
        async with self._lines:
            async for line in self._lines:
                try:
                    await to_thread.run_sync(self._put, line)
                except ConnectionError:
                    self._accepts_lines = False
                    self._reader.stop()

    async def send(self, item: SessionMessage, /) -> None:
        """Queue `item` to be written, or drop it if the host does not read."""
        message = item.message.model_dump_json(by_alias=True, exclude_unset=True).encode()
        line = without_secrets(message, self._redactor) + b"\n"
        with anyio.CancelScope() as scope:
            self._pending.add(scope)
            try:
                if self._accepts_lines:
                    await self._queue.send(line)
            finally:
                self._pending.discard(scope)
        if isinstance(item.message, JSONRPCResponse | JSONRPCError):
            self._reader.answered(item.message.id)

    async def write_refusals(self) -> None:
        """Write the answers to lines that hold no message, as they come."""
        async for refusal in self._reader.refusals:
            await self.send(SessionMessage(refusal))
            self._reader.refusal_answered()

    def give_up(self) -> None:
        """If a line is stuck on its way to the host, drop everything after it."""
        self._accepts_lines = self._accepts_lines and not self._pending
        for scope in self._pending:
            scope.cancel()

    async def aclose(self) -> None:
        """Take no more messages; :meth:`run` ends with the last line."""
        self._accepts_lines = False
        self._queue.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _put(self, line: bytes) -> None:
        self._stdout.write(line)
        self._stdout.flush()


async def _read_to_end(reader: StdinReader, writer: StdoutWriter) -> None:
    await reader.run()
    await anyio.sleep(STUCK_SECONDS)
    writer.give_up()
    await anyio.sleep(LAST_SECONDS)
    os._exit(0)


def _claim_stdin() -> BinaryIO:
    """Return the host's lines on a descriptor that nothing else knows; file descriptor 0 is empty from now on.

    It is not given back, nor is stdout, for the process ends with its transport. A call to 50,000 recipients is a
    line of more than a megabyte, hence the buffer.
    """
    lines = os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=PIPE_BYTES)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, sys.stdin.fileno())
    os.close(empty)
    return lines


def _claim_stdout() -> BinaryIO:
    """Return the host's end on a descriptor that nothing else knows; what is printed goes to stderr from now on."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # If stderr was closed before the start, its number may belong to another file by now.
    elsewhere = os.open(os.devnull, os.O_WRONLY) if sys.stderr is None else os.dup(2)
    os.dup2(elsewhere, sys.stdout.fileno())
    os.close(elsewhere)
    return answers


async def _stop_on_signal(reader: StdinReader) -> None:
    if sys.platform == "win32":
        return
    with anyio.open_signal_receiver(*stop_signals()) as signals:
        while True:
            await anext(signals)
            reader.stop()
