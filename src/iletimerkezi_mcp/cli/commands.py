"""The table of sub-commands. What only one of them needs is imported when it runs."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from iletimerkezi_mcp.settings import NETWORK, SETTINGS

from .usage import Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A sub-command.

    `settings` are the fields of the settings that it uses; the others are neither taken as flags nor looked at.
    `arguments` adds its own arguments to its parser. `module` is the module of this package that does its work: its
    ``run(options, flags)`` gets all values and returns the exit code; it may raise :class:`.UsageError` and
    :class:`.SettingsError`.
    """

    name: str
    help: str
    module: str
    settings: tuple[str, ...] = ()
    arguments: Callable[[argparse.ArgumentParser], None] | None = None

    def run(self, options: argparse.Namespace, flags: Flags) -> int:
        # Modules live as long as the process; collecting them costs a tenth of the start.
        gc.disable()
        module = import_module(f".{self.module}", __package__)
        gc.enable()
        code: int = module.run(options, flags)
        return code


def _call(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [--list] [SETTINGS] TOOL [--ARGUMENT VALUE ...]"
    parser.description = (
        "Call one tool with the rules, limits, ledger and audit log of the server, and print its answer as JSON. "
        "Everything after TOOL belongs to the tool: TOOL --help lists its arguments and the exit codes. On a terminal "
        "(stdin, stdout and stderr) you are asked before a change. Elsewhere the preview comes with a code (exit code "
        "3), and the same call with --confirm CODE makes the change. With --sandbox, messages and changes last from "
        "call to call in the state folder."
    )
    parser.add_argument("--list", action="store_true", help="List the tools that are offered, as without TOOL.")
    # Everything from the first word on that is no flag of this command.
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="TOOL", help="The tool and its arguments.")


def _config(parser: argparse.ArgumentParser) -> None:
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


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="Write one JSON object instead of lines.")


def _port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", default="8186", help="The port to listen at (default 8186; 0 takes a free one).")


COMMANDS = (
    Command(
        name="call",
        help="Call one tool and print its answer as JSON, for scripts and for trying things.",
        module="call.command",
        settings=tuple(setting.field for setting in SETTINGS if setting.field not in {"transport", *NETWORK}),
        arguments=_call,
    ),
    Command(
        name="config",
        help="Print the block that adds this server to a host, and say which file it belongs in. --write adds it.",
        module="config.command",
        settings=("language", "sandbox", "read_only"),
        arguments=_config,
    ),
    Command(
        name="demo",
        help="Play the main job in the sandbox, as a host would.",
        module="demo",
        settings=("language",),
        arguments=_json,
    ),
    Command(
        name="doctor",
        help="Look at this set-up and say what is wrong and what to do. It changes nothing and sends nothing.",
        module="doctor.examination",
        settings=tuple(setting.field for setting in SETTINGS),
        arguments=_json,
    ),
    Command(
        name="sandbox",
        help="Serve the simulated provider over HTTP on loopback, for other clients.",
        module="sandbox",
        settings=("sender", "brand_code", "character_mode", "abroad", "language", "state_dir"),
        arguments=_port,
    ),
    Command(name="token", help="Make a token for ILETIMERKEZI_HTTP_TOKEN and print it.", module="token"),
)
"""All sub-commands, in the order in which the help names them."""
