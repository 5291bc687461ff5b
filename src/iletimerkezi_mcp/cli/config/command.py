"""``config``: the block that puts this server into a host, and where it goes; with ``--write`` put there."""

from __future__ import annotations

import argparse
import os

from iletimerkezi_mcp.cli.command import Command, Flags
from iletimerkezi_mcp.settings import load_settings

_TAKES = ("language", "sandbox", "read_only")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("host", metavar="HOST", nargs="?", help="the host; --list names them")
    parser.add_argument("--list", action="store_true", help="list the hosts and their files")
    parser.add_argument("--write", action="store_true", help="merge the block into the host's file; a backup stays")
    parser.add_argument("--project", action="store_true", help="the file of the project in this folder, not the user's")
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help="write key and hash from the environment into the file, which then only its owner can read",
    )


def _run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, flags, only=_TAKES)
    # Every start reads this module, and only this command needs to know the hosts.
    from .run import configure

    return configure(options, settings)


CONFIG = Command(
    name="config",
    help="print the block that puts this server into a host, and where it goes; --write puts it there",
    takes=_TAKES,
    arguments=_arguments,
    run=_run,
    naming_secrets=("--with-secrets",),
)
