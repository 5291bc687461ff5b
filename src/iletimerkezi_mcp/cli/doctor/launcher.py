"""`uvx`, with which hosts start the server, and whether a host that was started from the desktop finds it.

Such a host does not have the shell's PATH, so a command that works in a terminal may not exist for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from iletimerkezi_mcp.language import Text

from .findings import Finding, Subject, fine, mind

DESKTOP: Mapping[str, tuple[str, ...]] = {
    "darwin": ("/usr/local/bin", "/opt/homebrew/bin", "/usr/bin", "/bin"),
    "linux": ("/usr/local/bin", "/usr/bin", "/bin", "/snap/bin"),
}
"""Where programs started from the desktop look. On Windows they have the PATH of a terminal."""

HOMELY = (".local/bin", ".cargo/bin", ".nix-profile/bin", "scoop/shims", "AppData/Local/Microsoft/WinGet/Links")
"""Where installers put uvx below the home folder: uv's own (the second is its former place), Nix, Scoop, WinGet."""

_WRITE_WHOLE = Text(
    "Write this whole path as the command in the host's configuration.",
    "İstemcinin yapılandırmasında komut olarak bu yolun tamamını yazın.",
)


def uvx_finding(environment: Mapping[str, str], platform: str, *, launched: bool) -> Finding:
    """Where uvx is. `platform` as in ``sys.platform``; `launched` where a host starts the server at all.

    Never wrong: a host may as well start the server by another command.
    """
    if not launched:
        return fine(Subject.UVX, Text("Not needed on the network.", "Ağ üzerinden sunumda gerekmez."))
    desktop = _search(environment) if platform == "win32" else DESKTOP.get(platform, DESKTOP["linux"])
    if (found := _look(desktop)) is not None:
        return fine(
            Subject.UVX, Text(f"{found}; hosts on the desktop find it.", f"{found}; masaüstü istemcileri bunu bulur.")
        )
    if (found := uvx_path(environment)) is not None:
        return mind(
            Subject.UVX,
            Text(
                f"{found} is where a host on the desktop may not look (“spawn uvx ENOENT”).",
                f"{found} konumuna masaüstü istemcileri bakmayabilir (“spawn uvx ENOENT”).",
            ),
            _WRITE_WHOLE,
        )
    return mind(
        Subject.UVX,
        Text("Not found in any of the usual places.", "Bilinen yerlerin hiçbirinde bulunamadı."),
        Text(
            "Install uv (docs.astral.sh/uv), or have the host start iletimerkezi-mcp by the whole path of its program.",
            "uv kurun (docs.astral.sh/uv) ya da istemcide komut olarak iletimerkezi-mcp programının tam yolunu yazın.",
        ),
    )


def uvx_path(environment: Mapping[str, str]) -> str | None:
    """Where uvx is for this user's shell, or where its installers put it."""
    return _look((*_search(environment), *_personal(environment)))


def _search(environment: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, environment.get("PATH", "").split(os.pathsep)))


def _personal(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The places of this user; what the variables of XDG and uv name comes first."""
    named = [environment[name] for name in ("UV_INSTALL_DIR", "XDG_BIN_HOME") if environment.get(name)]
    home = environment.get("HOME") or environment.get("USERPROFILE")
    return (*named, *(str(Path(home) / place) for place in HOMELY if home))


def _look(places: tuple[str, ...]) -> str | None:
    return shutil.which("uvx", path=os.pathsep.join(places)) if places else None
