"""A tool's arguments as flags, made from its own schema."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import SETTINGS

from .errors import HelpWantedError, WordsError
from .values import reader

HELP = ("-h", "--help")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool: its name, its schema, and whether it must be given."""

    name: str
    schema: Mapping[str, Any]
    required: bool

    @property
    def flag(self) -> str:
        """``--message-type`` for `message_type`; the underscore is understood too."""
        return "--" + self.name.replace("_", "-")

    @property
    def repeats(self) -> bool:
        """Whether it may stand more than once: what stands there then makes one list."""
        return bool(self.schema["type"] == "array")


def arguments_of(schema: Mapping[str, Any]) -> tuple[Argument, ...]:
    """The arguments in a tool's input schema, in its order."""
    required = schema.get("required", ())
    return tuple(Argument(name, inner, name in required) for name, inner in schema["properties"].items())


def read(tool: str, words: Sequence[str], arguments: Sequence[Argument]) -> dict[str, Any]:
    """What `words` give of `arguments`, by name; the tool itself judges the values and what is missing.

    Raises :class:`.WordsError`, and :class:`.HelpWantedError` for ``--help``.
    """
    known = {argument.flag: argument for argument in arguments}
    given: dict[str, Any] = {}
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        if word in HELP:
            raise HelpWantedError
        name, joined, value = word.partition("=")
        argument = known.get(name.replace("_", "-"))
        if argument is None:
            raise WordsError(_not_taken(tool, word, list(known)))
        if not joined:
            if not waiting or waiting[-1].startswith("--"):
                raise WordsError(
                    Text(
                        f"{argument.flag} needs a value; one that begins with -- is written {argument.flag}=--….",
                        f"{argument.flag} bir değer ister; -- ile başlayan değer {argument.flag}=--… diye yazılır.",
                    )
                )
            value = waiting.pop()
        found = reader(argument.schema)(argument.flag, value)
        if argument.repeats:
            given.setdefault(argument.name, []).extend(found)
        elif argument.name in given:
            raise WordsError(
                Text(f"{argument.flag} may be given only once.", f"{argument.flag} yalnızca bir kez verilebilir.")
            )
        else:
            given[argument.name] = found
    return given


def _not_taken(tool: str, word: str, flags: Sequence[str]) -> Text:
    """What is wrong with a word that stands where a flag must; a value is not repeated."""
    if not word.startswith("-"):
        return Text(
            f"every argument of {tool} is a flag and its value; see call {tool} --help.",
            f"{tool} aracının her parametresi bir seçenek ve değeridir; call {tool} --help çıktısını kontrol edin.",
        )
    name = word.partition("=")[0] if word.startswith("--") else word[:2]
    if any(setting.flag == name for setting in SETTINGS):
        return Text(
            f"{tool} has no {name}; as a setting it stands before the tool's name: call {name} … {tool}.",
            f"{tool} aracında {name} yok; ayar olarak araç adından önce yazılır: call {name} … {tool}.",
        )
    close = difflib.get_close_matches(name[:40].replace("_", "-"), flags, 1)
    meant = Text(f" (did you mean {close[0]}?)", f" ({close[0]} mi demek istediniz?)") if close else Text("", "")
    return (
        Text(f"{tool} has no {name}", f"{tool} aracında {name} yok")
        + meant
        + Text(f"; see call {tool} --help.", f"; call {tool} --help çıktısını kontrol edin.")
    )
