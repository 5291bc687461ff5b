"""`uvx`, the program that hosts start the server with, as a host that was started from the desktop finds it.

Such a host does not have the shell's PATH, so a command that works in a terminal may not exist for it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from iletimerkezi_mcp.language import Text

from .report import Finding, Subject

DESKTOP: Mapping[str, tuple[str, ...]] = {
    "darwin": ("/usr/local/bin", "/opt/homebrew/bin", "/usr/bin", "/bin"),
    "linux": ("/usr/local/bin", "/usr/bin", "/bin", "/snap/bin"),
}
"""The folders that programs started from the desktop look in. On Windows they have the PATH of a terminal."""

BELOW_HOME = (".local/bin", ".cargo/bin", ".nix-profile/bin", "scoop/shims", "AppData/Local/Microsoft/WinGet/Links")
"""The folders below the home folder that installers put uvx in: uv's own (the second is its former place), Nix, Scoop, WinGet."""


def runs_from_uvx() -> bool:
    """Return True if this environment is one in uv's cache, which may be gone tomorrow."""
    return any((folder / "CACHEDIR.TAG").is_file() for folder in Path(sys.prefix).parents)


def uvx_finding(environment: Mapping[str, str], platform: str, *, launched: bool) -> Finding:
    """Find uvx. `platform` as in ``sys.platform``; `launched` if a host starts the server at all.

    Never wrong: a host may as well start the server by another command.
    """
    if launched and not runs_from_uvx():
        summary = Text(
            "Not needed: the block that config writes starts this program by its whole path.",
            "Gerekmez: config komutunun yazdığı blok bu programı tam yoluyla başlatır.",
        )
        return Finding(Subject.UVX, "ok", summary)
    if not launched:
        return Finding(Subject.UVX, "ok", Text("Not needed on the network.", "Ağ üzerinden sunumda gerekmez."))
    desktop = _search_path(environment) if platform == "win32" else DESKTOP.get(platform, DESKTOP["linux"])
    if (path := _look_in(desktop)) is not None:
        summary = Text("{path}; hosts on the desktop find it.", "{path}; masaüstü istemcileri bunu bulur.")
        return Finding(Subject.UVX, "ok", summary.format(path=path))
    if (path := uvx_path(environment)) is not None:
        summary = Text(
            "{path} is in a folder where a host on the desktop may not look (“spawn uvx ENOENT”).",
            "{path} konumuna masaüstü istemcileri bakmayabilir (“spawn uvx ENOENT”).",
        )
        next_step = Text(
            "Write this whole path as the command in the host's configuration.",
            "İstemcinin yapılandırmasında komut olarak bu yolun tamamını yazın.",
        )
        return Finding(Subject.UVX, "warning", summary.format(path=path), next_step)
    summary = Text("Not found in any of the usual places.", "Bilinen yerlerin hiçbirinde bulunamadı.")
    next_step = Text("Install uv (docs.astral.sh/uv).", "uv kurun (docs.astral.sh/uv).")
    return Finding(Subject.UVX, "warning", summary, next_step)


def uvx_path(environment: Mapping[str, str]) -> str | None:
    """Return where uvx is for this user's shell, or where its installers put it."""
    return _look_in((*_search_path(environment), *_home_folders(environment)))


def _search_path(environment: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, environment.get("PATH", "").split(os.pathsep)))


def _home_folders(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the places of this user; those that the variables of XDG and uv name come first."""
    from_variables = [environment[name] for name in ("UV_INSTALL_DIR", "XDG_BIN_HOME") if environment.get(name)]
    home = environment.get("HOME") or environment.get("USERPROFILE")
    return (*from_variables, *(str(Path(home) / place) for place in BELOW_HOME if home))


def _look_in(folders: tuple[str, ...]) -> str | None:
    return shutil.which("uvx", path=os.pathsep.join(folders)) if folders else None
