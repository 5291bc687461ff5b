"""Every published file: where it stands in the repository, and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from . import bundle, docker
from .api import api_json
from .clients import CLIENTS
from .glama import glama_json
from .pages import TOOL_PAGES, index_page, tool_page
from .project import ROOT
from .readme import READMES, readme
from .registry import server_json
from .smithery import smithery_yaml
from .surface import listed_json, tools_json

__all__ = ["PUBLISHED", "ROOT", "Published"]


@dataclass(frozen=True, slots=True)
class Published:
    """One file. `path` is relative to the checkout; `make` gives the whole of its text."""

    path: str
    make: Callable[[], str]

    @property
    def stale(self) -> bool:
        """Whether the committed file is not what the code makes of it."""
        file = ROOT / self.path
        return not file.exists() or file.read_text(encoding="utf-8") != self.make()

    def write(self) -> None:
        """Write the file."""
        file = ROOT / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.make(), encoding="utf-8", newline="\n")


_AT_THE_ROOT: Final = (
    Published("server.json", server_json),
    Published("smithery.yaml", smithery_yaml),
    Published("glama.json", glama_json),
    Published("Dockerfile", docker.dockerfile),
)
"""What a registry looks for at the root and nowhere else; it stands among the others too."""

PUBLISHED: Final[tuple[Published, ...]] = (
    # First, for the server that the others ask reads it.
    Published("src/iletimerkezi_mcp/tools/listed.json", listed_json),
    Published("manifests/tools.json", tools_json),
    Published("manifests/api.json", api_json),
    *_AT_THE_ROOT,
    *(Published(f"manifests/{file.path}", file.make) for file in _AT_THE_ROOT),
    Published(".dockerignore", docker.dockerignore),
    Published(f"{bundle.FOLDER.as_posix()}/manifest.json", bundle.manifest_json),
    Published(f"{bundle.FOLDER.as_posix()}/pyproject.toml", bundle.pyproject_toml),
    Published(f"{bundle.FOLDER.as_posix()}/{bundle.ENTRY_POINT}", bundle.main_py),
    *(Published(path, make) for path, make in CLIENTS),
    Published("docs/tools/README.md", index_page),
    *(Published(path, partial(readme, language)) for language, path in READMES.items()),
    *(Published(path, partial(tool_page, page)) for path, page in TOOL_PAGES.items()),
)
