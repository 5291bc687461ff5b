"""The program: its one entry, and the exit code that every way of ending has."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from iletimerkezi_mcp.settings import SettingsError, language_for, load_settings

from .errors import UsageError
from .serve import serve
from .stderr import let_go_of_stdout, log_to_stderr, say

FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    0 fine; 1 failed, or whoever read the output has gone; 2 wrong usage or settings; 130 stopped by Ctrl-C.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    log_to_stderr()
    try:
        try:
            return _run(given)
        finally:
            # What cannot be written any more is noticed here, and not by the interpreter at its very end.
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (UsageError, SettingsError, BrokenPipeError, BaseExceptionGroup) as error:
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, UsageError | SettingsError):
                say(cause.reason, language_for(os.environ, {"language": _language_on(given)}))
                return USAGE_ERROR
        if not all(isinstance(cause, BrokenPipeError) for cause in causes):
            raise
        let_go_of_stdout()
        return FAILED


def _run(given: Sequence[str]) -> int:
    if not given:
        # Hosts mostly set the environment alone, and what reads a command line takes two hundredths of a start.
        return serve(load_settings(os.environ))
    from .parsing import parse

    parsed = parse(given)
    if parsed.command is not None:
        return parsed.command.run(parsed.options, parsed.flags)
    return serve(load_settings(os.environ, parsed.flags))


def _language_on(arguments: Sequence[str]) -> str | None:
    """The value of ``--lang``, looked for where the command line cannot be understood as a whole."""
    for place, word in enumerate(arguments, 1):
        name, joined, value = word.partition("=")
        if name == "--lang":
            return value if joined else next(iter(arguments[place:]), None)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What was raised, without the groups that task groups put around it."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _causes(one)
    else:
        yield error
