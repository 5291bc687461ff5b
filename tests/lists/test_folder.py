"""The one folder: what leads out of it is not opened, and no file in it is overwritten."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from iletimerkezi_mcp.lists import folder as module
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import ListFolder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "eski").mkdir(parents=True)
    (folder / "liste.csv").write_text("GSM\n05321234567\n")
    (folder / "eski" / "kasım.csv").write_text("x")
    os.utime(folder / "eski" / "kasım.csv", (1_000_000_000, 1_000_000_000))
    (tmp_path / "gizli.csv").write_text("secret")
    return folder


def test_a_file_is_opened_by_its_name_or_a_path_within(files: Path) -> None:
    folder = ListFolder(files)
    assert folder.open("liste.csv").content == b"GSM\n05321234567\n"
    assert folder.open(" ./eski/kasım.csv").name == "eski/kasım.csv"
    assert folder.open("eski\\kasım.csv").name == "eski/kasım.csv"
    assert folder.open(str(files / "liste.csv")).name == "liste.csv"
    first, again = folder.open("liste.csv"), folder.open("liste.csv")
    assert first.digest == again.digest != folder.open("eski/kasım.csv").digest
    assert "05321234567" not in repr(first)


def test_a_folder_that_is_itself_a_link_is_the_operators_choice(files: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(files)
    folder = ListFolder(tmp_path / "link")
    assert folder.open(str(files / "liste.csv")).name == "liste.csv"


@pytest.mark.parametrize(
    "name",
    [
        "../gizli.csv",
        "eski/../../gizli.csv",
        "..\\gizli.csv",
        "/etc/passwd",
        "~/x.csv",
        "\\\\server\\x",
        "",
        ".",
        "a" * 500,
        "a\0b",
    ],
)
def test_nothing_leads_out(name: str, files: Path) -> None:
    with pytest.raises(ListError, match="not the name of a file"):
        ListFolder(files).open(name)
    with pytest.raises(ListError, match="not the name of a file"):
        ListFolder(files).save(name, lambda file: None)


def test_links_devices_and_folders_are_not_opened(files: Path, tmp_path: Path) -> None:
    (files / "link.csv").symlink_to(tmp_path / "gizli.csv")
    (files / "dışarı").symlink_to(tmp_path)
    os.mkfifo(files / "boru.csv")
    (files / "cihaz.csv").symlink_to("/dev/zero")
    (files / "döngü").symlink_to(files / "döngü")
    (files / "mu\u0308").symlink_to(tmp_path)
    # Whether something is there behind a link is not told.
    behind = (
        "dışarı/gizli.csv",
        "dışarı/yok.csv",
        "dışarı/yok/x.csv",
        "dışarı",
        "m\u00fc/gizli.csv",
        "m\u00fc/yok.csv",
    )
    for name in (*behind, "link.csv", "boru.csv", "cihaz.csv", "eski", "döngü"):
        with pytest.raises(ListError, match="not a plain file"):
            ListFolder(files).open(name)
    with pytest.raises(ListError, match="not a plain file"):
        ListFolder(files).save("dışarı/yeni.csv", lambda file: None)
    for name in ("döngü/x.csv", "döngü"):
        with pytest.raises(ListError):
            ListFolder(files).save(name, lambda file: None)
    with pytest.raises(ListError):
        ListFolder(files).open("döngü/x.csv")
    assert [entry.name for entry in ListFolder(files).entries()[0]] == ["liste.csv", "eski/kasım.csv"]


def test_a_file_that_takes_anothers_place_while_it_is_opened_is_refused(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def replacing(path: Path, flags: int, mode: int = 0o777) -> int:
        (files / "dolgu").replace(path)
        return real(path, flags, mode)

    (files / "dolgu").write_text("")
    monkeypatch.setattr(os, "open", replacing)
    with pytest.raises(ListError, match="not a plain file"):
        ListFolder(files).open("liste.csv")


def test_what_is_missing_is_said(files: Path, tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"no file “yok.csv”"):
        ListFolder(files).open("yok.csv")
    with pytest.raises(ListError, match=r"no file “liste.csv/x”"):
        ListFolder(files).open("liste.csv/x")
    with pytest.raises(ListError, match="ILETIMERKEZI_FILES_DIR"):
        ListFolder(tmp_path / "none").open("liste.csv")
    with pytest.raises(ListError, match="ILETIMERKEZI_FILES_DIR"):
        ListFolder(tmp_path / "none").entries()


def test_a_name_in_other_composition_is_the_same_name(files: Path) -> None:
    (files / "mu\u0308steri.csv").write_text("x")
    assert ListFolder(files).open("m\u00fcsteri.csv").content == b"x"


def test_lock_files_are_neither_listed_nor_opened_and_tell_of_an_open_file(files: Path) -> None:
    assert not ListFolder(files).open("liste.csv").held_open
    (files / "~$liste.csv").write_text("")
    assert ListFolder(files).open("liste.csv").held_open
    assert "~$liste.csv" not in [entry.name for entry in ListFolder(files).entries()[0]]
    with pytest.raises(ListError, match="only the mark"):
        ListFolder(files).open("~$liste.csv")


@pytest.mark.parametrize(("name", "value"), [("st_file_attributes", 0x400000), ("st_flags", 0x40000000)])
def test_a_file_that_is_only_in_the_cloud_is_not_fetched(
    name: str, value: int, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.lstat

    class Status:
        def __init__(self, status: os.stat_result) -> None:
            self.st_mode = status.st_mode

    def lstat(path: Path) -> object:
        status = Status(real(path))
        setattr(status, name, value)
        return status

    monkeypatch.setattr(Path, "lstat", lstat)
    with pytest.raises(ListError, match="cloud"):
        ListFolder(files).open("liste.csv")


def test_the_placeholder_of_a_file_that_is_only_in_the_cloud_is_known(files: Path) -> None:
    (files / ".bulut.csv.icloud").write_text("")
    with pytest.raises(ListError, match="cloud"):
        ListFolder(files).open("bulut.csv")


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError(13, "denied"), "another program holds it"), (OSError(5, "bad disk"), "bad disk")],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    error: OSError, words: str, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> int:
        raise error

    monkeypatch.setattr(os, "open", failing)
    with pytest.raises(ListError, match=words):
        ListFolder(files).open("liste.csv")


def test_the_size_has_a_limit_also_if_the_file_grows_meanwhile(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 4)
    with pytest.raises(ListError, match="larger than"):
        ListFolder(files).open("liste.csv")
    (files / "liste.csv").write_text("1234")
    real = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        (files / "liste.csv").write_text("12345")
        return status

    monkeypatch.setattr(os, "fstat", growing)
    with pytest.raises(ListError, match="larger than"):
        ListFolder(files).open("liste.csv")


def test_the_newest_files_are_listed_first_and_the_rest_is_counted(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / ".gizli").write_text("")
    (files / "kapalı").mkdir(mode=0o700)
    (files / "fatura.pdf").write_text("")
    (files / "eski" / "LİSTE.XLSM").symlink_to(files / "liste.csv")
    entries, number, others = ListFolder(files).entries()
    assert [(entry.name, entry.size) for entry in entries] == [("liste.csv", 16), ("eski/kasım.csv", 1)]
    assert (number, others) == (2, 2)
    assert entries[1].modified.isoformat() == "2001-09-09T04:46:40+03:00"
    monkeypatch.setattr(module, "MAX_ENTRIES", 1)
    assert [entry.name for entry in ListFolder(files).entries()[0]] == ["liste.csv"]
    monkeypatch.setattr(module, "_MAX_VISITED", 1)
    assert ListFolder(files).entries()[1] <= 1


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.tsv", "a.xlsx", "a.xls", "a.xlsb", "a.ods", "a.xlsm", "A.CSV"])
def test_what_can_be_a_list_is_known_by_its_ending(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("")
    assert [entry.name for entry in ListFolder(tmp_path).entries()[0]] == [name]


def test_a_folder_within_that_cannot_be_read_is_left_out(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("eski"):
            raise PermissionError
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert [entry.name for entry in ListFolder(files).entries()[0]] == ["liste.csv"]


def test_a_new_file_is_private_and_complete(files: Path) -> None:
    entry = ListFolder(files).save("eski/rapor.csv", lambda file: _write(file, b"abc"))
    path = files / "eski" / "rapor.csv"
    assert (entry.name, entry.size, path.read_bytes()) == ("eski/rapor.csv", 3, b"abc")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(path.name for path in (files / "eski").iterdir()) == ["kasım.csv", "rapor.csv"]


def test_no_file_is_overwritten_and_nothing_is_left_behind(files: Path) -> None:
    folder = ListFolder(files)
    with pytest.raises(ListError, match="exists already"):
        folder.save("liste.csv", lambda file: _write(file, b"x"))

    def beaten(file: BinaryIO) -> None:
        (files / "yeni.csv").write_text("another's")

    with pytest.raises(ListError, match="exists already"):
        folder.save("yeni.csv", beaten)
    assert (files / "yeni.csv").read_text() == "another's"

    def failing(file: BinaryIO) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ListError, match="No space left"):
        folder.save("dolu.csv", failing)
    assert sorted(path.name for path in files.iterdir()) == ["eski", "liste.csv", "yeni.csv"]


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)
