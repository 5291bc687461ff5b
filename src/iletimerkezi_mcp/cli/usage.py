"""The exit codes, and the error for wrong usage."""

from __future__ import annotations

from collections.abc import Mapping

from iletimerkezi_mcp.language import ExplainedError

FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130
"""Stopped by Ctrl-C."""

Flags = Mapping[str, str | None]
"""The values of the settings' flags, by field; None for a flag that was not used."""


class UsageError(ExplainedError):
    """The command line cannot be understood. `reason` is one sentence, and holds nothing that may be a secret."""
