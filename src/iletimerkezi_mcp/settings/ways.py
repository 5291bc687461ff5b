"""The ways to confirm a change, and which of them the operator allows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from iletimerkezi_mcp.language import Text, either

from .parsers import SettingsError, comma_separated

ConfirmWay = Literal["form", "card", "page", "code"]
"""The host's form, a card of this server in the host's chat, a page of this server in the person's browser, or the code of
a preview, which the model repeats."""

WAYS: tuple[ConfirmWay, ...] = get_args(ConfirmWay)
"""Every way, in the order in which they are named."""

_MODES: dict[str, frozenset[ConfirmWay]] = {
    "auto": frozenset(WAYS),
    "human": frozenset(WAYS) - {"code"},
    "code": frozenset({"code"}),
}

_BY_PERSON: dict[ConfirmWay, Text] = {
    "form": Text("in a form", "formda"),
    "card": Text("on a card", "kartta"),
    "page": Text("on a page", "sayfada"),
}

_NEITHER = Text(
    "must be one of the words auto, human and code, or the ways that are allowed, each once, with commas between them: form, "
    "card, page, code (for example form,page)",
    "auto, human ve code sözcüklerinden biri ya da izin verilen yolların virgülle ayrılmış listesi olmalı, her yol bir kez: "
    "form, card, page, code (örneğin form,page)",
)


def read_confirm(value: str) -> str:
    """Read one of the three words, or a list of ways, each at most once. Raise :class:`.SettingsError` for anything else."""
    words = comma_separated(value.lower())
    if len(words) == 1 and words[0] in _MODES:
        return words[0]
    if not words or len(set(words)) < len(words) or not set(words) <= set(WAYS):
        raise SettingsError(_NEITHER)
    return ",".join(way for way in WAYS if way in words)


def allowed_ways(confirm: str) -> frozenset[ConfirmWay]:
    """Return the ways that `confirm`, as :func:`read_confirm` returns it, allows."""
    return _MODES.get(confirm) or frozenset(way for way in WAYS if way in confirm.split(","))


def describe_ways(ways: Collection[ConfirmWay]) -> Text:
    """Return how a person confirms, by `ways` of which none is the code."""
    return either([_BY_PERSON[way] for way in WAYS if way in ways])
