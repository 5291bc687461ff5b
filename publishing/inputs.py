"""Each setting as a form or a manifest asks for it: its kind, and its default if it has a fixed one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from iletimerkezi_mcp.settings import CREDENTIALS, SETTINGS, Setting
from iletimerkezi_mcp.settings.parsers import file

Kind = Literal["string", "number", "boolean", "file", "folder"]

TRANSPORT: Final = "transport"


@dataclass(frozen=True, slots=True)
class Input:
    """One setting as a form asks for it. No setting is required: the sandbox needs none."""

    setting: Setting

    @property
    def kind(self) -> Kind:
        """The kind of value that a form may take."""
        if self.setting.type is bool:
            return "boolean"
        # A number without a default may have a word for "no limit".
        if self.setting.type is int and self.default is not None:
            return "number"
        if self.setting.type is Path:
            return "file" if self.setting.parse is file else "folder"
        return "string"

    @property
    def choices(self) -> tuple[str, ...]:
        """The only values, or none if any text may be one."""
        return self.setting.choices

    @property
    def default(self) -> str | int | bool | None:
        """The default if it is one value; some depend on the machine or on another setting."""
        default = self.setting.default
        return default if self.setting.unset is None and isinstance(default, str | int) else None

    @property
    def description(self) -> str:
        """The help with a default that `default` cannot hold. Key and hash also say when they can be left out."""
        described = self.setting.description if self.default is None else self.setting.help
        return f"{described.en}; not needed in the sandbox" if self.setting.field in CREDENTIALS else described.en


INPUTS: Final = {setting.field: Input(setting) for setting in SETTINGS}
"""Every setting's input, by field, in the order of the table."""
