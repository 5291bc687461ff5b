"""What is packaged for hosts is judged, installed and started by the hosts' own tools; no account, nothing leaves the machine."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp import __version__
from publishing.bundle import pack
from publishing.docker import SOURCES
from publishing.plugin import EXTENSION, MARKETPLACE, PLUGIN
from publishing.project import PACKAGE, ROOT
from publishing.skill import NAME, SKILL
from tests.node.hosts.tools import needs_host_tools, programs
from tests.real_hosts.installed import Machine, machine, warm_uvx

pytestmark = needs_host_tools

ACCOUNT = {"ILETIMERKEZI_API_KEY": "a-key-of-the-test", "ILETIMERKEZI_API_HASH": "a-hash-of-the-test"}
PATIENT = {"MCP_TIMEOUT": "120000"}
"""The first start in a new folder builds the package."""


@pytest.fixture(scope="module")
def uv(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return warm_uvx(tmp_path_factory.mktemp("uv"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the repository that a host reads or the package is built from."""
    folder = tmp_path_factory.mktemp("checkout")
    for source in (*SOURCES, PLUGIN, MARKETPLACE, EXTENSION, SKILL.as_posix()):
        place = folder / source
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Machine:
    """A machine without uvx, for what starts nothing."""
    return machine(tmp_path, {"PATH": "/usr/bin:/bin"}, programs(tmp_path / "programs"))


@pytest.fixture
def starting(tmp_path: Path, uv: dict[str, str]) -> Machine:
    """A machine whose uvx takes everything from the wheels."""
    return machine(tmp_path, uv, programs(tmp_path / "programs"))


def spoilt(folder: Path, file: str, **members: Any) -> Path:
    """A folder with this file alone, in which some members are another value."""
    place = folder / "spoilt" / file
    place.parent.mkdir(parents=True)
    document = json.loads((ROOT / file).read_text(encoding="utf-8"))
    place.write_text(json.dumps(document | members), encoding="utf-8")
    return place


def test_claude_code_finds_nothing_wrong_with_plugin_and_marketplace(mine: Machine, checkout: Path) -> None:
    for file in (PLUGIN, MARKETPLACE):
        assert "Validation passed" in mine.run("claude", "plugin", "validate", "--strict", str(checkout / file))


def test_claude_code_would_say_what_is_wrong(mine: Machine, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="Unknown field 'nonsense'"):
        mine.run("claude", "plugin", "validate", "--strict", str(spoilt(tmp_path, PLUGIN, nonsense=1)))


def install_plugin(host: Machine, checkout: Path, *options: str) -> None:
    host.run("claude", "plugin", "marketplace", "add", str(checkout))
    host.run("claude", "plugin", "install", f"{NAME}@{PACKAGE}", *options)


def test_claude_code_installs_the_plugin_and_connects_to_its_server(starting: Machine, checkout: Path) -> None:
    install_plugin(starting, checkout)
    [plugin] = json.loads(starting.run("claude", "plugin", "list", "--json"))
    assert (plugin["id"], plugin["version"], plugin["enabled"]) == (f"{NAME}@{PACKAGE}", __version__, True)
    assert re.search(rf"Skills \(1\) +{NAME}\n", starting.run("claude", "plugin", "details", NAME))
    said = starting.run("claude", "mcp", "list", **PATIENT)
    assert re.search(rf"^plugin:{NAME}:iletimerkezi: uvx --from .* {PACKAGE} .*Connected$", said, re.MULTILINE), said
    # Of a form that nobody has filled in nothing reaches the server but what is empty or a default.
    assert "${" not in starting.started_with()
    assert "ILETIMERKEZI_API_KEY=\n" in starting.started_with()
    assert "ILETIMERKEZI_SANDBOX=false\n" in starting.started_with()


def test_claude_code_hands_on_the_form_and_its_own_environment_prevails(starting: Machine, checkout: Path) -> None:
    form = ("--config", "sandbox=true", "--config", "sender=FIRMAADI", "--config", "api_key=from-the-form")
    install_plugin(starting, checkout, *form)
    said = starting.run("claude", "mcp", "list", ILETIMERKEZI_SENDER="BASKA", **PATIENT)
    assert "Connected" in said, said
    for line in ("SANDBOX=true", "SENDER=BASKA", "API_KEY=from-the-form"):
        assert f"ILETIMERKEZI_{line}\n" in starting.started_with()


def test_gemini_finds_nothing_wrong_with_the_extension(mine: Machine, checkout: Path) -> None:
    assert "successfully validated" in mine.run("gemini", "extensions", "validate", str(checkout))


def test_gemini_would_say_what_is_wrong(mine: Machine, tmp_path: Path) -> None:
    folder = spoilt(tmp_path, EXTENSION, contextFileName="none.md").parent
    with pytest.raises(AssertionError, match=r"none\.md"):
        mine.run("gemini", "extensions", "validate", str(folder))


def test_gemini_installs_the_extension_and_connects_to_its_server(starting: Machine, checkout: Path) -> None:
    trusted = starting.project.parent / ".gemini" / "trustedFolders.json"
    folders = {str(folder): "TRUST_FOLDER" for folder in (starting.project, checkout)}
    trusted.write_text(json.dumps(folders), encoding="utf-8")
    starting.run("gemini", "extensions", "install", str(checkout), "--consent", "--skip-settings")
    said = starting.run("gemini", "extensions", "list", **PATIENT)
    assert f"{NAME} ({__version__})" in said
    for part in (r"Context files:\n.*SKILL\.md\n", r"MCP servers:\n +iletimerkezi\n", rf"Agent skills:\n +{NAME}: "):
        assert re.search(part, said), said
    said = starting.run("gemini", "mcp", "list", **ACCOUNT, ILETIMERKEZI_SANDBOX="1")
    assert re.search(rf"^\W*iletimerkezi \(from {NAME}\): uvx --from .*Connected$", said, re.MULTILINE), said
    for variable, value in (ACCOUNT | {"ILETIMERKEZI_SANDBOX": "1"}).items():
        assert f"{variable}={value}\n" in starting.started_with()
    assert "${" not in starting.started_with()


def test_the_desktop_hosts_tool_validates_and_packs_the_bundle(mine: Machine, tmp_path: Path) -> None:
    ours, theirs, bundle = tmp_path / "ours.mcpb", tmp_path / "theirs.mcpb", tmp_path / "bundle"
    pack(ours)
    with zipfile.ZipFile(ours) as archive:
        archive.extractall(bundle)
    said = mine.run("mcpb", "validate", str(bundle / "manifest.json"))
    assert "Manifest schema validation passes!" in said
    assert "Icon validation passed" in said
    assert f"{PACKAGE}@{__version__}" in mine.run("mcpb", "pack", str(bundle), str(theirs))
    assert "File: ours.mcpb" in mine.run("mcpb", "info", str(ours))
    with zipfile.ZipFile(ours) as packed, zipfile.ZipFile(theirs) as repacked:
        assert sorted(packed.namelist()) == sorted(repacked.namelist())
