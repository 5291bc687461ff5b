"""The one folder that lists are read from and reports are written to, and the plain files in it.

A name never leads out of the folder: neither by ``..`` nor by a link. A file is read once and whole, so that what is
checked is what is used.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.escape import quoted

from .error import ListError

MAX_BYTES = 100 * 1024 * 1024
"""Bytes of a file."""

MAX_ENTRIES = 50
"""The most files that are listed."""

_ENDINGS = {".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_MAX_VISITED = 10_000
_MAX_NAME = 400
_NAME_SHOWN = 120

# Windows: offline, and what is fetched when it is opened or read (OneDrive). macOS: SF_DATALESS (iCloud).
_WINDOWS_ABSENT, _MAC_ABSENT = 0x1000 | 0x40000 | 0x400000, 0x40000000
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)

_CREATE_FLAGS = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the folder: its name relative to it, with slashes, its size in bytes and when it was last changed."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True)
class ListFile:
    """A file as it was read: the facts of its :class:`Entry`, its content, and the SHA-256 of that.

    `held_open` is True if a spreadsheet program has it open, so that it may show what is not saved yet.
    """

    name: str
    size: int
    modified: datetime
    held_open: bool
    content: bytes = field(repr=False)

    @cached_property
    def digest(self) -> bytes:
        """32 bytes that stand for the content."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True)
class ListFolder:
    """The folder. Its methods block; all that goes wrong is a :class:`ListError`."""

    path: Path

    def entries(self) -> tuple[list[Entry], int, int]:
        """Return the newest :data:`MAX_ENTRIES` files that can be lists, here and in folders within, newest first.

        With them come the number of such files, and of others. Hidden files and lock files are not counted.
        """
        self._look()
        found, others, visited = [], 0, 0
        for folder, folders, files in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            visited += len(folders) + len(files)
            for path in (Path(folder, name) for name in files[:_MAX_VISITED] if not _is_beside_others(name)):
                with suppress(OSError):
                    status = path.lstat()
                    if path.suffix.lower() not in _ENDINGS or not stat.S_ISREG(status.st_mode):
                        others += 1
                    else:
                        found.append(Entry(path.relative_to(self.path).as_posix(), status.st_size, _moment(status)))
            if visited > _MAX_VISITED:
                break
        found.sort(key=lambda entry: (entry.modified, entry.name), reverse=True)
        return found[:MAX_ENTRIES], len(found), others

    def open(self, name: str) -> ListFile:
        """Return the file of this name or relative path, read once."""
        parts, shown = self._parts(name), quoted(name, _NAME_SHOWN)
        try:
            path = self._find(parts, shown)
            before = _plain(path, shown)
            descriptor = os.open(path, _OPEN_FLAGS)
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(descriptor)
                if not os.path.samestat(before, status) or not self._holds(path):
                    raise ListError(_NOT_PLAIN.format(name=shown))
                content = file.read(MAX_BYTES + 1)
        except PermissionError as error:
            raise ListError(_NOT_ALLOWED.format(name=shown)) from error
        except OSError as error:
            raise ListError(_UNREADABLE.format(name=shown, error=error.strerror or "I/O")) from error
        if len(content) > MAX_BYTES:
            raise ListError(_TOO_BIG.format(name=shown, limit=MAX_BYTES // 1024**2))
        relative = path.relative_to(self.path).as_posix()
        return ListFile(relative, len(content), _moment(status), _is_held_open(path), content)

    def save(self, name: str, write: Callable[[BinaryIO], None]) -> Entry:
        """Have `write` write a new file of this name, and return its facts. It is complete or not there at all.

        It is private to its user, and never takes the place of another file: an existing name is an error.
        """
        parts, shown = self._parts(name), quoted(name, _NAME_SHOWN)
        target = self.path.joinpath(*parts)
        draft = target.with_name(f".{target.name[:80]}.{secrets.token_hex(8)}.part")
        try:
            if not self._holds(target.parent):
                raise ListError(_NOT_PLAIN.format(name=shown))
            if os.path.lexists(target):
                raise ListError(_EXISTS.format(name=shown))
            with os.fdopen(os.open(draft, _CREATE_FLAGS, 0o600), "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            # The name is taken first, so that no other file is replaced.
            os.close(os.open(target, _CREATE_FLAGS, 0o600))
            draft.replace(target)
            status = target.stat()
        except FileExistsError as error:
            raise ListError(_EXISTS.format(name=shown)) from error
        except OSError as error:
            raise ListError(_UNWRITABLE.format(name=shown, error=error.strerror or "I/O")) from error
        finally:
            with suppress(OSError):
                draft.unlink()
        return Entry(target.relative_to(self.path).as_posix(), status.st_size, _moment(status))

    def _look(self) -> None:
        if not (self.path.is_dir() and os.access(self.path, os.R_OK | os.X_OK)):
            raise ListError(_NO_FOLDER.format(folder=quoted(str(self.path), _NAME_SHOWN)))

    def _parts(self, name: str) -> list[str]:
        """Return the parts of a path within the folder; an absolute path may lead there, too."""
        written = name.strip()
        for folder in (self.path, self.path.resolve()):
            if Path(written).is_relative_to(folder):
                written = str(Path(written).relative_to(folder))
        parts = [part for part in re.split(r"[/\\]", written) if part not in ("", ".")]
        begins_above = (
            written.startswith(("/", "\\", "~/", "~\\")) or ".." in parts or (os.name == "nt" and ":" in written)
        )
        if begins_above or not parts or len(written) > _MAX_NAME or not written.isprintable():
            raise ListError(_OUTSIDE.format(name=quoted(name, _NAME_SHOWN)))
        if parts[-1].startswith(("~$", ".~lock.")):
            raise ListError(_LOCK_FILE.format(name=quoted(name, _NAME_SHOWN)))
        return parts

    def _find(self, parts: list[str], shown: str) -> Path:
        """Return the path of the file that the user means; names may differ in how their letters are composed (macOS)."""
        self._look()
        path = self.path
        for part in parts:
            folder, path = path, path / part
            if not os.path.lexists(path):
                if os.path.lexists(folder / f".{part}.icloud"):
                    raise ListError(_NOT_DOWNLOADED.format(name=shown))
                composed = unicodedata.normalize("NFC", part)
                others = folder.iterdir() if folder.is_dir() else ()
                path = next((other for other in others if unicodedata.normalize("NFC", other.name) == composed), path)
                if path.name == part:
                    raise ListError(_NO_FILE.format(name=shown))
            # Before the next part is looked at: nothing is told of what is behind a link.
            if path.is_symlink() or not self._holds(path):
                raise ListError(_NOT_PLAIN.format(name=shown))
        return path

    def _holds(self, path: Path) -> bool:
        """Return True if no link on the way to `path` leads elsewhere."""
        # Path.resolve raises an error for a link to itself.
        return Path(os.path.realpath(path)) == Path(os.path.realpath(self.path), path.relative_to(self.path))


def _plain(path: Path, shown: str) -> os.stat_result:
    """Return the status of a plain file that is there. Nothing is opened, for opening a device may do something."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise ListError(_NOT_PLAIN.format(name=shown))
    if getattr(status, "st_file_attributes", 0) & _WINDOWS_ABSENT or getattr(status, "st_flags", 0) & _MAC_ABSENT:
        raise ListError(_NOT_DOWNLOADED.format(name=shown))
    return status


def _is_beside_others(name: str) -> bool:
    """Return True for a hidden file, among them the lock files of LibreOffice, and for the lock file of Excel."""
    return name.startswith((".", "~$"))


def _is_held_open(path: Path) -> bool:
    """Return True if the lock file of Excel or LibreOffice lies beside the file."""
    return any(os.path.lexists(path.with_name(name)) for name in (f"~${path.name}", f".~lock.{path.name}#"))


def _moment(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(status.st_mtime, ISTANBUL)


_NO_FOLDER = Text(
    "The folder {folder} (ILETIMERKEZI_FILES_DIR) cannot be read.",
    "{folder} klasörü (ILETIMERKEZI_FILES_DIR) okunamıyor.",
)
_OUTSIDE = Text(
    "{name} is not the name of a file in the folder of ILETIMERKEZI_FILES_DIR; give a name within it. open_list shows what is there.",
    "{name}, ILETIMERKEZI_FILES_DIR klasöründe bir dosyanın adı değil; klasörün içinde bir ad verin. Olanları open_list gösterir.",
)
_NO_FILE = Text(
    "There is no file {name} in the folder; open_list without file shows what there is.",
    "Klasörde {name} adlı bir dosya yok; file verilmezse open_list dosyaları gösterir.",
)
_NOT_PLAIN = Text(
    "{name} is not a plain file of the folder but a link, a device or a folder; it is not opened.",
    "{name} klasörün sıradan bir dosyası değil; bağlantı, aygıt ya da klasör, açılmaz.",
)
_LOCK_FILE = Text(
    "{name} is only the mark that a program has a file open; name the file itself.",
    "{name} yalnızca bir programın dosyayı açık tuttuğunu gösteren işarettir; dosyanın kendi adını verin.",
)
_NOT_DOWNLOADED = Text(
    "{name} is in the cloud and not on this computer yet; open it once, or have it always kept on this device.",
    "{name} bulutta duruyor, henüz bu bilgisayara indirilmemiş; bir kez açın ya da hep bu cihazda tutulmasını sağlayın.",
)
_TOO_BIG = Text(
    "{name} is larger than {limit} MB, which is the limit; split it.",
    "{name} {limit} MB sınırından büyük; dosyayı bölün.",
)
_NOT_ALLOWED = Text(
    "{name} cannot be opened: another program holds it, or this program may not read it. Close it there (Excel) and try again.",
    "{name} açılamıyor: başka bir program tutuyor ya da bu programın okuma izni yok. Orada (Excel) kapatıp yeniden deneyin.",
)
_UNREADABLE = Text("{name} cannot be read ({error}).", "{name} okunamıyor ({error}).")
_EXISTS = Text(
    "A file {name} exists already and is never overwritten; choose another name.",
    "{name} adlı bir dosya zaten var, üzerine yazılmaz; başka bir ad seçin.",
)
_UNWRITABLE = Text("{name} cannot be written ({error}).", "{name} yazılamıyor ({error}).")
