"""A host's file read and replaced: at once or not at all, with its former content kept beside it."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.language import ExplainedError, Text

PRIVATE = 0o600
"""The mode of a file that holds a secret: only its owner reads it."""

_DEFAULT = 0o666
"""The mode of a new file before the umask."""

_CHANGED = Text(
    "another program changed it meanwhile. Run the same command again.",
    "başka bir program dosyayı bu sırada değiştirdi. Aynı komutu yeniden çalıştırın.",
)
_UNWRITABLE = Text("it cannot be written ({cause}).", "dosyaya yazılamıyor ({cause}).")
_UNREADABLE = Text(
    "{why}. Correct the file, or add the printed block by hand.",
    "{why}. Dosyayı düzeltin ya da yazdırılan bloğu elle ekleyin.",
)
_OCCUPIED = Text(
    "it holds something else at {place}, or writes it in a way that cannot be edited safely. Add the printed block by "
    "hand.",
    "{place} beklenenden farklı ya da güvenle düzenlenemeyecek biçimde yazılmış. Yazdırılan bloğu elle ekleyin.",
)


class HostFileError(ExplainedError):
    """The file cannot be read, edited or written, and stays as it was.

    `reason` follows the file's name and quotes nothing of its content.
    """


def unreadable(why: Text | str) -> HostFileError:
    """Return the error for a file that is not what the host itself would read. `why` is a clause."""
    return HostFileError(_UNREADABLE.format(why=why))


def occupied(place: str) -> HostFileError:
    """Return the error for a file that holds something else at `place`, where the block belongs."""
    return HostFileError(_OCCUPIED.format(place=place))


def member(document: Any, path: Sequence[str]) -> Any:
    """Return what `document` holds at `path`, through objects or tables only; None if there is nothing."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def content(path: Path) -> str | None:
    """Return the text of `path`, line endings as they are; None if there is no file. Raises :class:`.HostFileError`."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise unreadable(Text("it is not UTF-8", "UTF-8 değil")) from None
    except OSError as error:
        raise unreadable(_cause(error)) from None


def replace(path: Path, old: str | None, new: str, *, private: bool) -> Path | None:
    """Replace `old` in `path` by `new`, and return the backup that holds `old` (None if there was no file).

    A link stays one. File and backup keep the mode, less what others may do if it is `private`. Raises
    :class:`.HostFileError`, also if the file no longer holds `old`.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = None if old is None else stat.S_IMODE(target.stat().st_mode)
        _write(temporary, new, PRIVATE if private or mode is not None else _DEFAULT)
        try:
            if mode is not None:
                mode = mode & PRIVATE if private else mode
                temporary.chmod(mode)
            # As late as possible: hosts write their files too.
            if content(target) != old:
                raise HostFileError(_CHANGED)
            backup = None if old is None or mode is None else _back_up(target, old, mode)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except FileNotFoundError:
        raise HostFileError(_CHANGED) from None
    except OSError as error:
        raise HostFileError(_UNWRITABLE.format(cause=_cause(error))) from None
    return backup


def keep_private(path: Path) -> None:
    """Take the rights of everyone but the owner away from `path`. Raises :class:`.HostFileError`."""
    try:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & PRIVATE)
    except OSError as error:
        raise HostFileError(_UNWRITABLE.format(cause=_cause(error))) from None


def _back_up(target: Path, old: str, mode: int) -> Path:
    """Write `old` into a file beside `target`, under a name that is free, and return its path."""
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
    """Write a new file, so that it is on the disk when this returns."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb"
    ) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _cause(error: OSError) -> str:
    return error.strerror or type(error).__name__
