"""The folder and the files of the ledger: private to their user, and complete or not there at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from .unavailable import NO_HOME, LedgerUnavailableError

NAME = "iletimerkezi-mcp"
LEDGER_FILE = "ledger.sqlite3"


def state_folder(environment: Mapping[str, str], platform: str) -> Path:
    """Return the folder for what this program keeps between its runs, without creating or reading anything.

    `platform` as in ``sys.platform``. Linux and other Unixes: ``XDG_STATE_HOME`` if it is an absolute path, else
    ``~/.local/state`` (XDG Base Directory Specification 0.8); macOS: ``~/Library/Application Support``; Windows:
    ``%LOCALAPPDATA%``. Raises :class:`LedgerUnavailableError` if the user has no home folder.
    """
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else _home(environment, "USERPROFILE") / "AppData" / "Local") / NAME
    if platform == "darwin":
        return _home(environment, "HOME") / "Library" / "Application Support" / NAME
    state = Path(environment.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else _home(environment, "HOME") / ".local" / "state") / NAME


def _home(environment: Mapping[str, str], variable: str) -> Path:
    home = environment.get(variable)
    if home:
        return Path(home)
    try:
        return Path.home()
    except RuntimeError:
        raise LedgerUnavailableError(NO_HOME) from None


def make_folder(folder: Path) -> None:
    """Create `folder`, and the one that it is in, for this user alone; leave existing ones as they are. Raises OSError."""
    for each in (folder.parent, folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)


def tighten(path: Path) -> None:
    """Take away other users' rights to the file `path`, if it is there; follow no symbolic link. Raises OSError."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(status.st_mode) and status.st_mode & 0o077:
        path.chmod(0o600)


def publish(target: Path, write: Callable[[Path], object]) -> None:
    """Put at `target` what `write` writes to an empty file of mode 0600, unless a file is there already.

    If several processes publish at once, one wins and all find its complete file afterwards; a process that is killed
    on the way leaves no incomplete file at `target`. `write` syncs its file to the disk itself. Raises OSError and
    what `write` raises.
    """
    draft = target.with_name(f"{target.name}.{secrets.token_hex(8)}.new")
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        write(draft)
        _put(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    _sync(target.parent)


def _put(draft: Path, target: Path) -> None:
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links: the name is taken first, so that no other process's file is replaced.
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return
        draft.replace(target)


def _sync(folder: Path) -> None:
    """Sync a new name in `folder` to the disk, if folders can be opened for that (not on Windows)."""
    flag = getattr(os, "O_DIRECTORY", None)
    if flag is None:
        return
    descriptor = os.open(folder, os.O_RDONLY | flag)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
