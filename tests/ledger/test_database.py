from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from iletimerkezi_mcp.ledger import database
from iletimerkezi_mcp.ledger.clock import Moment
from iletimerkezi_mcp.ledger.database import FILE, open_file, transaction
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError

NOW = Moment(1, "boot", 1)


def _change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_new_file_is_private_durable_and_logs_ahead(tmp_path: Path) -> None:
    with closing(open_file(tmp_path, b"print")) as connection, transaction(connection, "IMMEDIATE", lambda: NOW):
        connection.execute("DELETE FROM attempts")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        assert modes == dict.fromkeys((FILE, f"{FILE}-wal", f"{FILE}-shm"), 0o600)
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert connection.execute("PRAGMA busy_timeout").fetchone()[0] == 5000


def test_a_file_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    open_file(tmp_path, b"print").close()
    (tmp_path / FILE).chmod(0o666)
    open_file(tmp_path, b"print").close()
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("PRAGMA user_version = 3", "newer version"),
        ("PRAGMA user_version = 1", "older version"),
        ("PRAGMA user_version = 0", "is damaged"),
        ("UPDATE ledger SET fingerprint = x'00'", "belongs to another ledger"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left(tmp_path: Path, statement: str, words: str) -> None:
    open_file(tmp_path, b"print").close()
    _change(tmp_path, statement)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(LedgerUnavailableError, match=words):
        open_file(tmp_path, b"print")
    assert (tmp_path / FILE).read_bytes() == before


def test_an_empty_file_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    with pytest.raises(LedgerUnavailableError, match="is damaged"):
        open_file(tmp_path, b"print")


def test_what_raises_inside_a_transaction_undoes_it(tmp_path: Path) -> None:
    def delete_and_stop(connection: sqlite3.Connection) -> NoReturn:
        with transaction(connection, "IMMEDIATE", lambda: NOW):
            connection.execute("DELETE FROM ledger")
            raise LookupError

    with closing(open_file(tmp_path, b"print")) as connection:
        with pytest.raises(LookupError):
            delete_and_stop(connection)
        assert connection.execute("SELECT count(*) FROM ledger").fetchone()[0] == 1
        assert not connection.in_transaction


def test_a_connection_that_cannot_be_set_up_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PRAGMAS", ("no such syntax",))
    with pytest.raises(database.Failure):
        open_file(tmp_path, b"print")
    assert list(tmp_path.iterdir()) == []


def test_what_was_deleted_is_wiped(tmp_path: Path) -> None:
    with closing(open_file(tmp_path, b"fingerprint-to-wipe")) as connection:
        connection.execute("DELETE FROM ledger")
    assert b"fingerprint-to-wipe" not in (tmp_path / FILE).read_bytes()
