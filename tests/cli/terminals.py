"""A command on a terminal of its own, and the person who types there."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests import processes
from tests.processes import BOUND, COMMAND, environment

_OWN_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


class Typist:
    """Sees what the command shows and types."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self._process = process
        self._screen = screen
        self.shown = ""

    def sees(self, text: str) -> None:
        """Wait until `text` has been shown."""
        until = time.monotonic() + BOUND
        while text not in self.shown:
            assert select.select([self._screen], [], [], max(0.0, until - time.monotonic()))[0], self.shown
            assert self._read(), self.shown

    def types(self, keys: str) -> None:
        """Press `keys`; ``\\x03`` is Ctrl-C."""
        os.write(self._screen, keys.encode())

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            """Until the command has gone."""
        return self._process.wait(BOUND)

    def answer(self) -> dict[str, Any]:
        """The JSON that was shown last, over several lines."""
        value = json.loads(self.shown[self.shown.rindex('{\n  "outcome"') :])
        assert isinstance(value, dict)
        return value

    def _read(self) -> bool:
        try:
            piece = os.read(self._screen, 65536)
        except OSError:
            return False
        self.shown += piece.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(piece)


@contextmanager
def on_a_terminal(arguments: Sequence[str], **variables: str) -> Iterator[Typist]:
    """The command line, its three streams one terminal that it has for itself."""
    import pty

    screen, terminal = pty.openpty()
    command = [sys.executable, "-c", _OWN_TERMINAL, *COMMAND, *arguments]
    with processes.running(
        command,
        env=environment(TERM="xterm", **variables),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        try:
            yield Typist(process, screen)
        finally:
            os.close(screen)
