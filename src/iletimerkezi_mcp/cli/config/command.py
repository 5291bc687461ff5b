"""``config``: print the block that adds this server to a host, or write it into the host's file."""

from __future__ import annotations

import argparse
import os

from iletimerkezi_mcp.cli.command import Command, Flags
from iletimerkezi_mcp.settings import load_settings

_SETTINGS = ("language", "sandbox", "read_only")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("host", metavar="HOST", nargs="?", help="The MCP application; --list lists them.")
    parser.add_argument("--list", action="store_true", help="List the hosts and their files.")
    parser.add_argument(
        "--write", action="store_true", help="Add the block to the host's file, and keep a backup beside it."
    )
    parser.add_argument(
        "--project", action="store_true", help="Use the file of the project in this folder, not the user's."
    )
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help="Write the key and the hash from the environment too. Afterwards only the owner can read the file.",
    )


def _run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, flags, only=_SETTINGS)
    # Every command line imports this module, and only this command needs the hosts.
    from .run import configure

    return configure(options, settings)


CONFIG = Command(
    name="config",
    help="Print the block that adds this server to a host, and say which file it belongs in. --write adds it.",
    settings=_SETTINGS,
    arguments=_arguments,
    run=_run,
)
