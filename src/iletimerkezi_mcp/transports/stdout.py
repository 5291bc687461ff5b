"""Where the host reads: lines written so that a host that does not read blocks a thread and nothing else."""

from __future__ import annotations

import os
import select
import socket
import stat
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import BinaryIO

from anyio import to_thread


class StdoutWriter:
    """Writes lines to `stdout`, whole and in order.

    What goes through without waiting is written at once: to have a thread do it costs more than all the rest of an
    answer's way out. Only what has to wait is left to a thread. Nothing else may write to `stdout`.
    """

    def __init__(self, stdout: BinaryIO) -> None:
        self._stdout = stdout
        self._held = ExitStack()
        self._try = _trying(stdout.fileno(), self._held)

    def close(self) -> None:
        """Let go of what was opened beside `stdout`, which stays as it is."""
        self._held.close()

    async def write(self, line: bytes) -> None:
        """Return when `line` has been taken. Raises :class:`BrokenPipeError` where nobody reads any more."""
        rest = line[self._try(line) :]
        if rest:
            await to_thread.run_sync(self._put, rest)

    def _put(self, line: bytes) -> None:
        self._stdout.write(line)
        self._stdout.flush()


def _trying(descriptor: int, held: ExitStack) -> Callable[[bytes], int]:
    """What writes as much of a line as can be written without waiting, and gives the number of its bytes."""
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISFIFO(mode) and hasattr(select, "poll"):
        return _pipe(descriptor)
    if stat.S_ISSOCK(mode) and hasattr(socket, "MSG_DONTWAIT"):
        return _socket(held.enter_context(socket.socket(fileno=os.dup(descriptor))))
    return lambda _: 0


def _pipe(descriptor: int) -> Callable[[bytes], int]:
    """A pipe that polls as ready takes PIPE_BUF bytes without blocking (POSIX, write)."""
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)

    def attempt(line: bytes) -> int:
        ready = len(line) <= select.PIPE_BUF and poll.poll(0) == [(descriptor, select.POLLOUT)]
        return os.write(descriptor, line) if ready else 0

    return attempt


def _socket(own: socket.socket) -> Callable[[bytes], int]:
    """Hosts on Node give a socket in a pipe's place."""

    def attempt(line: bytes) -> int:
        with suppress(BlockingIOError):
            return own.send(line, socket.MSG_DONTWAIT)
        return 0

    return attempt
