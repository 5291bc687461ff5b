"""The host's part in a question: its form is put to the person at the terminal, line by line."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import anyio
import anyio.to_thread
import mcp.types as mcp_types
from mcp.client.session import ClientRequestContext

from iletimerkezi_mcp.cli.terminal import fold
from iletimerkezi_mcp.confirmation.elicitation import QUESTION_LIFE
from iletimerkezi_mcp.language import Language, Text

from .waiting import WaitingLine

YES = frozenset({"y", "yes", "e", "evet"})
"""The answers that are a yes, in either language; anything else is a no."""

_YES_NO = Text("[y/N]", "[e/H]")
_NO_ANSWER = Text("No answer in time; that is a no.", "Süresinde yanıt gelmedi; bu, hayır demektir.")
_STOPPED = Text("Stopped; that is a no.", "Durduruldu; bu, hayır demektir.")


@dataclasses.dataclass(slots=True)
class TerminalPrompt:
    """Answers the server's questions with the lines of a terminal (file descriptor `source`).

    It writes to `out`, which is never stdout. The person has `life` seconds; silence and Ctrl-C are a no. `abandoned`
    is true if a question was left open, and with it perhaps a thread that reads the terminal.
    """

    source: int
    out: TextIO
    language: Language
    waiting: WaitingLine
    life: float = QUESTION_LIFE.total_seconds()
    abandoned: bool = dataclasses.field(init=False, default=False)
    _scope: anyio.CancelScope | None = dataclasses.field(init=False, default=None)
    _stopped: bool = dataclasses.field(init=False, default=False)

    @classmethod
    def of_process(cls, language: Language, waiting: WaitingLine) -> TerminalPrompt | None:
        """Return the prompt on the terminal that stdin, stdout and stderr all are.

        None if one of them is something else, or closed.
        """
        if any(stream is None or not stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
            return None
        return cls(sys.stdin.fileno(), sys.stderr, language, waiting)

    async def __call__(
        self, context: ClientRequestContext, params: mcp_types.ElicitRequestParams
    ) -> mcp_types.ElicitResult | mcp_types.ErrorData:
        assert isinstance(params, mcp_types.ElicitRequestFormParams)
        with self.waiting.paused():
            with anyio.move_on_after(self.life) as scope:
                self._scope = scope
                content = await self.fill(params.message, params.requested_schema)
            self._scope = None
            if scope.cancelled_caught:
                self.abandoned = True
                self._write("\n" + (_STOPPED if self._stopped else _NO_ANSWER).to(self.language) + "\n")
                return mcp_types.ElicitResult(action="cancel")
        if content is None:
            return mcp_types.ElicitResult(action="decline")
        return mcp_types.ElicitResult(action="accept", content=content)

    def stop(self) -> bool:
        """Take Ctrl-C for the answer and return True, if a question is open."""
        if self._scope is None:
            return False
        self._stopped = True
        self._scope.cancel()
        return True

    async def fill(self, message: str, form: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the person's answers to `form` (a JSON Schema of booleans and texts), shown below `message`.

        None for a no, or for the end of the input. Keys pressed before the question appeared are no answer.
        """
        self._forget_keys()
        self._write(fold(message, shutil.get_terminal_size().columns) + "\n\n")
        content: dict[str, Any] = {}
        for name, field in form["properties"].items():
            yes_no = field["type"] == "boolean"
            answers = f" {_YES_NO.to(self.language)} " if yes_no else " "
            mark = "" if field["title"].endswith("?") else ":"
            question = f"{field['title']}{mark} {field['description']}{answers}"
            self._write(fold(question, shutil.get_terminal_size().columns))
            line = await self._line()
            if line is None or (yes_no and line.casefold() not in YES):
                return None
            content[name] = True if yes_no else line
        return content

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()

    async def _line(self) -> str | None:
        line = b""
        while not line.endswith(b"\n"):
            if sys.platform == "win32":
                piece = await anyio.to_thread.run_sync(os.read, self.source, 4096, abandon_on_cancel=True)
            else:
                await anyio.wait_readable(self.source)
                piece = os.read(self.source, 4096)
            if not piece:
                self._write("\n")
                return None
            line += piece
        return line.decode("utf-8", "replace").strip()

    def _forget_keys(self) -> None:
        if sys.platform == "win32":
            import msvcrt

            while msvcrt.kbhit():
                msvcrt.getwch()
        else:
            import termios

            termios.tcflush(self.source, termios.TCIFLUSH)
