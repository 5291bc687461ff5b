"""The parts of the two READMEs that are made from the code, between their markers; the rest is written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from iletimerkezi_mcp.cli.config.entry import RELEASED, Launch
from iletimerkezi_mcp.cli.config.hosts import HOSTS
from iletimerkezi_mcp.cli.usage import EXIT_CODES
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.sandbox.magic_numbers import MAGIC
from iletimerkezi_mcp.settings import SETTINGS
from iletimerkezi_mcp.tools.catalogue import LIST_TOOLS, TOOLS
from iletimerkezi_mcp.tools.tool import Tool
from publishing.clients import add_line

from .blocks import fill_blocks, table
from .host_ways import short_table
from .links import cursor_page, vscode_page

READMES: Final[Mapping[Language, str]] = {"en": "README.md", "tr": "README.tr.md"}

_KINDS: Final[Mapping[str, Text]] = {
    "number": Text("number", "numara"),
    "key": Text("key", "anahtar"),
    "brand code": Text("brand code", "marka kodu"),
}


def _tools(language: Language, tools: tuple[Tool[Any], ...]) -> str:
    head = Text("tool|what it does|changes something", "araç|ne yapar|değişiklik yapar")
    rows = []
    for tool in tools:
        changes = Text("yes", "evet") if tool.changes else Text("no", "hayır")
        rows.append((f"`{tool.name}`", tool.summary.to(language), changes.to(language)))
    return table(tuple(head.to(language).split("|")), *rows)


_PAGES: Final[Mapping[str, Callable[[Launch], str]]] = {"cursor": cursor_page, "vscode": vscode_page}


def install(language: Language, *, released: bool = RELEASED) -> str:
    """Return the table of hosts: with links of one click and files to paste once the package is on the index."""
    head = Text("host|adds it to the host's file|or", "istemci|istemcinin dosyasına ekler|ya da")
    rows = []
    for host in HOSTS:
        other = f"`{line}`" if (line := add_line(host, released=released)) else ""
        if released and host.id in _PAGES:
            page = _PAGES[host.id]
            live, sandbox = page(Launch()), page(Launch(sandbox=True))
            other = Text(
                f"[one click]({live}), [in the sandbox]({sandbox})",
                f"[tek tıkla]({live}), [deneme ortamında]({sandbox})",
            ).to(language)
        rows.append((host.title, f"`iletimerkezi-mcp config {host.id} --write`", other))
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


BLOCKS: Final[Mapping[str, Callable[[Language], str]]] = {
    "install": install,
    "asked": short_table,
    "tools": partial(_tools, tools=TOOLS),
    "list-tools": partial(_tools, tools=LIST_TOOLS),
    "settings": _settings,
    "exit-codes": _exit_codes,
    "magic": _magic,
}
"""The text between ``<!-- name -->`` and ``<!-- /name -->``."""


def readme(language: Language) -> str:
    """Return the README in `language`: what is written by hand, with every block made anew."""
    return fill_blocks(READMES[language], {name: make(language) for name, make in BLOCKS.items()})
