"""What is known of a host: where its file is, how that is written, and how it comes by a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from iletimerkezi_mcp.language import Text

from .places import Place

Scope = Literal["user", "project"]
"""Whether a file is for everything its user does, or for one project and all who share it."""


class Format(Enum):
    """How a host's file is written."""

    JSON = "json"
    """JSON; comments and commas before a closing bracket are understood, and kept."""

    TOML = "toml"


class Handing(Enum):
    """How a host gives the server a secret that does not stand in the file."""

    EXPANDED = "expanded"
    """A reference in the file is replaced by the variable's value in the host's own environment."""

    ASKED = "asked"
    """The host asks the person for it, hidden, once, and keeps it."""

    FORWARDED = "forwarded"
    """The file names the variables of the host's own environment that are handed on."""

    WRITTEN = "written"
    """Not at all: the person writes it into the file. Until then it is empty, which is unset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One host. `id` is its name on the command line, `title` the name that people call it by.

    `project` is its file for one project, relative to the project's folder; None where it has none. The servers stand
    under `key`. `reference` is what the file says in place of a secret, with ``NAME`` where the variable stands.
    `typed` hosts want the transport named in an entry. `patience` are members of an entry without which the host gives
    up before a first start, which fetches the packages, is done. `afterwards` says what makes the host take the block up.
    `adds` is how the host's own command for adding a server goes, where it is a command line: ``NAME`` is the server,
    ``COMMAND`` the program, and the program's arguments follow.
    """

    id: str
    title: str
    user: Place
    project: str | None
    format: Format = Format.JSON
    key: str = "mcpServers"
    typed: bool = False
    patience: Mapping[str, int] = field(default_factory=dict)
    handing: Handing
    reference: str = ""
    afterwards: Text
    adds: tuple[str, ...] = ()

    def referring(self, variable: str) -> str:
        """What stands in the file in place of the value of `variable`."""
        return self.reference.replace("NAME", variable)
