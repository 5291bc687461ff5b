"""The declaration of a setting: what a field of the settings says of itself, and all that follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import EnumType
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import SecretStr

from iletimerkezi_mcp.language import Text

from . import parsers

PREFIX = "ILETIMERKEZI_"
"""The prefix of every variable."""

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: the field that it fills, its names, and how its text is read.

    `flag` is None for secrets: a command line is in the process list, where everyone can read it. `metavar` None
    marks a switch; `choices` is empty if the text is free. `unset` says what an unset value means if `default`
    cannot. `network` marks what matters only if the server is reached over the network.
    """

    field: str
    type: Any
    default: Any
    help: Text
    unset: Text | None
    variable: str
    flag: str | None
    metavar: str | None
    choices: tuple[str, ...]
    parse: Callable[[str], Any]
    network: bool

    @property
    def secret(self) -> bool:
        """True if the value must not leave the process."""
        return self.type is SecretStr

    def source(self, *, flag: bool) -> str:
        """Return the name of what the value came from: the flag with its variable, or the variable alone."""
        return f"{self.flag} ({self.variable})" if flag else self.variable

    @property
    def description(self) -> Text:
        """The help, and in brackets the default if there is one."""
        if self.unset is None and self.default in (None, False, ()):
            return self.help
        default = self.unset or str(int(self.default) if self.type is bool else self.default)
        template = Text("{help} (default: {default})", "{help} (varsayılan: {default})")
        return template.format(help=self.help, default=default)


def declare(
    default: T,
    en: str,
    tr: str,
    *,
    unset: Text | None = None,
    name: str | None = None,
    flag: str | None = None,
    metavar: str | None = None,
    parse: Callable[[str], T] | None = None,
    network: bool = False,
) -> T:
    """Declare a field of the settings: its default, its help in both languages, and whatever does not follow from name and type.

    The variable and the flag follow from the field's name, or from `name`; `flag` replaces the flag alone.
    """

    def complete(field: str, kind: Any) -> Setting:
        base_name = name or field
        choices = _choices(kind)
        return Setting(
            field=field,
            type=kind,
            default=default,
            help=Text(en, tr),
            unset=unset,
            variable=f"{PREFIX}{base_name.upper()}",
            flag=None if kind is SecretStr else f"--{flag or base_name.replace('_', '-')}",
            metavar=metavar or _metavar(kind, default, choices),
            choices=choices,
            parse=parse or _parser(kind, choices),
            network=network,
        )

    return dataclasses.field(default=default, metadata={"complete": complete})


def declarations(settings: type) -> tuple[Setting, ...]:
    """Return the settings that the fields of the class `settings` declare, in their order."""
    hints = get_type_hints(settings)
    kinds = {name: get_args(hint)[0] if NoneType in get_args(hint) else hint for name, hint in hints.items()}
    return tuple(
        field.metadata["complete"](field.name, kinds[field.name])
        for field in dataclasses.fields(settings)
        if "complete" in field.metadata
    )


def _choices(kind: Any) -> tuple[str, ...]:
    if isinstance(kind, EnumType):
        return tuple(map(str, kind))
    return get_args(kind) if get_origin(kind) is Literal else ()


def _metavar(kind: Any, default: object, choices: tuple[str, ...]) -> str | None:
    if kind is bool:
        return "1|0" if default else None
    return "|".join(choices) or {int: "NUMBER", str: "NAME", Path: "DIR", SecretStr: "SECRET"}.get(kind, "NAMES")


def _parser(kind: Any, choices: tuple[str, ...]) -> Callable[[str], Any]:
    if choices:
        return parsers.choice(*(kind if isinstance(kind, EnumType) else choices))
    return {bool: parsers.switch, int: parsers.positive, SecretStr: parsers.secret, Path: parsers.folder}[kind]
