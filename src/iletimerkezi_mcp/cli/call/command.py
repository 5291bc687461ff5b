"""``call``: one tool, called from the command line."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iletimerkezi_mcp.cli.command import Command, Flags, UsageError
from iletimerkezi_mcp.cli.streams import discard_stdout, require_streams, say
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import NETWORK, SETTINGS, Settings, load_settings

if TYPE_CHECKING:
    import mcp.types as mcp_types

_TAKES = tuple(setting.field for setting in SETTINGS if setting.field not in {"transport", *NETWORK})


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [--list] [SETTINGS] TOOL [--ARGUMENT VALUE ...]"
    parser.description = (
        "Calls one tool with the rules, limits, ledger and audit log of the server; prints its answer as JSON. All that "
        "stands after TOOL is the tool's: TOOL --help says what it takes and lists the exit codes. On a terminal (stdin, "
        "stdout and stderr) you are asked before a change; elsewhere the preview comes with a code (exit 3), and the same "
        "call with --confirm CODE does it. With --sandbox what happened lasts from call to call in the state folder."
    )
    parser.add_argument("--list", action="store_true", help="list the tools that are offered, as without TOOL")
    # Everything from the first word that is no flag of this command's on.
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="TOOL", help="the tool and its arguments")


def _run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, flags, only=_TAKES)
    require_streams("stdout")
    # What is loaded now lives as long as the process; collecting it costs a tenth of the start.
    gc.disable()
    from iletimerkezi_mcp.tools.catalogue import all_tools

    from .errors import HelpWantedError, WordsError
    from .help import listing, manual

    offered = all_tools().offered(settings).specs
    gc.enable()
    if options.list or not options.words:
        _print(listing(offered, settings.language))
        return 0
    name, *words = options.words
    tool = next((tool for tool in offered if tool.name == name), None)
    if tool is None:
        known = any(name == one for one in all_tools().names)
        raise UsageError(_not_offered(name) if known else _no_tool(name, [one.name for one in offered]))
    try:
        return _call(settings, tool, words)
    except HelpWantedError:
        _print(manual(tool, settings.language))
        return 0
    except WordsError as error:
        raise UsageError(error.reason) from error


def _call(settings: Settings, tool: mcp_types.Tool, words: list[str]) -> int:
    from .arguments import arguments_of, read

    arguments = read(tool.name, words, arguments_of(tool.input_schema))
    import anyio

    from .asking import Asking
    from .exits import Exit
    from .help import changes
    from .prompt import Terminal
    from .session import run
    from .waiting import Waiting

    lasting = _lasting(settings)
    language = settings.language
    watched = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    waiting = Waiting(sys.stderr if watched else None, language)
    terminal = Terminal.of_process(language)
    asking = None if terminal is None else Asking(terminal, waiting, language)

    async def called() -> int:
        ended = await run(lasting, tool, arguments, asking, waiting, lambda told: say(told, language))
        code = ended.code
        try:
            _print(_as_json(ended.answer))
        except OSError as error:
            discard_stdout()
            say(_unwritten(error), language)
            # Of a change the code still tells whether it was done; of what was read nothing is left.
            code = code if changes(tool) else Exit.NOT_DONE
        if ended.cut_short:
            # A thread that still looks a name up, or reads a line that nobody types, would hold the process.
            os._exit(code)
        return code

    return anyio.run(called)


def _lasting(settings: Settings) -> Settings:
    """The sandbox kept where this user's state is: in memory it would be gone, and its codes with it, after this call."""
    if not settings.sandbox or settings.state_dir is not None:
        return settings
    from iletimerkezi_mcp.sandbox.factory import WORLD
    from iletimerkezi_mcp.server.folders import lasting_folder

    folder = lasting_folder(settings)
    if not (folder / WORLD).exists():
        kept = (folder / WORLD).parent
        say(
            Text(
                f"the sandbox is kept in {kept} from call to call; delete that folder to begin afresh, or name another "
                "with --state-dir.",
                f"deneme ortamı çağrılar arasında {kept} klasöründe saklanır; baştan başlamak için klasörü silin ya da "
                "--state-dir ile başka bir klasör verin.",
            ),
            settings.language,
        )
    return replace(settings, state_dir=folder)


def _as_json(answer: Mapping[str, Any]) -> str:
    """Indented for a reader, one line for a program."""
    return json.dumps(answer, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None) + "\n"


def _print(text: str) -> None:
    """`text` on stdout as UTF-8, whatever the locale; half a character, as JSON may hold one, stays an escape."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _unwritten(error: OSError) -> Text:
    return Text(
        f"the answer could not be written ({error.strerror}); the exit code tells what became of the call.",
        f"yanıt yazılamadı ({error.strerror}); çağrının sonucunu çıkış kodu bildirir.",
    )


def _not_offered(name: str) -> Text:
    return Text(
        f"{name} is not offered here (ILETIMERKEZI_READ_ONLY, ILETIMERKEZI_TOOLS); see call --list.",
        f"{name} burada sunulmuyor (ILETIMERKEZI_READ_ONLY, ILETIMERKEZI_TOOLS); call --list çıktısını kontrol edin.",
    )


def _no_tool(name: str, offered: list[str]) -> Text:
    """A name is not repeated, for it may be a value that lost its flag."""
    if name.startswith("-"):
        return Text(
            "a tool's name comes first, then its arguments; see call --list.",
            "önce aracın adı, sonra parametreleri yazılır; call --list çıktısını kontrol edin.",
        )
    tools = ", ".join(offered)
    return Text(f"there is no such tool; the tools are {tools}.", f"böyle bir araç yok; araçlar: {tools}.")


CALL = Command(
    name="call",
    help="call one tool and print its answer as JSON, for scripts and for trying things",
    settings=_TAKES,
    arguments=_arguments,
    run=_run,
)
