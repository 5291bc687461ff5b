"""The page on hosts: what is written by hand, with the table of hosts and the ready blocks made anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from iletimerkezi_mcp.cli.config.entry import RELEASED, Launch, block
from iletimerkezi_mcp.cli.config.hosts import HOSTS, Host
from iletimerkezi_mcp.language import Language, Text

from .blocks import fill_blocks
from .clients import add_line, documented
from .host_ways import long_table

HOSTS_PAGES: Final[Mapping[Language, str]] = {"en": "docs/hosts.md", "tr": "docs/hosts.tr.md"}

URL: Final = "https://im.example.com/mcp"
"""A remote server's address, as the blocks show it."""

_FOLDER: Final = Text("/path/to/iletimerkezi-mcp", "/klasörün/yolu/iletimerkezi-mcp")
_FILE: Final = Text("File: `{place}`", "Dosya: `{place}`")
_ELSEWHERE: Final = {
    "darwin": Text("on macOS `{place}`", "macOS'ta `{place}`"),
    "win32": Text("on Windows `{place}`", "Windows'ta `{place}`"),
}
"""Where a file is on a system on which it is in another place."""
_OR: Final = Text("Or by its own command, in the folder of the checkout:", "Ya da kendi komutuyla, proje klasöründe:")
_OR_RELEASED: Final = Text("Or by its own command:", "Ya da kendi komutuyla:")
_REMOTE: Final = Text("A remote server:", "Uzak sunucu:")
_NO_REMOTE: Final = Text(
    "Its file takes no remote server: add it under Customize > Connectors. It is then called from the internet.",
    "Dosyasına uzak sunucu yazılamaz: Customize > Connectors altında ekleyin. O zaman internetten çağrılır.",
)


def hosts_page(language: Language, *, released: bool = RELEASED) -> str:
    """Return the page in `language`."""
    ready = "\n\n".join(_section(host, language, released=released) for host in HOSTS)
    return fill_blocks(HOSTS_PAGES[language], {"asked": long_table(language), "blocks": ready})


def _section(host: Host, language: Language, *, released: bool) -> str:
    return "\n\n".join(_paragraphs(host, language, released=released))


def _paragraphs(host: Host, language: Language, *, released: bool) -> Iterator[str]:
    place = host.user_file
    elsewhere = ((words, place.on(system)) for system, words in _ELSEWHERE.items())
    others = [words.format(place=path) for words, path in elsewhere if path != place.linux]
    where = Text.join("; ", [_FILE.format(place=place.linux), *others])
    yield f"### {host.title}"
    yield f"{where.to(language)}. {host.next_step.to(language)}"
    yield _code(host, documented(_FOLDER.to(language), released=released))
    if line := add_line(host, released=released):
        yield (_OR_RELEASED if released else _OR).to(language)
        yield f"```\n{line}\n```"
    if host.url_key is None:
        yield _NO_REMOTE.to(language)
    else:
        yield _REMOTE.to(language)
        yield _code(host, Launch(url=URL))


def _code(host: Host, launch: Launch) -> str:
    return f"```{host.format}\n{block(host, launch)}```"
