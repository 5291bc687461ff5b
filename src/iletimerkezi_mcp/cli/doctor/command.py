"""``doctor``: say what is wrong with this set-up, and what to do."""

from __future__ import annotations

import argparse
import os

import anyio

from iletimerkezi_mcp.cli.output import Output
from iletimerkezi_mcp.cli.streams import require_streams
from iletimerkezi_mcp.cli.usage import FAILED, Flags
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import language_for, secrets_in

from .examination import examine
from .report import Report


def run(options: argparse.Namespace, flags: Flags) -> int:
    """Examine the set-up; return exit code 0 only if nothing is wrong."""
    require_streams("stdout")
    output = Output.on_stdout(as_json=options.json)
    report = Report(output, language_for(os.environ, flags), Redactor(secrets_in(os.environ)))

    async def write() -> None:
        report.begin()
        await examine(os.environ, flags, report.add)
        # Before the loop ends, which waits for a thread that may still be looking a name up.
        report.end()

    anyio.run(write)
    return 0 if report.healthy else FAILED
