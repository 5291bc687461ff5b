"""The output of a command that writes lines as they come, or one JSON object at its end."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from .terminal import in_colour

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"
PLAIN = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Output:
    """Lines on `out`, in colour or not; or, with `as_json`, one JSON object in their place."""

    out: TextIO
    as_json: bool = False
    colour: bool = False

    @classmethod
    def on_stdout(cls, *, as_json: bool) -> Output:
        """Return the output on stdout, in colour if that is a terminal that has any."""
        return cls(sys.stdout, as_json, in_colour(sys.stdout, os.environ))

    def line(self, text: str) -> None:
        """Write a line at once, unless JSON is wanted."""
        if not self.as_json:
            self._write(text)

    def json(self, content: Mapping[str, Any]) -> None:
        """Write `content` if JSON is wanted."""
        if self.as_json:
            self._write(json.dumps(content, ensure_ascii=False, indent=1))

    def styled(self, text: str, style: str) -> str:
        """Return `text` in one of the styles above, or as it is if there is no colour."""
        return f"{style}{text}{PLAIN}" if self.colour else text

    def _write(self, text: str) -> None:
        encoding = self.out.encoding or "utf-8"
        self.out.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        self.out.flush()
