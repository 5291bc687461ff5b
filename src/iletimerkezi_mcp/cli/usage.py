"""The exit codes, the error for wrong usage, and what it may repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iletimerkezi_mcp.language import ExplainedError

FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130
"""Stopped by Ctrl-C."""

Flags = Mapping[str, str | None]
"""The values of the settings' flags, by field; None for a flag that was not used."""


class UsageError(ExplainedError):
    """The command line cannot be understood. `reason` is one sentence, and holds nothing that may be a secret."""


def flag_name(word: str) -> str:
    """Return the name of the flag that `word` is, without a value that is stuck to it."""
    return word.partition("=")[0] if word.startswith("--") else word[:2]


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what was raised, without the groups that task groups put around it."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from causes(inner)
    else:
        yield error
