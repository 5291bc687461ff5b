"""The words that start what runs now, and the URL of a server elsewhere."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from iletimerkezi_mcp.cli.config import launch
from iletimerkezi_mcp.cli.config.launch import NoStartError, own_program, remote_url
from iletimerkezi_mcp.cli.usage import UsageError

PROGRAM = "iletimerkezi-mcp.exe" if os.name == "nt" else "iletimerkezi-mcp"
REPOSITORY = "https://example.com/im.git"
UVX = ("uvx", "--from")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which uvx is found."""
    uvx = tmp_path / "bin" / ("uvx.exe" if os.name == "nt" else "uvx")
    uvx.parent.mkdir()
    uvx.touch(mode=0o755)
    return {"PATH": str(uvx.parent)}


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """This environment is one in uv's cache."""
    (tmp_path / "CACHEDIR.TAG").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "archive-v0" / "x"))


def installed_from(monkeypatch: pytest.MonkeyPatch, record: dict[str, Any] | None) -> None:
    text = None if record is None else json.dumps(record)
    monkeypatch.setattr(launch, "distribution", lambda _: SimpleNamespace(read_text=lambda _: text))


def test_an_environment_starts_its_own_program_by_its_whole_path() -> None:
    assert own_program({}) == (str(Path(sysconfig.get_path("scripts"), PROGRAM)),)


def test_without_a_script_python_starts_the_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    assert own_program({}) == (sys.executable, "-m", "iletimerkezi_mcp")


@pytest.mark.skipif(sys.platform == "win32", reason="modes as POSIX has them")
def test_a_program_that_may_not_be_executed_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    (tmp_path / PROGRAM).touch(mode=0o644)
    with pytest.raises(NoStartError, match="may not be executed"):
        own_program({})


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize(
    ("record", "words"),
    [
        (None, ("uvx", "iletimerkezi-mcp")),
        (
            {"url": REPOSITORY, "vcs_info": {"vcs": "git", "commit_id": "1234", "requested_revision": "v0.2.0"}},
            (*UVX, f"git+{REPOSITORY}@v0.2.0", "iletimerkezi-mcp"),
        ),
        (
            {"url": REPOSITORY, "vcs_info": {"vcs": "git", "commit_id": "1234"}},
            (*UVX, f"git+{REPOSITORY}@1234", "iletimerkezi-mcp"),
        ),
        (
            {"url": "https://example.com/im-1.whl", "archive_info": {}},
            (*UVX, "https://example.com/im-1.whl", "iletimerkezi-mcp"),
        ),
    ],
)
def test_uvx_is_given_what_it_was_run_with(
    record: dict[str, Any] | None,
    words: tuple[str, ...],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed_from(monkeypatch, record)
    assert own_program(environment) == words


@pytest.mark.usefixtures("cached")
def test_a_folder_or_a_wheel_is_named_by_its_path_while_it_is_there(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "a checkout"
    source.mkdir()
    installed_from(monkeypatch, {"url": source.as_uri(), "dir_info": {}})
    assert own_program(environment) == (*UVX, str(source), "iletimerkezi-mcp")
    source.rmdir()
    with pytest.raises(NoStartError, match="no longer there"):
        own_program(environment)


@pytest.mark.usefixtures("cached")
def test_without_uvx_nothing_in_its_cache_can_be_started() -> None:
    with pytest.raises(NoStartError, match="Install uv"):
        own_program({})


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://im.example.com/mcp", "https://im.example.com/mcp"),
        ("HTTPS://IM.example.com:8443/a/mcp/", "https://im.example.com:8443/a/mcp/"),
        ("http://127.0.0.1:8000/mcp", "http://127.0.0.1:8000/mcp"),
        ("http://[::1]:8000/mcp", "http://[::1]:8000/mcp"),
        ("http://localhost/mcp", "http://localhost/mcp"),
    ],
)
def test_a_server_is_reached_by_https_or_on_loopback(given: str, url: str) -> None:
    assert remote_url(given) == url


@pytest.mark.parametrize(
    "given",
    [
        "",
        "im.example.com/mcp",
        "ftp://im.example.com/mcp",
        "http://im.example.com/mcp",
        "https://name:secret@im.example.com/mcp",
        "https://im.example.com/mcp?token=secret",
        "https://im.example.com/mcp#secret",
        "https://im.example.com/${HOME}",
        "https://im.example.com/a b",
        "https://im.example.com:port/mcp",
        "https://[::1/mcp",
    ],
)
def test_another_address_is_refused_without_being_repeated(given: str) -> None:
    with pytest.raises(UsageError) as refused:
        remote_url(given)
    assert "secret" not in str(refused.value)
