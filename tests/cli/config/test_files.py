"""A host's file is replaced at once or not at all, and its former content stays beside it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from iletimerkezi_mcp.cli.config.files import HostFileError, content, keep_private, replace

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and links as POSIX has them")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_comes_with_its_folders_and_without_a_backup(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "file"
    assert content(file) is None
    assert replace(file, None, "ğ\r\n", private=False) is None
    assert file.read_bytes() == "ğ\r\n".encode()
    assert content(file) == "ğ\r\n"
    assert list(file.parent.iterdir()) == [file]


def test_each_version_that_is_replaced_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "file"
    replace(file, None, "1", private=False)
    assert replace(file, "1", "2", private=False) == tmp_path / "file.bak"
    assert replace(file, "2", "3", private=False) == tmp_path / "file.bak2"
    assert [content(path) for path in sorted(tmp_path.iterdir())] == ["3", "1", "2"]


@posix
@pytest.mark.parametrize(
    ("before", "private", "after"), [(0o640, False, 0o640), (0o644, True, 0o600), (0o400, True, 0o400)]
)
def test_the_mode_stays_and_a_private_file_loses_the_rights_of_others(
    tmp_path: Path, before: int, private: bool, after: int
) -> None:
    file = tmp_path / "file"
    file.write_text("1", encoding="utf-8")
    file.chmod(before)
    backup = replace(file, "1", "2", private=private)
    assert backup is not None
    assert mode(file) == mode(backup) == after


@posix
def test_a_new_private_file_is_its_owners_alone_and_any_other_follows_the_umask(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        replace(tmp_path / "private", None, "1", private=True)
        replace(tmp_path / "usual", None, "1", private=False)
    finally:
        os.umask(umask)
    assert (mode(tmp_path / "private"), mode(tmp_path / "usual")) == (0o600, 0o640)


@posix
def test_a_file_can_be_made_private_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("1", encoding="utf-8")
    file.chmod(0o664)
    keep_private(file)
    assert mode(file) == 0o600
    with pytest.raises(HostFileError, match="cannot be written"):
        keep_private(tmp_path / "missing")


@posix
def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "file", tmp_path / "link"
    real.write_text("1", encoding="utf-8")
    link.symlink_to(real)
    assert replace(link, "1", "2", private=False) == tmp_path / "real" / "file.bak"
    assert (link.is_symlink(), real.read_text(encoding="utf-8")) == (True, "2")


@pytest.mark.parametrize(("present", "old"), [("other", "1"), (None, "1"), ("other", None)])
def test_a_change_by_another_program_is_not_overwritten(tmp_path: Path, present: str | None, old: str | None) -> None:
    file = tmp_path / "file"
    if present is not None:
        file.write_text(present, encoding="utf-8")
    with pytest.raises(HostFileError, match="another program changed it"):
        replace(file, old, "2", private=False)
    assert content(file) == present
    assert len(list(tmp_path.iterdir())) == (present is not None)


def test_a_folder_that_is_a_file_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(HostFileError, match="cannot be written"):
        replace(tmp_path / "file" / "inside", None, "1", private=False)


def test_bytes_that_are_no_text_and_folders_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff")
    with pytest.raises(HostFileError, match="not UTF-8"):
        content(tmp_path / "file")
    with pytest.raises(HostFileError):
        content(tmp_path)
