"""The process's standard streams: what the command line says on stderr, and what becomes of a stream that is closed."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import traceback
from types import TracebackType

from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.redaction import Redactor, ScrubbedFormatter
from iletimerkezi_mcp.settings import SETTINGS, secrets_in
from iletimerkezi_mcp.sms.escape import escape_line

from .usage import UsageError

PROGRAM = "iletimerkezi-mcp"


_hidden: dict[str, str] = {}


def hide_secrets() -> None:
    """Take the secrets out of the environment of what this process starts; its own messages still lack them."""
    for setting in SETTINGS:
        if setting.secret and (value := os.environ.pop(setting.variable, None)) is not None:
            _hidden[setting.variable] = value


def say(text: Text, language: Language) -> None:
    """Write one line to stderr, unless it is closed. No value in `text` can control the terminal."""
    if sys.stderr is not None:
        # Errors repeat a setting's value, and that may be a key put into the wrong setting.
        line = Redactor(secrets_in({**os.environ, **_hidden})).text(text.to(language))
        line = f"{PROGRAM}: {escape_line(line)}"
        if sys.stderr.isatty():
            from .terminal import fold

            line = fold(line, shutil.get_terminal_size().columns)
        sys.stderr.write(f"{line}\n")


def require_streams(*names: str) -> None:
    """Raise :class:`.UsageError` if a standard stream (``stdin``, ``stdout``) was closed before the process began."""
    for name in names:
        if getattr(sys, name) is None:
            raise UsageError(
                Text("{name} is closed and must be open.", "{name} kapalı; açık olmalı.").format(name=name)
            )


def discard_stdout() -> None:
    """Discard what is still to be written to stdout: its reader has gone, and the flush at exit would fail."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def log_to_stderr() -> None:
    """Send warnings and tracebacks, of libraries too, to stderr without secrets and with masked numbers.

    A host may show a model what it finds there.
    """
    redactor = Redactor(secrets_in(os.environ), mask_numbers=True)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbedFormatter(redactor))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if sys.stderr is not None:
            sys.stderr.write(redactor.redact("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = excepthook
