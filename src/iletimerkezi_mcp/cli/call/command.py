"""``call``: one tool, called from the command line."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iletimerkezi_mcp.cli.command import FAILED, Command, Flags, UsageError
from iletimerkezi_mcp.cli.streams import discard_stdout, require_streams, say
from iletimerkezi_mcp.cli.terminal import can_redraw
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import NETWORK, SETTINGS, Settings, load_settings

if TYPE_CHECKING:
    from iletimerkezi_mcp.tools.tool import Tool

_SETTINGS = tuple(setting.field for setting in SETTINGS if setting.field not in {"transport", *NETWORK})

_NOT_WRITTEN = Text(
    "the answer could not be written ({cause}); the exit code says what became of the call.",
    "yanıt yazılamadı ({cause}); çağrının sonucunu çıkış kodu bildirir.",
)
_NOT_OFFERED = Text(
    "{tool} is not offered here (ILETIMERKEZI_READ_ONLY, ILETIMERKEZI_TOOLS); see call --list.",
    "{tool} burada sunulmuyor (ILETIMERKEZI_READ_ONLY, ILETIMERKEZI_TOOLS); call --list çıktısına bakın.",
)
_NO_NAME = Text(
    "a tool's name comes first, then its arguments; see call --list.",
    "önce aracın adı, sonra parametreleri yazılır; call --list çıktısına bakın.",
)
_NO_TOOL = Text("there is no such tool; the tools are {tools}.", "böyle bir araç yok; araçlar: {tools}.")
_SANDBOX_KEPT = Text(
    "the sandbox is kept in {folder} from call to call; delete that folder to start over, or name another with "
    "--state-dir.",
    "deneme ortamı çağrılar arasında {folder} klasöründe saklanır; baştan başlamak için klasörü silin ya da "
    "--state-dir ile başka bir klasör verin.",
)


def _arguments(parser: argparse.ArgumentParser) -> None:
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


def _run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, flags, only=_SETTINGS)
    require_streams("stdout")
    # Modules live as long as the process; collecting them costs a tenth of the start.
    gc.disable()
    from iletimerkezi_mcp.tools.catalogue import REGISTRY

    from .arguments import arguments_of, read
    from .help import listing, manual

    offered = REGISTRY.offered(settings).tools
    gc.enable()
    if options.list or not options.words:
        _print(listing(offered, settings.language))
        return 0
    name, *words = options.words
    tool = next((tool for tool in offered if tool.name == name), None)
    if tool is None:
        raise UsageError(_no_tool(name, REGISTRY.names, [tool.name for tool in offered]))
    arguments = read(tool.name, words, arguments_of(tool.spec().input_schema))
    if arguments is None:
        _print(manual(tool, settings.language))
        return 0
    return _call(_with_lasting_sandbox(settings), tool, arguments)


def _no_tool(name: str, names: Sequence[str], offered: Sequence[str]) -> Text:
    """Return the error for a name that is not offered. An unknown one is not repeated: it may be a value."""
    if name in names:
        return _NOT_OFFERED.format(tool=name)
    return _NO_NAME if name.startswith("-") else _NO_TOOL.format(tools=", ".join(offered))


def _call(settings: Settings, tool: Tool[Any], arguments: Mapping[str, Any]) -> int:
    import anyio

    from .prompt import TerminalPrompt
    from .session import Call
    from .waiting import WaitingLine

    waiting = WaitingLine(sys.stderr if can_redraw(sys.stderr, os.environ) else None, settings.language)
    call = Call(settings, tool, TerminalPrompt.of_process(settings.language, waiting), waiting)

    async def run() -> int:
        result = await call.run(arguments)
        code = result.exit_code
        try:
            # Indented for a reader, one line for a program.
            indent = 2 if sys.stdout.isatty() else None
            _print(json.dumps(result.answer, ensure_ascii=False, indent=indent) + "\n")
        except OSError as error:
            discard_stdout()
            say(_NOT_WRITTEN.format(cause=str(error.strerror)), settings.language)
            # The code of a change still says if it was done; of a read nothing is left.
            code = code if tool.changes else FAILED
        if result.blocked:
            # A thread that still looks a name up, or waits for a line from the terminal, would hold the process.
            os._exit(code)
        return code

    return anyio.run(run)


def _with_lasting_sandbox(settings: Settings) -> Settings:
    """Return `settings` with the sandbox kept in the user's state folder: in memory, its codes would end with the call."""
    if not settings.sandbox or settings.state_dir is not None:
        return settings
    from iletimerkezi_mcp.sandbox.factory import DATABASE_FILE
    from iletimerkezi_mcp.server.folders import lasting_folder

    folder = lasting_folder(settings)
    if not (folder / DATABASE_FILE).exists():
        say(_SANDBOX_KEPT.format(folder=str((folder / DATABASE_FILE).parent)), settings.language)
    return replace(settings, state_dir=folder)


def _print(text: str) -> None:
    """Write `text` to stdout as UTF-8, whatever the locale; an unpaired surrogate, as JSON may hold one, stays an escape."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


CALL = Command(
    name="call",
    help="Call one tool and print its answer as JSON, for scripts and for trying things.",
    settings=_SETTINGS,
    arguments=_arguments,
    run=_run,
)
