"""A command line that cannot be understood."""

from __future__ import annotations

from iletimerkezi_mcp.language import Text


class UsageError(Exception):
    """The command line cannot be understood. `reason` is one sentence, and holds nothing that may be a secret."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
