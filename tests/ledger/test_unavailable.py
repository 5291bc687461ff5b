from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.unavailable import MIN_FREE_BYTES, LedgerUnavailableError, explain_failure
from tests.calls import SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, Mode, hosted

FOLDER = Path("/state/place")


def _sqlite(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("no matter")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "english", "turkish"),
    [
        (_sqlite("SQLITE_FULL"), "is full", "disk dolu"),
        (OSError(errno.ENOSPC, "x"), "is full", "disk dolu"),
        (_sqlite("SQLITE_BUSY"), "locked for more than five seconds", "kilitli"),
        (_sqlite("SQLITE_LOCKED"), "locked for more than five seconds", "kilitli"),
        (_sqlite("SQLITE_LOCKED_SHAREDCACHE"), "locked for more than five seconds", "kilitli"),
        (_sqlite("SQLITE_PROTOCOL"), "locked for more than five seconds", "kilitli"),
        (_sqlite("SQLITE_BUSY_RECOVERY"), "locked for more than five seconds", "kilitli"),
        (_sqlite("SQLITE_CORRUPT_INDEX"), "is damaged", "bozuk"),
        (_sqlite("SQLITE_NOTADB"), "is damaged", "bozuk"),
        (_sqlite("SQLITE_READONLY_DIRECTORY"), "cannot be written to", "yazılamıyor"),
        (PermissionError(errno.EACCES, "x"), "cannot be written to", "yazılamıyor"),
        (OSError(errno.EROFS, "x"), "cannot be written to", "yazılamıyor"),
        (NotADirectoryError(errno.ENOTDIR, "x"), "is not a folder", "bir klasör değil"),
        (FileExistsError(errno.EEXIST, "x"), "is not a folder", "bir klasör değil"),
        (_sqlite("SQLITE_IOERR_FSYNC"), "reports SQLITE_IOERR_FSYNC", "SQLITE_IOERR_FSYNC hatası"),
        (OSError(errno.EIO, "x"), "reports EIO", "EIO hatası"),
        (OSError("no number"), "reports OSError", "OSError hatası"),
    ],
)
def test_a_failure_is_explained_with_its_place_and_what_to_do(error: Exception, english: str, turkish: str) -> None:
    told = explain_failure(error, FOLDER).reason
    assert english in told.en
    assert turkish in told.tr
    for words in (told.en, told.tr):
        assert str(FOLDER) in words
        assert words.endswith(".")
    assert told.en.startswith("The ledger cannot be used: ")
    assert told.tr.startswith("İşlem defteri kullanılamıyor: ")


@pytest.mark.parametrize("name", ["SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE", "SQLITE_IOERR"])
def test_a_failed_write_to_a_disk_without_room_is_a_full_disk(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"reports {name}" in explain_failure(_sqlite(name), tmp_path).reason.en
    full = shutil.disk_usage(tmp_path)._replace(free=MIN_FREE_BYTES - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert "is full" in explain_failure(_sqlite(name), tmp_path).reason.en
    assert "is full" not in explain_failure(_sqlite("SQLITE_CORRUPT"), tmp_path).reason.en
    assert "is full" not in explain_failure(_sqlite(name), None).reason.en


@pytest.mark.parametrize("mode", ERAS)
async def test_an_answer_calls_a_full_disk_full(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> sqlite3.Connection:
        raise _sqlite("SQLITE_IOERR_SHMSIZE")

    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    monkeypatch.setattr("iletimerkezi_mcp.ledger.database.open_file", fails)
    async with hosted(mode=mode) as host:
        answer = await host.call(SEND_SMS, SEND)
    assert answer["outcome"] == "nothing_done"
    assert "is full. Free some space and try again." in answer["summary"]
    assert host.wire.requests == []


def test_a_full_disk_is_not_guessed_if_its_room_cannot_be_read() -> None:
    assert "reports SQLITE_IOERR" in explain_failure(_sqlite("SQLITE_IOERR"), FOLDER).reason.en


def test_a_ledger_without_a_folder_is_in_memory() -> None:
    assert "memory" in explain_failure(_sqlite("SQLITE_NOMEM"), None).reason.en


def test_the_error_reads_as_its_english_reason() -> None:
    assert str(LedgerUnavailableError(Text("so it is.", "böyle."))) == "The ledger cannot be used: so it is."
