"""Files that belong to one user alone, and that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make `folder` for this user alone where there is none; one that exists is left as it is. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def tighten(path: Path) -> None:
    """Take from others what rights they have to `path`. Raises OSError."""
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def publish(target: Path, write: Callable[[Path], object]) -> None:
    """Put at `target` what `write` writes to an empty file of mode 0600, unless something is there already.

    Of several processes that publish at once one wins, and all find its whole file afterwards; one that
    is killed on the way leaves no half file at `target`. `write` brings its file to the disk itself.
    Raises OSError and what `write` raises.
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
        # A file system without hard links: the name is taken first, so that nobody's file is replaced.
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return
        draft.replace(target)


def _sync(folder: Path) -> None:
    """Bring a new name in `folder` to the disk, where folders can be opened for that (not on Windows)."""
    flag = getattr(os, "O_DIRECTORY", None)
    if flag is None:
        return
    descriptor = os.open(folder, os.O_RDONLY | flag)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
