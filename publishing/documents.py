"""The parts of the documents that are made from the code, between their markers; the rest is written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from iletimerkezi_mcp.cli.config.entry import LAUNCH_LINE, PACKAGE, RELEASED, Launch
from iletimerkezi_mcp.cli.config.hosts import HOSTS
from iletimerkezi_mcp.cli.usage import EXIT_CODES
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.sandbox.magic_numbers import MAGIC
from iletimerkezi_mcp.settings import SETTINGS
from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from iletimerkezi_mcp.tools.tool import Tool

from .blocks import fill_blocks, table
from .links import cursor_page, vscode_page

_KINDS: Final[Mapping[str, Text]] = {
    "number": Text("number", "numara"),
    "key": Text("key", "anahtar"),
    "brand code": Text("brand code", "marka kodu"),
}


def _tools(language: Language, tools: tuple[Tool[Any], ...]) -> str:
    head = Text("tool|what it does|changes something", "araç|ne yapar|değişiklik yapar")
    rows = []
    for tool in tools:
        page = Text("[`{name}`]({name}.md)", "[`{name}`]({name}.tr.md)").format(name=tool.name).to(language)
        changes = Text("yes", "evet") if tool.changes else Text("no", "hayır")
        rows.append((page, tool.summary.to(language), changes.to(language)))
    return table(tuple(head.to(language).split("|")), *rows)


_PAGES: Final[Mapping[str, Callable[[Launch], str]]] = {"cursor": cursor_page, "vscode": vscode_page}


def install(language: Language, *, released: bool = RELEASED) -> str:
    """Return the table of hosts: with links of one click once the package is on the index."""
    head = Text("host|in the sandbox", "istemci|deneme ortamıyla")
    program = " ".join(LAUNCH_LINE) if released else f".venv/bin/{PACKAGE}"
    rows = []
    for host in HOSTS:
        command = f"`{program} config {host.id} --write --sandbox`"
        if released and host.id in _PAGES:
            page = _PAGES[host.id](Launch(sandbox=True))
            command = (
                Text("{command}, or [one click]({page})", "{command} ya da [tek tıkla]({page})")
                .format(command=command, page=page)
                .to(language)
            )
        rows.append((host.title, command))
    return table(tuple(head.to(language).split("|")), *rows)


def _settings(language: Language) -> str:
    head = Text("variable|flag|what it does", "değişken|seçenek|ne yapar")
    rows = []
    for setting in SETTINGS:
        flag = "" if setting.flag is None else f"`{setting.flag}{' ' + setting.metavar if setting.metavar else ''}`"
        rows.append((f"`{setting.variable}`", flag.replace("|", "\\|"), setting.description.to(language)))
    return table(tuple(head.to(language).split("|")), *rows)


def _magic(language: Language) -> str:
    head = Text("value|what happens", "değer|ne olur")
    rows = [(f"`{row.value}` ({_KINDS[row.kind].to(language)})", row.happens.to(language)) for row in MAGIC]
    return table(tuple(head.to(language).split("|")), *rows)


def _exit_codes(language: Language) -> str:
    head = Text("exit code|what it means", "çıkış kodu|anlamı")
    rows = [(f"`{code}`", meaning.to(language)) for code, meaning in EXIT_CODES.items()]
    return table(tuple(head.to(language).split("|")), *rows)


LANGUAGES: Final[tuple[Language, ...]] = ("en", "tr")

Make = Callable[[Language], str]

DOCUMENTS: Final[Mapping[str, Mapping[str, Make]]] = {
    "README": {"install": install},
    "docs/tools/README": {"tools": partial(_tools, tools=TOOLS), "list-tools": partial(_tools, tools=LIST_TOOLS)},
    "docs/settings": {"settings": _settings},
    "docs/command-line": {"exit-codes": _exit_codes},
    "docs/sandbox": {"magic": _magic},
}
"""By the document's path without its ending: what makes the text between ``<!-- name -->`` and ``<!-- /name -->``."""


def path_of(name: str, language: Language) -> str:
    """Return the path of the document `name` in `language`."""
    return f"{name}.md" if language == "en" else f"{name}.{language}.md"


def document(name: str, language: Language) -> str:
    """Return the document `name` in `language`: what is written by hand, with every block made anew."""
    return fill_blocks(path_of(name, language), {block: make(language) for block, make in DOCUMENTS[name].items()})
