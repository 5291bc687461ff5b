"""A sub-command: its name, its flags, the function that runs it; the exit codes; the error for wrong usage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iletimerkezi_mcp.language import ExplainedError

if TYPE_CHECKING:
    # A start without words imports this module, and does without argparse.
    import argparse

FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130
"""Stopped by Ctrl-C."""

Flags = Mapping[str, str | None]
"""The values of the settings' flags, by field; None for a flag that was not used."""


class UsageError(ExplainedError):
    """The command line cannot be understood. `reason` is one sentence, and holds nothing that may be a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A sub-command.

    `settings` are the fields of the settings that it uses; the others are neither taken as flags nor looked at.
    `arguments` adds its own arguments to its parser. `run` gets all values and returns the exit code; it may raise
    :class:`UsageError` and :class:`.SettingsError`, and imports what is heavy itself.
    """

    name: str
    help: str
    settings: tuple[str, ...] = ()
    run: Callable[[argparse.Namespace, Flags], int]
    arguments: Callable[[argparse.ArgumentParser], None] | None = None
