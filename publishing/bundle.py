"""The one-click desktop bundle: an MCPB archive, manifest 0.4, whose server is of type ``uv``.

The archive holds the package's source and a ``pyproject.toml`` that names its dependencies; the host's uv brings
Python and those when the server first starts. ``python -m publishing.bundle OUT.mcpb`` packs it.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from iletimerkezi_mcp.server.build import TITLE
from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS

from .forms import ASKED, form
from .inputs import INPUTS
from .project import (
    DEPENDENCIES,
    DESCRIPTION,
    DESCRIPTION_TR,
    KEYWORDS,
    LICENSE,
    OWNER,
    PACKAGE,
    REPOSITORY,
    REQUIRES_PYTHON,
    ROOT,
    VERSION,
)

FOLDER: Final = Path("manifests/mcpb")
"""The folder of the bundle's own files; the package's source joins them in the archive only."""

ENTRY_POINT: Final = "src/main.py"

ICON: Final = "icon.png"

TURKISH: Final = "mcpb-resources/tr.json"
"""What a host shows in place of the manifest's own words to a person who reads Turkish; forms have no translation."""

_LICENSED: Final = ("LICENSE", "README.md")

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive, the earliest that a zip can hold: equal sources make equal bytes."""


def manifest_json() -> str:
    """Return the bundle's manifest, after the published schema, which wants `mcp_config` for every type of server."""
    return json.dumps(_manifest(), ensure_ascii=False, indent=2) + "\n"


def turkish_json() -> str:
    """Return the manifest's words in Turkish, in the manifest's own shape."""
    tools = [{"name": tool.name, "description": tool.summary.tr} for tool in (*TOOLS, *LIST_TOOLS)]
    document = {"display_name": TITLE, "description": DESCRIPTION_TR, "tools": tools}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def pyproject_toml() -> str:
    """Return what uv reads: the dependencies. Without a build system nothing else is fetched."""
    dependencies = "".join(f"    {json.dumps(dependency)},\n" for dependency in DEPENDENCIES)
    return f"""\
[project]
name = {json.dumps(PACKAGE)}
version = {json.dumps(VERSION)}
requires-python = {json.dumps(REQUIRES_PYTHON)}
dependencies = [
{dependencies}]

[tool.uv]
package = false
"""


def main_py() -> str:
    """Return the entry point of the server."""
    return '''\
"""Starts the server; the package is beside this file."""

import sys

from iletimerkezi_mcp.cli import main

sys.exit(main())
'''


def pack(out: Path) -> None:
    """Write the archive to `out`: a host needs only this file and its uv."""
    with zipfile.ZipFile(out, "w") as archive:
        for name, file in _contents():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())


def _contents() -> Iterator[tuple[str, Path]]:
    """Yield each file's name in the archive and its place in the checkout; the manifest comes first."""
    for name in ("manifest.json", "pyproject.toml", ENTRY_POINT, ICON, TURKISH):
        yield name, ROOT / FOLDER / name
    for name in _LICENSED:
        yield name, ROOT / name
    for file in sorted((ROOT / "src" / "iletimerkezi_mcp").rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(ROOT).as_posix(), file


def _manifest() -> dict[str, Any]:
    return {
        "manifest_version": "0.4",
        "name": PACKAGE,
        "display_name": TITLE,
        "version": VERSION,
        "description": DESCRIPTION,
        "author": {"name": OWNER, "url": f"https://github.com/{OWNER}"},
        "repository": {"type": "git", "url": f"{REPOSITORY}.git"},
        "homepage": REPOSITORY,
        "documentation": f"{REPOSITORY}#readme",
        "support": f"{REPOSITORY}/issues",
        "icon": ICON,
        "localization": {"resources": "mcpb-resources/${locale}.json", "default_locale": "en"},
        "server": {
            "type": "uv",
            "entry_point": ENTRY_POINT,
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--directory", "${__dirname}", ENTRY_POINT],
                "env": {INPUTS[field].setting.variable: f"${{user_config.{field}}}" for field in ASKED},
            },
        },
        "tools": [
            {"name": tool.name, "description": _first_sentence(tool.description)} for tool in (*TOOLS, *LIST_TOOLS)
        ],
        # The manifest would have a fixed text for each prompt; ours are written when they are asked for.
        "prompts_generated": True,
        "keywords": KEYWORDS,
        "license": LICENSE,
        "privacy_policies": [f"{REPOSITORY}/blob/main/docs/privacy.md"],
        "compatibility": {"platforms": ["darwin", "win32", "linux"], "runtimes": {"python": REQUIRES_PYTHON}},
        "user_config": form(ASKED),
    }


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".") + "."


if __name__ == "__main__":
    match sys.argv[1:]:
        case [out]:
            pack(Path(out))
        case _:
            sys.exit("usage: python -m publishing.bundle OUT.mcpb")
