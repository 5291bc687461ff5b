"""What the command line says on stderr, and the standard streams that it needs."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from types import TracebackType

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor, ScrubbedFormatter
from iletimerkezi_mcp.settings import secrets_in
from iletimerkezi_mcp.sms.escape import harmless

from .errors import UsageError

PROGRAM = "iletimerkezi-mcp"


def say(reason: Text, language: Language) -> None:
    """One line on stderr, where there is one. What it repeats of a value does nothing to a terminal."""
    if sys.stderr is not None:
        # A setting says its value back, and somebody may have put the key into the wrong one.
        said = Redactor(secrets_in(os.environ)).text(reason.to(language))
        sys.stderr.write(f"{PROGRAM}: {harmless(said)}\n")


def need(*streams: str) -> None:
    """Raise :class:`.UsageError` where one of the process's standard `streams` was closed before it began."""
    for stream in streams:
        if getattr(sys, stream) is None:
            raise UsageError(Text(f"{stream} is closed and must be open.", f"{stream} kapalı; açık olmalı."))


def let_go_of_stdout() -> None:
    """Nobody reads stdout any more: what is left to be written there goes nowhere, instead of failing at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def log_to_stderr() -> None:
    """Warnings and tracebacks, of libraries too, go to stderr without secrets."""
    redactor = Redactor(secrets_in(os.environ))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbedFormatter(redactor))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)

    def last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if sys.stderr is not None:
            sys.stderr.write(redactor.text("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = last_words
