"""``doctor``: say what is wrong with this set-up, and what to do."""

from __future__ import annotations

import argparse
import os

from iletimerkezi_mcp.cli.command import Command, Flags
from iletimerkezi_mcp.cli.streams import require_streams
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import SETTINGS, language_for, secrets_in


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def _run(options: argparse.Namespace, flags: Flags) -> int:
    require_streams("stdout")
    import anyio

    from iletimerkezi_mcp.cli.output import Output

    from .examination import examine
    from .report import Report

    output = Output.on_stdout(as_json=options.json)
    report = Report(output, language_for(os.environ, flags), Redactor(secrets_in(os.environ)))

    async def write() -> None:
        report.begin()
        await examine(os.environ, flags, report.add)
        # Before the loop ends, which waits for a thread that may still be looking a name up.
        report.end()

    anyio.run(write)
    return 0 if report.healthy else 1


DOCTOR = Command(
    name="doctor",
    help="look at this set-up and say what is wrong and what to do; changes nothing, sends nothing",
    settings=tuple(setting.field for setting in SETTINGS),
    arguments=_arguments,
    run=_run,
)
