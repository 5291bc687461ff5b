"""The record of a host, i.e. an MCP application: its file, the language of that, and the source of its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from iletimerkezi_mcp.language import Text

from .errors import NoHomeError


class Format(Enum):
    """The language of a host's file."""

    JSON = "json"
    """JSON; comments and commas before a closing bracket are understood, and kept."""

    TOML = "toml"


class SecretSource(Enum):
    """The source of a secret that is not in the host's file."""

    REFERENCE = "reference"
    """A reference in the file is replaced by the variable's value in the host's own environment."""

    PROMPT = "prompt"
    """The host asks the person for it, hidden, once, and keeps it."""

    FORWARDING = "forwarding"
    """The file names the variables of the host's own environment that are passed on."""

    NONE = "none"
    """There is none: the person writes the secret into the file. Until then it is empty, which is unset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file of the user's, as people write it: ``~`` is the home folder, ``%APPDATA%`` Windows' folder of that name.

    ``~/.config`` on Linux is ``XDG_CONFIG_HOME`` if that is an absolute path (XDG Base Directory Specification 0.8).
    `moved` is the variable that moves the host's own folder, if it has one, and the file's path from there.
    """

    macos: str
    linux: str
    windows: str
    moved: tuple[str, str] | None = None

    def on(self, platform: str) -> str:
        """Return the path as people write it on `platform` (as in ``sys.platform``; unknown ones are as Linux)."""
        return {"darwin": self.macos, "win32": self.windows}.get(platform, self.linux)

    def path(self, environment: Mapping[str, str], platform: str) -> Path:
        """Return the file's path, without a look at the disk. Raises :class:`.NoHomeError`."""
        if self.moved is not None and (folder := environment.get(self.moved[0])):
            return Path(folder) / self.moved[1]
        base, _, rest = self.on(platform).partition("/")
        if base == "%APPDATA%":
            roaming = environment.get("APPDATA")
            return (Path(roaming) if roaming else _home(environment, platform) / "AppData" / "Roaming") / rest
        configuration = Path(environment.get("XDG_CONFIG_HOME", ""))
        if platform not in ("darwin", "win32") and rest.startswith(".config/") and configuration.is_absolute():
            return configuration / rest.removeprefix(".config/")
        return _home(environment, platform) / rest


def everywhere(path: str, *, moved: tuple[str, str] | None = None) -> Place:
    """Return the place that has the same `path` on every platform."""
    return Place(macos=path, linux=path, windows=path, moved=moved)


def _home(environment: Mapping[str, str], platform: str) -> Path:
    if folder := environment.get("USERPROFILE" if platform == "win32" else "HOME"):
        return Path(folder)
    try:
        return Path.home()
    except RuntimeError:
        raise NoHomeError from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One MCP application. `id` is its name on the command line, `title` the name that people call it by.

    `project_file` is its file for one project, relative to the project's folder; None if it has none. The servers are
    the members of `key`. `reference` is what the file says in place of a secret, with ``NAME`` for the variable.
    `typed` hosts want the transport named in an entry. `timeouts` are members of an entry without which the host gives
    up before a first start, which fetches the packages, is done. `next_step` says what makes the host use the block.
    `add_command` is the host's own command for adding a server, if the host is a command line: ``NAME`` is the server,
    ``COMMAND`` the program, and the program's arguments follow.
    """

    id: str
    title: str
    user_file: Place
    project_file: str | None
    format: Format = Format.JSON
    key: str = "mcpServers"
    typed: bool = False
    timeouts: Mapping[str, int] = field(default_factory=dict)
    secret_source: SecretSource
    reference: str = ""
    next_step: Text
    add_command: tuple[str, ...] = ()

    def reference_to(self, variable: str) -> str:
        """Return what the file says in place of the value of `variable`."""
        return self.reference.replace("NAME", variable)
