"""``call``: one tool, called from the command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio

from iletimerkezi_mcp.cli.streams import discard_stdout, require_streams, say
from iletimerkezi_mcp.cli.suggestion import with_suggestion
from iletimerkezi_mcp.cli.terminal import can_redraw
from iletimerkezi_mcp.cli.usage import FAILED, Flags, UsageError, language_on
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sandbox.factory import DATABASE_FILE
from iletimerkezi_mcp.server.ledger import lasting_folder
from iletimerkezi_mcp.settings import Settings, language_for, load_settings
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from iletimerkezi_mcp.tools.tool import Tool

from .arguments import arguments_of, read
from .help import listing, manual
from .prompt import TerminalPrompt
from .session import Call
from .waiting import WaitingLine

_NOT_WRITTEN = Text(
    "the answer could not be written ({cause}); the exit code says what became of the call.",
    "yanıt yazılamadı ({cause}); çağrının sonucunu çıkış kodu bildirir.",
)
_NOT_OFFERED = Text(
    "{tool} is not offered here (ILETIMERKEZI_READ_ONLY, ILETIMERKEZI_TOOLS); see call --list.",
    "{tool} burada sunulmuyor (ILETIMERKEZI_READ_ONLY, ILETIMERKEZI_TOOLS); call --list çıktısına bakın.",
)
_NEEDS_FOLDER = Text(
    "{tool} works with lists in a folder; name it in ILETIMERKEZI_FILES_DIR or with --files-dir.",
    "{tool} bir klasördeki listelerle çalışır; klasörü ILETIMERKEZI_FILES_DIR ile ya da --files-dir ile verin.",
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


def run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, flags, only=options.command.settings)
    require_streams("stdout")
    offered = REGISTRY.offered(settings).tools
    if options.list or not options.words:
        _print(listing(offered, settings.language))
        return 0
    name, *words = options.words
    tool = next((tool for tool in offered if tool.name == name), None)
    if tool is None:
        names = [tool.name for tool in offered]
        needs_folder = settings.files_dir is None and REGISTRY.needs_folder(name)
        raise UsageError(_no_tool(name, REGISTRY.names, names, needs_folder=needs_folder))
    arguments = read(tool.name, words, arguments_of(tool.spec().input_schema))
    if arguments is None:
        # A flag after the tool is none of the settings, but --help has no other use for this one.
        language = {"language": language_on(words) or settings.language}
        _print(manual(tool, language_for(os.environ, language)))
        return 0
    return _call(_with_lasting_sandbox(settings), tool, arguments)


def _no_tool(name: str, names: Sequence[str], offered: Sequence[str], *, needs_folder: bool) -> Text:
    """Return the error for a name that is not offered. An unknown one is not repeated: it may be a value."""
    if needs_folder:
        return _NEEDS_FOLDER.format(tool=name)
    if name in names:
        return _NOT_OFFERED.format(tool=name)
    if name.startswith("-"):
        return _NO_NAME
    return with_suggestion(_NO_TOOL.format(tools=", ".join(offered)), name, offered)


def _call(settings: Settings, tool: Tool[Any], arguments: Mapping[str, Any]) -> int:
    waiting = WaitingLine(sys.stderr if can_redraw(sys.stderr, os.environ) else None, settings.language)
    call = Call(settings, tool, TerminalPrompt.of_process(settings.language, waiting), waiting)

    async def run() -> int:
        answer, code = await call.run(arguments)
        try:
            # Indented for a reader, one line for a program.
            indent = 2 if sys.stdout.isatty() else None
            _print(json.dumps(answer, ensure_ascii=False, indent=indent) + "\n")
        except OSError as error:
            discard_stdout()
            say(_NOT_WRITTEN.format(cause=str(error.strerror)), settings.language)
            # The code of a change still says if it was done; of a read nothing is left.
            code = code if tool.changes else FAILED
        if call.blocked:
            # A thread that still looks a name up, or waits for a line from the terminal, would hold the process.
            os._exit(code)
        return code

    return anyio.run(run)


def _with_lasting_sandbox(settings: Settings) -> Settings:
    """Return `settings` with the sandbox kept in the user's state folder: in memory, its codes would end with the call."""
    if not settings.sandbox or settings.state_dir is not None:
        return settings
    folder = lasting_folder(settings)
    if not (folder / DATABASE_FILE).exists():
        say(_SANDBOX_KEPT.format(folder=str((folder / DATABASE_FILE).parent)), settings.language)
    return replace(settings, state_dir=folder)


def _print(text: str) -> None:
    """Write `text` to stdout as UTF-8, whatever the locale; an unpaired surrogate, as JSON may hold one, stays an escape."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
