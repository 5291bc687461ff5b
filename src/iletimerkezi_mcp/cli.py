"""The command line. Imports nothing heavy before it knows what to do."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from types import TracebackType

from . import __version__
from .outgoing import Outgoing, ScrubbedFormatter
from .settings import SETTINGS, Settings, SettingsError, load_settings

PROGRAM = "iletimerkezi-mcp"
USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 fine, 1 failed, 2 wrong usage or settings."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if (variable := _secret_on(given)) is not None:
        sys.stderr.write(f"{PROGRAM}: set {variable} in the environment; a command line stands in the process list.\n")
        return USAGE_ERROR
    options = _parser().parse_args(given)
    flags = {setting.field: _flag_text(getattr(options, setting.field, None)) for setting in SETTINGS}
    try:
        settings = load_settings(os.environ, flags)
        _log_to_stderr(settings)
        match options.command:
            case "demo":
                return _demo(settings, as_json=options.json)
            case "sandbox":
                return _sandbox(settings, options.port)
        return _serve(settings)
    except SettingsError as error:
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        return USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("settings", "each also as an environment variable; flags win")
    for setting in SETTINGS:
        if setting.flag is None:
            continue
        described = f"{setting.help} [{setting.variable}]".replace("%", "%%")
        # Sub-commands take the same flags; suppressed defaults keep them from resetting what stood before them.
        if setting.metavar is None:
            group.add_argument(
                setting.flag, dest=setting.field, action="store_true", default=argparse.SUPPRESS, help=described
            )
        else:
            group.add_argument(
                setting.flag, dest=setting.field, metavar=setting.metavar, default=argparse.SUPPRESS, help=described
            )
    secrets = ", ".join(setting.variable for setting in SETTINGS if setting.secret)
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        allow_abbrev=False,
        parents=[shared],
        description="MCP server for the iletiMerkezi SMS API. Without a command it serves MCP on stdio.",
        epilog=f"{secrets} are read from the environment only: a command line stands in the process list.",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    demo = commands.add_parser(
        "demo", parents=[shared], allow_abbrev=False, help="play the main job in the sandbox, as a host would"
    )
    demo.add_argument("--json", action="store_true", help="one JSON object instead of the story")
    sandbox = commands.add_parser(
        "sandbox",
        parents=[shared],
        allow_abbrev=False,
        help="serve the simulated provider over HTTP on loopback, for other clients",
    )
    sandbox.add_argument("--port", type=int, default=8186, help="port (default 8186; 0 takes a free one)")
    return parser


def _secret_on(arguments: Sequence[str]) -> str | None:
    """The variable whose value somebody tries to give as a flag, if any; argparse would print the value back."""
    for setting in SETTINGS:
        flag = "--" + setting.field.replace("_", "-")
        if setting.secret and any(argument.split("=")[0] == flag for argument in arguments):
            return setting.variable
    return None


def _flag_text(value: str | bool | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return "1"


def _log_to_stderr(settings: Settings) -> None:
    """Warnings and tracebacks, of libraries too, go to stderr without secrets."""
    outgoing = Outgoing(settings.secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbedFormatter(outgoing))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)

    def last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.stderr.write(outgoing.text("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = last_words


def _serve(settings: Settings) -> int:
    # Start-up makes hundreds of thousands of objects that live as long as the process; collecting
    # them again and again costs a tenth of the start and stalls large calls later.
    gc.disable()
    import anyio

    from .server import build_server
    from .transports.stdio import serve_stdio

    server = build_server(settings)
    gc.freeze()
    gc.enable()
    anyio.run(serve_stdio, server)
    return 0


def _demo(settings: Settings, *, as_json: bool) -> int:
    import anyio

    from .demo import play

    return anyio.run(play, settings, as_json)


def _sandbox(settings: Settings, port: int) -> int:
    from .sandbox.http import run
    from .sandbox.opening import open_provider
    from .sms.times import system_clock

    with open_provider(settings, system_clock) as provider:
        run(provider, "127.0.0.1", port, _say_where)
    return 0


def _say_where(address: str) -> None:
    sys.stderr.write(f"The sandbox answers at {address}; stop it with Ctrl-C.\n")
