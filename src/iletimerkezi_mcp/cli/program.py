"""The program's entry, and the exit code of every way of ending."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from iletimerkezi_mcp.settings import SettingsError, language_for, load_settings

from .serve import serve
from .streams import discard_stdout, log_to_stderr, say
from .usage import FAILED, INTERRUPTED, USAGE_ERROR, UsageError, causes, language_on


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code (:data:`.usage.EXIT_CODES`); 1 also if the reader of the output has gone."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    log_to_stderr()
    try:
        try:
            return _run(words)
        finally:
            # A failure to write has to come here, not when the interpreter ends.
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (UsageError, SettingsError, BrokenPipeError, BaseExceptionGroup) as error:
        for cause in causes(error):
            if isinstance(cause, UsageError | SettingsError):
                say(cause.reason, language_for(os.environ, {"language": language_on(words)}))
                return USAGE_ERROR
        if not all(isinstance(cause, BrokenPipeError) for cause in causes(error)):
            raise
        discard_stdout()
        return FAILED


def _run(words: Sequence[str]) -> int:
    if not words:
        # Most hosts only set the environment, and importing the parser takes two hundredths of a start.
        return serve(load_settings(os.environ))
    from .commands import parse

    options, flags = parse(words, language_for(os.environ, {"language": language_on(words)}))
    if options.command is not None:
        code: int = options.command.run(options, flags)
        return code
    return serve(load_settings(os.environ, flags))
