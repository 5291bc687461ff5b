"""How a setting that is a file or a folder is read."""

from __future__ import annotations

from pathlib import Path

from iletimerkezi_mcp.language import Text

from .model import SettingsError


def path(value: str) -> Path:
    """A path that can be looked at, with ``~`` expanded."""
    try:
        path = Path(value).expanduser()
        path.exists()
    except OSError as error:
        said = error.strerror
        raise SettingsError(Text(f"cannot be looked at ({said})", f"erişilemeyen bir yol ({said})")) from None
    except RuntimeError:
        raise SettingsError(
            Text(
                "begins with ~, and that user has no home folder; write the whole path",
                "~ ile başlıyor ama bu kullanıcının ev klasörü yok; yolun tamamını yazın",
            )
        ) from None
    return path


def file(value: str) -> Path:
    """A path that is not a folder."""
    found = path(value)
    if found.is_dir():
        raise SettingsError(Text("must be a file, and this is a folder", "bir dosya olmalı, bu ise bir klasör"))
    return found


def folder(value: str) -> Path:
    """A path that is not a file."""
    found = path(value)
    if found.exists() and not found.is_dir():
        raise SettingsError(Text("must be a folder, and this is a file", "bir klasör olmalı, bu ise bir dosya"))
    return found
