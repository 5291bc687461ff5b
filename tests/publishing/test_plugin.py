"""The plugin and the extension: one version, one form, and a command that starts the server from the folder they are in."""

from __future__ import annotations

import json
import shutil
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.settings import CREDENTIALS, SETTINGS
from publishing.docker import SOURCES
from publishing.forms import ASKED_FIRST
from publishing.plugin import EXTENSION, MARKETPLACE, PLUGIN, extension_json, plugin_json
from publishing.project import PACKAGE, ROOT
from publishing.skill import NAME, SKILL
from tests.publishing.launched import ALL_TOOLS, launched
from tests.publishing.published import committed
from tests.wheelhouse.uvx import uv_environment, wheelhouse

FOLDERS = {"CLAUDE_PLUGIN_ROOT": plugin_json, "extensionPath": extension_json}
"""The variable in which a host gives the folder, and its manifest."""

SERVERS = {PLUGIN: "CLAUDE_PLUGIN_ROOT", EXTENSION: "extensionPath"}


def server(manifest: dict[str, Any]) -> dict[str, Any]:
    """The only server of a manifest."""
    [mine] = manifest["mcpServers"].values()
    assert isinstance(mine, dict)
    return mine


def test_the_manifests_name_this_version_and_the_marketplace_its_own_folder() -> None:
    plugin, marketplace, extension = (committed(path) for path in (PLUGIN, MARKETPLACE, EXTENSION))
    assert (plugin["version"], extension["version"]) == (__version__, __version__)
    [listed] = marketplace["plugins"]
    assert (plugin["name"], extension["name"], listed["name"], listed["source"]) == (NAME, NAME, NAME, "./")
    assert (ROOT / extension["contextFileName"]) == ROOT / SKILL


@pytest.mark.parametrize("page", ["docs/packages.md", "docs/packages.tr.md"])
def test_the_documents_name_plugin_and_extension_as_they_are_called(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for part in (
        f"install {NAME}@{PACKAGE} --config sandbox=true\n",
        f"configure {NAME}@{PACKAGE}`",
        f"config {NAME}`",
    ):
        assert part in text


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_command_is_the_folders_until_there_is_a_release(folder: str) -> None:
    make = FOLDERS[folder]
    before, after = (server(json.loads(make(released=released))) for released in (False, True))
    assert (before["command"], before["args"]) == ("uvx", ["--from", f"${{{folder}}}", PACKAGE])
    assert (after["command"], after["args"]) == ("uvx", [PACKAGE])
    assert {**before, "args": None} == {**after, "args": None}


def test_both_ask_for_the_same_few_settings_and_hide_the_secrets() -> None:
    settings = {setting.field: setting for setting in SETTINGS}
    form, asked = committed(PLUGIN)["userConfig"], committed(EXTENSION)["settings"]
    assert list(form) == list(ASKED_FIRST)
    assert [field["envVar"] for field in asked] == [settings[name].variable for name in ASKED_FIRST]
    assert [field["name"] for field in asked] == [option["title"] for option in form.values()]
    assert {name for name, option in form.items() if option.get("sensitive")} == set(CREDENTIALS)
    assert [field["envVar"] for field in asked if field.get("sensitive")] == [
        settings[name].variable for name in CREDENTIALS
    ]


def copied(folder: Path) -> None:
    """Copy to `folder` what the package is built from."""
    for source in SOURCES:
        place = folder / source
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, place)


def mark(folder: Path, mark: str) -> str:
    """Give the package in `folder` a version of its own, and return that."""
    file, version = folder / "src/iletimerkezi_mcp/__init__.py", f"{__version__}+{mark}"
    text = (ROOT / "src/iletimerkezi_mcp/__init__.py").read_text(encoding="utf-8")
    file.write_text(text.replace(__version__, version), encoding="utf-8")
    return version


async def test_each_command_starts_what_is_in_the_folder_now(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    copied(folder)
    uv = uv_environment(wheelhouse(), tmp_path)
    sandbox = {"ILETIMERKEZI_SANDBOX": "1", "ILETIMERKEZI_STATE_DIR": str(tmp_path / "state")}
    uvx = Path(sysconfig.get_path("scripts")) / "uvx"
    # The second is a later version in the same folder, as after `git pull`: nothing of the first is kept.
    for path, variable in SERVERS.items():
        version = mark(folder, variable.lower().replace("_", "."))
        words = server(committed(path))["args"]
        arguments = [word.replace(f"${{{variable}}}", str(folder)) for word in words]
        started = await launched([str(uvx), *arguments], {**uv, **sandbox}, tmp_path)
        assert (started.version, started.tools) == (version, ALL_TOOLS)
