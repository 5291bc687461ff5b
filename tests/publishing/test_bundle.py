"""The desktop bundle: its manifest is valid, its archive complete, and it starts as a host starts it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.settings import SETTINGS, SettingsError, load_settings
from publishing.bundle import pack
from publishing.files import ROOT
from publishing.forms import ASKED
from tests.publishing.launched import ALL_TOOLS, LIST_TOOL_NAMES, launched
from tests.publishing.published import committed, problems

MANIFEST: dict[str, Any] = committed("manifests/mcpb/manifest.json")
SCHEMA = "mcpb-manifest-v0.4.schema.json"


def packed(folder: Path) -> Path:
    """The bundle, packed and then unpacked as by its host."""
    out = folder / "out.mcpb"
    pack(out)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(folder / "bundle")
    return folder / "bundle"


def substituted(bundle: Path, filled_in: Mapping[str, object]) -> tuple[list[str], dict[str, str]]:
    """The command and the environment that a host makes of the manifest and of what a person has filled in.

    A placeholder that has neither a value nor a default stays as it is, as in the public tool's own code.
    """
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    values = {"__dirname": str(bundle)}
    for name, option in manifest["user_config"].items():
        if (value := filled_in.get(name, option.get("default"))) is not None:
            values[f"user_config.{name}"] = str(value).lower() if isinstance(value, bool) else str(value)

    def put(text: str) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda found: values.get(found[1], found[0]), text)

    config = manifest["server"]["mcp_config"]
    command = [config["command"], *(put(argument) for argument in config["args"])]
    return command, {name: put(value) for name, value in config["env"].items()}


def test_the_manifest_is_valid_against_the_published_schema() -> None:
    assert problems(MANIFEST, SCHEMA) == []


def test_the_schema_wants_the_command_although_the_type_implies_it() -> None:
    server = {name: value for name, value in MANIFEST["server"].items() if name != "mcp_config"}
    assert problems({**MANIFEST, "server": server}, SCHEMA) == ["$.server: 'mcp_config' is a required property"]


def test_the_manifest_names_this_version_and_every_tool() -> None:
    assert MANIFEST["version"] == __version__
    assert [tool["name"] for tool in MANIFEST["tools"]] == [*ALL_TOOLS, *LIST_TOOL_NAMES]


def test_the_form_asks_for_folders_as_folders_and_for_a_file_that_is_there_as_a_file() -> None:
    kinds = {name: option["type"] for name, option in MANIFEST["user_config"].items()}
    assert (kinds["files_dir"], kinds["state_dir"], kinds["do_not_contact"]) == ("directory", "directory", "file")
    assert kinds["audit_log"] == "string"


def test_the_turkish_words_are_of_the_same_tools_and_fall_back_on_the_manifest() -> None:
    assert MANIFEST["localization"] == {"resources": "mcpb-resources/${locale}.json", "default_locale": "en"}
    turkish = committed("manifests/mcpb/mcpb-resources/tr.json")
    assert turkish.keys() <= MANIFEST.keys()
    assert [tool["name"] for tool in turkish["tools"]] == [tool["name"] for tool in MANIFEST["tools"]]


def test_the_form_hides_the_secrets_and_requires_nothing() -> None:
    secret = {setting.field for setting in SETTINGS if setting.secret}
    form = MANIFEST["user_config"]
    assert list(form) == list(ASKED)
    assert {name for name, option in form.items() if option.get("sensitive")} == secret & set(ASKED)
    assert not any(option["required"] for option in form.values())


def test_the_privacy_policy_stands_in_the_documents() -> None:
    [link] = MANIFEST["privacy_policies"]
    assert (ROOT / link.partition("/blob/main/")[2]).is_file()


def test_a_form_left_empty_sets_nothing(tmp_path: Path) -> None:
    _, variables = substituted(packed(tmp_path), {})
    assert load_settings(variables) == load_settings({})


def test_a_form_filled_in_reaches_the_settings(tmp_path: Path) -> None:
    filled_in = {"api_key": "k", "api_hash": "h", "sender": "FIRMAADI", "read_only": True, "max_recipients": 5}
    filled_in |= {"test_number": "0532 123 45 67", "do_not_contact": "/l/no.txt", "state_dir": "/l/state"}
    _, variables = substituted(packed(tmp_path), filled_in)
    settings = load_settings(variables)
    assert settings.has_credentials
    assert settings.test_number == "+905321234567"
    assert (settings.do_not_contact, settings.state_dir) == (Path("/l/no.txt"), Path("/l/state"))
    assert (settings.sender, settings.read_only, settings.max_recipients) == ("FIRMAADI", True, 5)


def test_without_its_empty_default_a_field_would_stop_the_server(tmp_path: Path) -> None:
    bundle = packed(tmp_path)
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    del manifest["user_config"]["api_key"]["default"]
    (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    _, variables = substituted(bundle, {})
    with pytest.raises(SettingsError, match="placeholder"):
        load_settings(variables)


def test_the_archive_holds_all_of_the_package_and_nothing_else(tmp_path: Path) -> None:
    bundle = packed(tmp_path)
    held = {file.relative_to(bundle).as_posix() for file in bundle.rglob("*") if file.is_file()}
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src/iletimerkezi_mcp"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    ).stdout.split()
    own = {"manifest.json", "pyproject.toml", "icon.png", "mcpb-resources/tr.json", "src/main.py"}
    assert held == {*own, "LICENSE", "README.md", *tracked}
    assert MANIFEST["server"]["entry_point"] in held


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command that packs the bundle, run from the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "publishing.bundle", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def test_the_command_packs_it_and_equal_sources_make_equal_bytes(tmp_path: Path) -> None:
    ran = command(str(tmp_path / "theirs.mcpb"))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    pack(tmp_path / "ours.mcpb")
    assert (tmp_path / "ours.mcpb").read_bytes() == (tmp_path / "theirs.mcpb").read_bytes()


def test_the_command_says_how_it_is_called() -> None:
    ran = command()
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "usage: python -m publishing.bundle OUT.mcpb\n")


def _program(name: str, folder: Path) -> str | None:
    """Return the path of the program, in `folder` or on the search path."""
    return shutil.which(name, path=os.pathsep.join([str(folder), os.environ.get("PATH", "")]))


def _marked(bundle: Path) -> str:
    """Give the bundle's package a version of its own, so that it is not taken for the installed one."""
    version = f"{__version__}+bundle"
    file = bundle / "src" / "iletimerkezi_mcp" / "__init__.py"
    file.write_text(file.read_text(encoding="utf-8").replace(__version__, version), encoding="utf-8")
    return version


async def test_the_entry_point_starts_the_bundles_own_package(tmp_path: Path) -> None:
    bundle = packed(tmp_path)
    version = _marked(bundle)
    _, variables = substituted(bundle, {"sandbox": True})
    started = await launched([sys.executable, MANIFEST["server"]["entry_point"]], variables, bundle)
    assert (started.version, started.tools) == (version, ALL_TOOLS)
    assert started.instructions.startswith("SANDBOX")


async def test_a_hosts_command_starts_it_without_credentials(tmp_path: Path) -> None:
    uv = _program("uv", Path(sys.executable).parent)
    if uv is None:
        pytest.skip("uv is not installed: the bundle's command was not run (its entry point was, by another test)")
    bundle = packed(tmp_path)
    version = _marked(bundle)
    (_, *arguments), variables = substituted(bundle, {})
    # uv takes this environment's packages for the installed dependencies and fetches none.
    offline = {"UV_PROJECT_ENVIRONMENT": sys.prefix, "UV_NO_SYNC": "1", "UV_OFFLINE": "1", "UV_NO_CONFIG": "1"}
    state = {"ILETIMERKEZI_STATE_DIR": str(tmp_path / "state")}
    started = await launched([uv, *arguments], {**variables, **offline, **state}, tmp_path)
    assert (started.version, started.tools) == (version, ALL_TOOLS)
