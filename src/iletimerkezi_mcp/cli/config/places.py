"""Where a host keeps its file, on each platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import NoHomeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file of the user's, as people write it: ``~`` is the home folder, ``%APPDATA%`` Windows' folder of that name.

    ``~/.config`` on Linux is ``XDG_CONFIG_HOME`` where that is an absolute path (XDG Base Directory Specification 0.8).
    `moved` is the variable that moves the host's own folder, where it has one, and the file's path from there.
    """

    macos: str
    linux: str
    windows: str
    moved: tuple[str, str] | None = None

    def on(self, platform: str) -> str:
        """The path as people write it on `platform` (as in ``sys.platform``; unknown ones are as Linux)."""
        return {"darwin": self.macos, "win32": self.windows}.get(platform, self.linux)

    def path(self, environment: Mapping[str, str], platform: str) -> Path:
        """The file. Nothing is made or looked at. Raises :class:`.NoHomeError`."""
        written = self.on(platform)
        if self.moved is not None and (folder := environment.get(self.moved[0])):
            return Path(folder) / self.moved[1]
        base, _, rest = written.partition("/")
        if base == "%APPDATA%":
            roaming = environment.get("APPDATA")
            return (Path(roaming) if roaming else _home(environment, platform) / "AppData" / "Roaming") / rest
        configuration = Path(environment.get("XDG_CONFIG_HOME", ""))
        if platform not in ("darwin", "win32") and rest.startswith(".config/") and configuration.is_absolute():
            return configuration / rest.removeprefix(".config/")
        return _home(environment, platform) / rest


def everywhere(path: str, *, moved: tuple[str, str] | None = None) -> Place:
    """The same `path` on every platform."""
    return Place(macos=path, linux=path, windows=path, moved=moved)


def _home(environment: Mapping[str, str], platform: str) -> Path:
    if named := environment.get("USERPROFILE" if platform == "win32" else "HOME"):
        return Path(named)
    try:
        return Path.home()
    except RuntimeError:
        raise NoHomeError from None
