"""A host's file read and replaced: at once or not at all, with what it held kept beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from iletimerkezi_mcp.language import Text

from .errors import ChangedError, UnreadableError, UnwritableError

PRIVATE = 0o600
"""The mode of a file that holds a secret: nobody else reads it."""

_USUAL = 0o666
"""The mode of a new file before the umask."""


def content(path: Path) -> str | None:
    """What `path` holds, line endings as they are; None where there is no file. Raises :class:`.UnreadableError`."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise UnreadableError(path, Text("it is not UTF-8", "UTF-8 değil")) from None
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise UnreadableError(path, Text(said, said)) from None


def replace(path: Path, old: str | None, new: str, *, private: bool) -> Path | None:
    """Let `path` hold `new` instead of `old`, and return the backup that holds `old` (None where there was no file).

    A link stays one. The file keeps its mode, less what others may do where it is `private`. Raises
    :class:`.ChangedError` where it no longer holds `old`, and :class:`.UnwritableError`.
    """
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = None if old is None else stat.S_IMODE(target.stat().st_mode)
        _write(fresh, new, PRIVATE if private or mode is not None else _USUAL)
        try:
            if mode is not None:
                fresh.chmod(mode & PRIVATE if private else mode)
            # As late as can be: hosts write their files too.
            if content(target) != old:
                raise ChangedError(path)
            backup = None if old is None or mode is None else _backed_up(target, old, mode)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
    except FileNotFoundError:
        raise ChangedError(path) from None
    except OSError as error:
        raise UnwritableError(path, error) from None
    return backup


def keep_private(path: Path) -> None:
    """Take from `path` what others than its owner may do with it. Raises :class:`.UnwritableError`."""
    try:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & PRIVATE)
    except OSError as error:
        raise UnwritableError(path, error) from None


def _backed_up(target: Path, old: str, mode: int) -> Path:
    """A file beside `target` with `old` in it, under a name that is free."""
    number = 1
    while True:
        backup = target.with_name(f"{target.name}.bak{'' if number == 1 else number}")
        try:
            _write(backup, old, PRIVATE)
        except FileExistsError:
            number += 1
        else:
            backup.chmod(mode)
            return backup


def _write(path: Path, text: str, mode: int) -> None:
    """A new file, on the disk when this returns."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb"
    ) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
