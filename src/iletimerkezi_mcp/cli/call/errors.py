"""What is wrong with the words after a tool's name."""

from __future__ import annotations

from iletimerkezi_mcp.language import Text


class WordsError(ValueError):
    """The words cannot be understood; nothing was called. `reason` is one sentence that names the flag, not its value."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class HelpWantedError(Exception):
    """The words ask what the tool takes, in the place of calling it."""
