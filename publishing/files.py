"""Every published file: its path in the repository, and the function that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from . import bundle, docker, plugin
from .api import api_json
from .clients import client_files
from .documents import DOCUMENTS, LANGUAGES, document, path_of
from .glama import glama_json
from .hosts_page import HOSTS_PAGES, hosts_page
from .pages import TOOL_PAGES, TURKISH_PAGES, tool_page
from .project import ROOT
from .registry import server_json
from .skill import SKILL, skill_md
from .smithery import smithery_yaml
from .surface import tools_json

__all__ = ["PUBLISHED", "ROOT", "Published"]


@dataclass(frozen=True, slots=True)
class Published:
    """One file. `path` is relative to the checkout; `make` returns the whole text."""

    path: str
    make: Callable[[], str]

    @property
    def stale(self) -> bool:
        """True if the committed file is not what the code makes."""
        file = ROOT / self.path
        return not file.exists() or file.read_text(encoding="utf-8") != self.make()

    def write(self) -> None:
        """Write the file."""
        file = ROOT / self.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.make(), encoding="utf-8", newline="\n")


PUBLISHED: Final[tuple[Published, ...]] = (
    Published("manifests/tools.json", tools_json),
    Published("manifests/api.json", api_json),
    Published("server.json", server_json),
    Published("smithery.yaml", smithery_yaml),
    Published("glama.json", glama_json),
    Published("Dockerfile", docker.dockerfile),
    Published(".dockerignore", docker.dockerignore),
    Published(f"{bundle.FOLDER.as_posix()}/manifest.json", bundle.manifest_json),
    Published(f"{bundle.FOLDER.as_posix()}/pyproject.toml", bundle.pyproject_toml),
    Published(f"{bundle.FOLDER.as_posix()}/{bundle.ENTRY_POINT}", bundle.main_py),
    Published(f"{bundle.FOLDER.as_posix()}/{bundle.TURKISH}", bundle.turkish_json),
    Published(plugin.PLUGIN, plugin.plugin_json),
    Published(plugin.MARKETPLACE, plugin.marketplace_json),
    Published(plugin.EXTENSION, plugin.extension_json),
    Published(SKILL.as_posix(), skill_md),
    *(Published(path, make) for path, make in client_files()),
    *(Published(path, partial(hosts_page, language)) for language, path in HOSTS_PAGES.items()),
    *(
        Published(path_of(name, language), partial(document, name, language))
        for name in DOCUMENTS
        for language in LANGUAGES
    ),
    *(Published(path, partial(tool_page, path)) for path in (*TOOL_PAGES, *TURKISH_PAGES)),
)
"""Registries look for server.json, smithery.yaml, glama.json and the Dockerfile at the root and nowhere else, hosts for
.claude-plugin, gemini-extension.json and skills."""
