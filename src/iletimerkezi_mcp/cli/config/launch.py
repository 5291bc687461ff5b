"""The way to the server that a host has to be given: the words that start what runs now, or the URL of a remote one."""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from iletimerkezi_mcp.cli.doctor.launcher import runs_from_uvx, uvx_path
from iletimerkezi_mcp.cli.usage import UsageError
from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.settings import SettingsError
from iletimerkezi_mcp.settings.addresses import origin

from .entry import LAUNCH_LINE, PACKAGE

_NO_UVX = Text(
    "the block would start with uvx, which was not found. Install uv (docs.astral.sh/uv) and run the same command again.",
    "blok uvx ile başlayacaktı ama uvx bulunamadı. uv kurup (docs.astral.sh/uv) aynı komutu yeniden çalıştırın.",
)
_NO_SOURCE = Text(
    "the block would start {source}, which is no longer there. Run uvx --from with a path that exists.",
    "blok {source} kaynağını başlatacaktı ama o artık yok. uvx --from komutunu var olan bir yolla çalıştırın.",
)
_NOT_EXECUTABLE = Text(
    "the block would start {program}, which may not be executed. Correct its mode, or install the package again.",
    "blok {program} programını başlatacaktı ama onun çalıştırma izni yok. İznini düzeltin ya da paketi yeniden kurun.",
)
_NOT_A_SERVER = Text(
    "--url takes the address of a server, such as https://im.example.com/mcp: https (http on loopback only), without a "
    "user name, a password or a query.",
    "--url, https://im.example.com/mcp gibi bir sunucu adresi alır: https (http yalnızca loopback'te); kullanıcı adı, "
    "parola ve sorgu içermez.",
)
_PATH = re.compile(r"[\w/.~%-]*", re.ASCII)


class NoStartError(ExplainedError):
    """A host could not start the server with the block. `reason` says what to do."""


def own_program(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words with which a host starts what runs now. Raises :class:`NoStartError`.

    They are the program of this environment, by its whole path. If that is in uv's cache, what uvx was run with is named in
    its place.
    """
    if not runs_from_uvx():
        return _installed()
    if uvx_path(environment) is None:
        raise NoStartError(_NO_UVX)
    source = _source()
    return LAUNCH_LINE if source is None else ("uvx", "--from", source, PACKAGE)


def _installed() -> tuple[str, ...]:
    program = Path(sysconfig.get_path("scripts"), f"{PACKAGE}.exe" if os.name == "nt" else PACKAGE)
    if not program.is_file():
        return (sys.executable, "-m", "iletimerkezi_mcp")
    if not os.access(program, os.X_OK):
        raise NoStartError(_NOT_EXECUTABLE.format(program=str(program)))
    return (str(program),)


def _source() -> str | None:
    """Return what the package was installed from (PEP 610), as ``uvx --from`` takes it; None for an index."""
    recorded = distribution(PACKAGE).read_text("direct_url.json")
    if recorded is None:
        return None
    source = json.loads(recorded)
    url: str = source["url"]
    if "vcs_info" in source:
        version = source["vcs_info"]
        return f"{version['vcs']}+{url}@{version.get('requested_revision') or version['commit_id']}"
    if not url.startswith("file:"):
        return url
    path = Path(url2pathname(urlsplit(url).path))
    if not path.exists():
        raise NoStartError(_NO_SOURCE.format(source=str(path)))
    return str(path)


def remote_url(value: str) -> str:
    """Return the URL of a server that a token may travel to: HTTPS, or this machine. Raises :class:`.UsageError`."""
    try:
        parts = urlsplit(value)
        address = origin(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, SettingsError):
        raise UsageError(_NOT_A_SERVER) from None
    if parts.query or parts.fragment or not _PATH.fullmatch(parts.path):
        raise UsageError(_NOT_A_SERVER)
    return address + parts.path
