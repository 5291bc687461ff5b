"""Where the ledger lives on this platform."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .unavailable import LedgerUnavailableError, no_home

NAME = "iletimerkezi-mcp"


def state_folder(environment: Mapping[str, str], platform: str) -> Path:
    """The folder for what this program keeps between its runs. Nothing is made or looked at.

    `platform` as in ``sys.platform``. Linux and other Unixes: ``XDG_STATE_HOME``, where it is an absolute
    path, else ``~/.local/state`` (XDG Base Directory Specification 0.8); macOS: ``~/Library/Application
    Support``; Windows: ``%LOCALAPPDATA%``. Raises :class:`LedgerUnavailableError` where the user has no home.
    """
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else _home(environment, "USERPROFILE") / "AppData" / "Local") / NAME
    if platform == "darwin":
        return _home(environment, "HOME") / "Library" / "Application Support" / NAME
    state = Path(environment.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else _home(environment, "HOME") / ".local" / "state") / NAME


def _home(environment: Mapping[str, str], variable: str) -> Path:
    named = environment.get(variable)
    if named:
        return Path(named)
    try:
        return Path.home()
    except RuntimeError:
        raise LedgerUnavailableError(no_home()) from None
