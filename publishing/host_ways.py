"""The tables of hosts, with what a person sees in each when a change is to be confirmed, worked out as the server does it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final, cast

from iletimerkezi_mcp.cli.config.hosts import HOSTS, AskedIn, Host
from iletimerkezi_mcp.confirmation.caller import Caller, PersonAsked
from iletimerkezi_mcp.confirmation.client_ways import ClientWays, client_ways
from iletimerkezi_mcp.confirmation.waiting import no_progress
from iletimerkezi_mcp.language import Language, Text, either, verbatim
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.settings.ways import ConfirmWay

from .blocks import table

_HERE = Text(
    "any other without forms and cards that starts the server on your machine",
    "form ve kart göstermeyip sunucuyu makinenizde başlatan başka istemciler",
)
_NETWORK = Text(
    "any other without forms and cards that reaches it over the network",
    "form ve kart göstermeyip sunucuya ağ üzerinden bağlanan başka istemciler",
)
_TERMINAL = Text("`iletimerkezi-mcp call` on a terminal", "terminalde `iletimerkezi-mcp call`")
_QUESTION = Text("a question", "soru")
_WAYS: Final[dict[ConfirmWay, Text]] = {
    "form": Text("form", "form"),
    "card": Text("card", "kart"),
    "page": Text("page", "sayfa"),
    "code": Text("code", "kod"),
}
_OR_PAGE = Text("card (page if none appears)", "kart (çıkmazsa sayfa)")
_OR_REFUSED = Text("card (refused if none appears)", "kart (çıkmazsa reddedilir)")
_REFUSED = Text("refused", "reddedilir")
_FORMS = Text("forms", "form")
_CARDS = Text("cards", "kart")
_ELSEWHERE = Text("as a remote server", "uzak sunucu olarak")
_DETAILS = Text("set up|file|can show", "kurulum|dosya|gösterebildiği")
_HEAD = Text(
    "host|fewer than 100 recipients|100 or more, and everything with `ILETIMERKEZI_CONFIRM=human`",
    "istemci|100'den az alıcı|100 ve üzeri; `ILETIMERKEZI_CONFIRM=human` ile hepsi",
)


@dataclass(frozen=True, slots=True)
class _Row:
    name: Text
    shows: tuple[AskedIn, ...]
    has_screen: bool = True
    host: Host | None = None

    @property
    def ways(self) -> ClientWays:
        """The ways of a server with the default settings."""
        elicitation = cast("PersonAsked", SimpleNamespace(is_supported="form" in self.shows))
        caller = Caller(elicitation, no_progress, 0.0, since=0.0, shows_cards="card" in self.shows)
        return client_ways(Settings(page=self.has_screen), caller)

    def cells(self, language: Language) -> tuple[str, str]:
        """Return what a person sees below the threshold, and from it on."""
        below, above = (
            either([_WAYS[way] for way in ways] or [_REFUSED]) for ways in (self.ways.below, self.ways.above)
        )
        if self.ways.above == ("card",):
            above = _OR_PAGE if self.has_screen else _OR_REFUSED
        return below.to(language), above.to(language)


_ROWS: Final = (
    *(_Row(verbatim(host.title), host.shows, host=host) for host in HOSTS),
    _Row(_HERE, ()),
    _Row(verbatim("ChatGPT"), ("form", "card"), has_screen=False),
    _Row(verbatim("claude.ai"), ("card",), has_screen=False),
    _Row(_NETWORK, (), has_screen=False),
)


def long_table(language: Language) -> str:
    """Return the table with a row for each host: how it is set up, in which file, and what a person sees."""
    name, *sizes = _HEAD.to(language).split("|")
    rows = []
    for row in _ROWS:
        shows = [_FORMS.to(language)] * ("form" in row.shows) + [_CARDS.to(language)] * ("card" in row.shows)
        rows.append((*_set_up(row, language), ", ".join(shows) or "–", *row.cells(language)))
    question = _QUESTION.to(language)
    rows.append((_TERMINAL.to(language), "–", "–", "–", question, question))
    return table((name, *_DETAILS.to(language).split("|"), *sizes), *rows)


def _set_up(row: _Row, language: Language) -> tuple[str, str, str]:
    """Return the name of the host, the command that sets it up and the file that this changes."""
    if row.host is None:
        return row.name.to(language), "–" if row.has_screen else _ELSEWHERE.to(language), "–"
    host = row.host
    return (
        f"[{host.title}](#{host.title.lower().replace(' ', '-')})",
        f"`iletimerkezi-mcp config {host.id} --write`",
        f"`{host.user_file.linux}`",
    )
