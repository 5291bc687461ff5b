"""The launch line with which a host starts this server, its flags, and the secrets that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from iletimerkezi_mcp import settings
from iletimerkezi_mcp.settings import SETTINGS

COMMAND: Final = "uvx"
"""The program that runs the package without an installation; it comes with uv."""

PACKAGE: Final = "iletimerkezi-mcp"
"""The package, and the program in it."""

CREDENTIALS: Final = tuple(setting for setting in SETTINGS if setting.field in settings.CREDENTIALS)
"""The settings without which the live provider answers nothing."""

Secrets = Mapping[str, str]
"""The credentials' values by variable."""

_FLAGS = {setting.field: setting.flag for setting in SETTINGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One way to start the server. The sandbox needs no credentials."""

    sandbox: bool = False
    read_only: bool = False

    @property
    def name(self) -> str:
        """The host's name for the server. The sandbox has its own, so that a host can have both."""
        return "iletimerkezi-sandbox" if self.sandbox else "iletimerkezi"

    @property
    def args(self) -> tuple[str, ...]:
        """The arguments of :data:`COMMAND`."""
        switches = {"sandbox": self.sandbox, "read_only": self.read_only}
        return (PACKAGE, *(str(_FLAGS[field]) for field, on in switches.items() if on))

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that have to hold a secret."""
        return () if self.sandbox else tuple(setting.variable for setting in CREDENTIALS)
