"""The exit codes: what a script learns without reading the answer."""

from __future__ import annotations

from enum import IntEnum

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.outcomes import OUTCOMES, Outcome


class Exit(IntEnum):
    """The exit code of a call. `UNKNOWN` is one of its own so that no script repeats what may have been done."""

    FINE = 0
    NOT_DONE = 1
    USAGE = 2
    PREVIEWED = 3
    UNKNOWN = 4
    INTERRUPTED = 130


WITHOUT_ANSWER: dict[Exit, Text] = {
    Exit.USAGE: Text("the command line or a setting is wrong", "komut satırı ya da bir ayar yanlış"),
    Exit.INTERRUPTED: Text("stopped by Ctrl-C before anything was done", "bir şey yapılmadan Ctrl-C ile durduruldu"),
}
"""The exit codes of calls that ended before there was an outcome."""


def exit_for(outcome: Outcome) -> Exit:
    """Return the exit code of an answer with this outcome."""
    return Exit(OUTCOMES[outcome].exit_code)
