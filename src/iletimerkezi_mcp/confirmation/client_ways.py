"""The ways in which a change can be confirmed from the client that calls, as it declared them and the operator allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from iletimerkezi_mcp.language import Text, either
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.settings.ways import ConfirmWay

from .caller import Caller

_HOW: dict[ConfirmWay, Text] = {
    "form": Text("in a form", "formda"),
    "card": Text("on a card in the chat", "sohbetteki kartta"),
    "page": Text(
        "on a page in the browser of the machine that this server runs on",
        "bu sunucunun çalıştığı makinenin tarayıcısında açılan sayfada",
    ),
    "code": Text("with the code of its preview", "önizlemesinin koduyla"),
}

_ALL = Text(
    "By what this host has declared, every change from it is confirmed {ways}.",
    "Bu istemcinin bildirdiğine göre ondan gelen her değişiklik {ways} onaylanır.",
)
_BY_SIZE = Text(
    "By what this host has declared, a change from it is confirmed {below}; from {number} recipients or consents within an "
    "hour upwards, {above}.",
    "Bu istemcinin bildirdiğine göre ondan gelen bir değişiklik {below} onaylanır; bir saatte toplam {number} ve üzeri alıcı ya "
    "da izin kaydında ise {above}.",
)
_ONLY_BELOW = Text(
    "By what this host has declared, a change from it is confirmed {below}; {number} or more recipients or consents within an "
    "hour cannot be confirmed.",
    "Bu istemcinin bildirdiğine göre ondan gelen bir değişiklik {below} onaylanır; bir saatte toplam {number} ve üzeri alıcı ya "
    "da izin kaydı onaylanamaz.",
)
_NOTHING = Text(
    "By what this host has declared, nothing from it can be confirmed.",
    "Bu istemcinin bildirdiğine göre ondan gelen hiçbir şey onaylanamaz.",
)


@dataclass(frozen=True, slots=True)
class ClientWays:
    """The ways from a client, none if nothing can be confirmed from it.

    They are those `below` the threshold from which codes do not suffice, and those `above`, from it on.
    """

    below: tuple[ConfirmWay, ...]
    above: tuple[ConfirmWay, ...]

    def summary(self, number: int) -> Text:
        """Return the ways in a sentence; `number` is the threshold."""
        if not self.below:
            return _NOTHING
        below = describe_client_ways(self.below)
        if self.below == self.above:
            return _ALL.format(ways=below)
        if not self.above:
            return _ONLY_BELOW.format(below=below, number=number)
        return _BY_SIZE.format(below=below, number=number, above=describe_client_ways(self.above))


def describe_client_ways(ways: tuple[ConfirmWay, ...]) -> Text:
    """Return how a change is confirmed by one of `ways`, at least one."""
    return either([_HOW[way] for way in ways])


def asks_in_form(settings: Settings, caller: Caller) -> bool:
    """Return whether the client has declared that it shows forms, and they are allowed."""
    return caller.way in settings.ways and caller.elicitation.is_supported


def way_outside(settings: Settings, caller: Caller) -> Literal["card", "page"] | None:
    """Return where the person behind `caller` can decide outside the call: a card before a page; None if nowhere."""
    if caller.shows_cards and "card" in settings.ways:
        return "card"
    return "page" if settings.page else None


def client_ways(settings: Settings, caller: Caller) -> ClientWays:
    """Return the ways from the client of `caller`: its form, else a card, else a page; below the threshold a code, too.

    A client that promises forms or cards and shows none is found out only when a person is to be asked.
    """
    if settings.read_only:
        return ClientWays((), ())
    if settings.codes_only:
        return ClientWays(("code",), ("code",))
    if asks_in_form(settings, caller):
        return ClientWays(("form",), ("form",))
    way = way_outside(settings, caller)
    above: tuple[ConfirmWay, ...] = () if way is None else (way,)
    if "code" not in settings.ways or settings.type_count_from == 1:
        return ClientWays(above, above)
    return ClientWays(("card", "code") if way == "card" else ("code",), above)
