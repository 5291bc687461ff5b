"""The table of hosts, and where each keeps its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from iletimerkezi_mcp.cli.config.entry import PACKAGE
from iletimerkezi_mcp.cli.config.hosts import HOSTS, NoHomeError, host_named
from publishing.project import PACKAGE as PUBLISHED_PACKAGE

HOME = {"HOME": "/home/u", "USERPROFILE": "/home/u"}


def test_every_host_has_a_name_of_its_own_and_is_found_by_it_in_any_case() -> None:
    assert [host_named(host.id.upper()) for host in HOSTS] == list(HOSTS)
    assert host_named("nobody") is None


def test_a_host_has_a_reference_if_its_file_needs_one() -> None:
    referring = {"reference", "prompt"}
    assert [host.id for host in HOSTS if ("NAME" in host.reference) != (host.credentials_source in referring)] == []


def test_the_launch_line_runs_the_package_that_is_published() -> None:
    assert PACKAGE == PUBLISHED_PACKAGE


@pytest.mark.parametrize(
    ("host", "platform", "file"),
    [
        ("claude-code", "linux", "/home/u/.claude.json"),
        ("claude-code", "win32", "/home/u/.claude.json"),
        ("claude-desktop", "darwin", "/home/u/Library/Application Support/Claude/claude_desktop_config.json"),
        ("claude-desktop", "linux", "/home/u/.config/Claude/claude_desktop_config.json"),
        ("claude-desktop", "win32", "/home/u/AppData/Roaming/Claude/claude_desktop_config.json"),
        ("cursor", "darwin", "/home/u/.cursor/mcp.json"),
        ("vscode", "darwin", "/home/u/Library/Application Support/Code/User/mcp.json"),
        ("vscode", "linux", "/home/u/.config/Code/User/mcp.json"),
        ("vscode", "win32", "/home/u/AppData/Roaming/Code/User/mcp.json"),
        ("codex", "linux", "/home/u/.codex/config.toml"),
        ("gemini", "freebsd14", "/home/u/.gemini/settings.json"),
        ("windsurf", "win32", "/home/u/.codeium/windsurf/mcp_config.json"),
        ("zed", "darwin", "/home/u/.config/zed/settings.json"),
        ("zed", "win32", "/home/u/AppData/Roaming/Zed/settings.json"),
    ],
)
def test_a_hosts_file_is_where_that_host_looks(host: str, platform: str, file: str) -> None:
    record = host_named(host)
    assert record is not None
    assert record.user_file.path(HOME, platform) == Path(file)


@pytest.mark.parametrize(
    ("host", "platform", "variables", "file"),
    [
        ("zed", "linux", {"XDG_CONFIG_HOME": "/etc/mine"}, "/etc/mine/zed/settings.json"),
        ("zed", "linux", {"XDG_CONFIG_HOME": "relative"}, "/home/u/.config/zed/settings.json"),
        ("zed", "darwin", {"XDG_CONFIG_HOME": "/etc/mine"}, "/home/u/.config/zed/settings.json"),
        ("zed", "win32", {"APPDATA": "/roaming"}, "/roaming/Zed/settings.json"),
        ("codex", "linux", {"CODEX_HOME": "/codex"}, "/codex/config.toml"),
        ("claude-code", "darwin", {"CLAUDE_CONFIG_DIR": "/claude"}, "/claude/.claude.json"),
        ("gemini", "linux", {"GEMINI_CLI_HOME": "/gemini"}, "/gemini/.gemini/settings.json"),
    ],
)
def test_variables_move_the_file_as_they_do_for_the_host(
    host: str, platform: str, variables: dict[str, str], file: str
) -> None:
    record = host_named(host)
    assert record is not None
    assert record.user_file.path({**HOME, **variables}, platform) == Path(file)


def test_a_user_without_a_home_folder_gets_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(NoHomeError, match="no home folder"):
        HOSTS[0].user_file.path({}, "linux")


def test_the_home_folder_is_looked_up_if_no_variable_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert HOSTS[0].user_file.path({}, "linux") == tmp_path / ".claude.json"
