"""The person at the terminal: shown a form as lines, answering with lines."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import anyio
import anyio.to_thread

from iletimerkezi_mcp.cli.terminal import folded
from iletimerkezi_mcp.language import Language, Text

YES = frozenset({"y", "yes", "e", "evet"})
"""What counts as a yes, in either language; anything else is a no."""

_ASIDE = Text(" [y/N] ", " [e/H] ")


class Terminal:
    """Reads the lines of a terminal (file descriptor `source`) and writes to `out`, which is never stdout."""

    def __init__(self, source: int, out: TextIO, language: Language) -> None:
        self._source = source
        self._out = out
        self._language = language

    @classmethod
    def of_process(cls, language: Language) -> Terminal | None:
        """The terminal that stdin, stdout and stderr all are; None where one of them is something else, or closed."""
        if any(stream is None or not stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
            return None
        return cls(sys.stdin.fileno(), sys.stderr, language)

    async def fill(self, message: str, form: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the person puts into `form` (a JSON Schema of booleans and texts), shown below `message`.

        None for a no, or for the end of the input. What was typed before the question stood there is no answer.
        """
        self._forget_typed()
        self.tell(folded(message, shutil.get_terminal_size().columns) + "\n")
        content: dict[str, Any] = {}
        for name, field in form["properties"].items():
            yes_no = field["type"] == "boolean"
            after = _ASIDE.to(self._language) if yes_no else " "
            self._write(f"{field['title']}: {field['description']}{after}")
            line = await self._line()
            if line is None or (yes_no and line.casefold() not in YES):
                return None
            content[name] = True if yes_no else line
        return content

    def tell(self, told: str) -> None:
        """One or more whole lines."""
        self._write(told + "\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()

    async def _line(self) -> str | None:
        read = b""
        while not read.endswith(b"\n"):
            if sys.platform == "win32":
                piece = await anyio.to_thread.run_sync(os.read, self._source, 4096, abandon_on_cancel=True)
            else:
                await anyio.wait_readable(self._source)
                piece = os.read(self._source, 4096)
            if not piece:
                self.tell("")
                return None
            read += piece
        return read.decode("utf-8", "replace").strip()

    def _forget_typed(self) -> None:
        if sys.platform == "win32":
            import msvcrt

            while msvcrt.kbhit():
                msvcrt.getwch()
        else:
            import termios

            termios.tcflush(self._source, termios.TCIFLUSH)
