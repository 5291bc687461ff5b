from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from iletimerkezi_mcp.ledger.files import make_folder, publish, state_folder, tighten
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"HOME": "/home/ayse"}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("linux", {"HOME": "/home/ayse", "XDG_STATE_HOME": "/state"}, Path("/state/iletimerkezi-mcp")),
        ("linux", {"HOME": "/home/ayse", "XDG_STATE_HOME": "state"}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("linux", {"HOME": "/home/ayse", "XDG_STATE_HOME": ""}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("freebsd14", {"HOME": "/home/ayse"}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("darwin", {"HOME": "/Users/ayse"}, Path("/Users/ayse/Library/Application Support/iletimerkezi-mcp")),
        ("win32", {"LOCALAPPDATA": "C:/Users/a/AppData/Local"}, Path("C:/Users/a/AppData/Local/iletimerkezi-mcp")),
        ("win32", {"USERPROFILE": "C:/Users/a"}, Path("C:/Users/a/AppData/Local/iletimerkezi-mcp")),
    ],
)
def test_each_platform_has_its_own_place_for_state(platform: str, environment: dict[str, str], expected: Path) -> None:
    assert state_folder(environment, platform) == expected


def test_a_home_that_the_environment_does_not_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/found"))
    assert state_folder({"HOME": ""}, "linux") == Path("/found/.local/state/iletimerkezi-mcp")


def test_a_user_without_a_home_is_asked_to_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> NoReturn:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(LedgerUnavailableError, match="ILETIMERKEZI_STATE_DIR"):
        state_folder({}, "linux")


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_folder_is_for_its_owner_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    assert _mode(tmp_path / "a" / "b") == 0o700
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    make_folder(shared)
    assert _mode(shared) == 0o755


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o600, 0o600), (0o400, 0o400)])
def test_others_lose_their_rights_to_a_file(tmp_path: Path, before: int, after: int) -> None:
    file = tmp_path / "file"
    file.touch()
    file.chmod(before)
    tighten(file)
    assert _mode(file) == after


def test_a_file_that_is_not_there_needs_no_tightening(tmp_path: Path) -> None:
    tighten(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_what_a_link_points_to_keeps_its_rights(tmp_path: Path) -> None:
    theirs, link, folder = tmp_path / "theirs", tmp_path / "link", tmp_path / "folder"
    theirs.touch()
    theirs.chmod(0o644)
    folder.mkdir(mode=0o755)
    link.symlink_to(theirs)
    tighten(link)
    tighten(folder)
    assert (_mode(theirs), _mode(folder)) == (0o644, 0o755)


def test_a_published_file_is_whole_private_and_alone(tmp_path: Path) -> None:
    publish(tmp_path / "file", lambda draft: draft.write_bytes(b"whole"))
    assert [(path.name, path.read_bytes(), _mode(path)) for path in tmp_path.iterdir()] == [("file", b"whole", 0o600)]


def _no_links(self: Path, target: Path) -> NoReturn:
    raise OSError(errno.EPERM, "no hard links here")


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_is_there_first_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", _no_links)
    (tmp_path / "file").write_bytes(b"first")
    publish(tmp_path / "file", lambda draft: draft.write_bytes(b"second"))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"first")]


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", _no_links)
    publish(tmp_path / "file", lambda draft: draft.write_bytes(b"whole"))
    assert [(path.name, path.read_bytes(), _mode(path)) for path in tmp_path.iterdir()] == [("file", b"whole", 0o600)]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(draft: Path) -> NoReturn:
        draft.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        publish(tmp_path / "file", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_system_that_cannot_open_folders_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY")
    publish(tmp_path / "file", lambda draft: draft.write_bytes(b"whole"))
    assert (tmp_path / "file").read_bytes() == b"whole"
