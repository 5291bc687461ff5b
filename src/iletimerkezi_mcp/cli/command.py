"""What a sub-command is: its name, its flags, and what it runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from iletimerkezi_mcp.language import Text

Flags = Mapping[str, str | None]
"""What was given as flags of settings, by field; None where nothing was."""


def nothing_more(_: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A sub-command.

    `takes` names the settings that matter to it; the others are neither taken as flags nor looked at.
    `arguments` adds its own ones to its parser, and `misuse` says, for one of those by its name, what is wrong with
    a value that cannot be read. `naming_secrets` are its flags whose names speak of secrets but which take none.
    `run` gets both and returns the exit code. It may raise :class:`.UsageError` and
    :class:`.SettingsError`, and imports what is heavy itself.
    """

    name: str
    help: str
    takes: tuple[str, ...]
    run: Callable[[argparse.Namespace, Flags], int]
    arguments: Callable[[argparse.ArgumentParser], None] = nothing_more
    misuse: Mapping[str, Text] = field(default_factory=dict)
    naming_secrets: tuple[str, ...] = ()
