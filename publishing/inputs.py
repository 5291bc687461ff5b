"""What a form or a manifest has to know of a setting beyond its help: its kind, its choices, its default.

All of it stands in the types and defaults of :class:`.Settings` already, and is read from there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from iletimerkezi_mcp.settings import CREDENTIALS, SETTINGS, Setting, Settings
from iletimerkezi_mcp.settings.places import file

Kind = Literal["string", "number", "boolean", "file", "folder"]

TRANSPORT: Final = "transport"

_FOLLOWS_THE_MACHINE: Final = frozenset({"language"})
"""The fields whose unset value is worked out at the start, whatever the default in :class:`.Settings`."""

_HINTS: Final = get_type_hints(Settings)
_DEFAULTS: Final = {field.name: field.default for field in fields(Settings)}


@dataclass(frozen=True, slots=True)
class Input:
    """One setting as somebody is asked for it. No setting is required: the sandbox needs none."""

    setting: Setting
    kind: Kind
    choices: tuple[str, ...]
    default: str | int | bool | None

    @property
    def description(self) -> str:
        """The help, which for key and hash also says when they can be left out."""
        told = self.setting.help.en
        return f"{told}; not needed in the sandbox" if self.setting.field in CREDENTIALS else told


def _input(setting: Setting) -> Input:
    hint = _HINTS[setting.field]
    default = None if setting.field in _FOLLOWS_THE_MACHINE else _DEFAULTS[setting.field]
    return Input(
        setting,
        _kind(setting, hint),
        _choices(hint),
        default if isinstance(default, str | int) else None,
    )


def _kind(setting: Setting, hint: Any) -> Kind:
    if hint is bool:
        return "boolean"
    # An optional number may have a word for "no limit".
    if hint is int:
        return "number"
    if Path in get_args(hint):
        return "file" if setting.parse is file else "folder"
    return "string"


def _choices(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return get_args(hint)
    for part in get_args(hint):
        if part is not NoneType and isinstance(part, type) and issubclass(part, Enum):
            return tuple(member.value for member in part)
    return ()


INPUTS: Final = {setting.field: _input(setting) for setting in SETTINGS}
"""Every setting's input, by field, in the order of the table."""
