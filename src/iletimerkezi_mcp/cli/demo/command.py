"""``demo``: play the main job in the sandbox, as a host would."""

from __future__ import annotations

import argparse
import os

from iletimerkezi_mcp.cli.command import Command, Flags
from iletimerkezi_mcp.cli.streams import require_streams
from iletimerkezi_mcp.settings import load_settings

_TAKES = ("language",)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the story")


def _run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, flags, only=_TAKES)
    require_streams("stdout")
    import anyio

    from iletimerkezi_mcp.cli.output import Output

    from .story import play

    return anyio.run(play, settings, Output.on_stdout(as_json=options.json))


DEMO = Command(
    name="demo",
    help="play the main job in the sandbox, as a host would",
    settings=_TAKES,
    arguments=_arguments,
    run=_run,
)
