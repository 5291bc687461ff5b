from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NoReturn

import pytest

from iletimerkezi_mcp.ledger import database, schema
from iletimerkezi_mcp.ledger.clock import Uptime, microseconds
from iletimerkezi_mcp.ledger.database import open_file, transaction
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.sms.clock import ISTANBUL

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ISTANBUL)
COUNT = "SELECT count(*) FROM key_check"


def _now() -> tuple[datetime, Uptime]:
    return NOON, Uptime("boot", 1.0)


def _open(folder: Path) -> sqlite3.Connection:
    return open_file(folder, folder / "ledger.key", b"print", _now, 5.0)


def _change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / LEDGER_FILE)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_new_file_is_private_durable_and_logs_ahead(tmp_path: Path) -> None:
    with closing(_open(tmp_path)) as connection, transaction(connection, "IMMEDIATE", _now, "here", 5.0):
        connection.execute("DELETE FROM attempt")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        assert modes == dict.fromkeys((LEDGER_FILE, f"{LEDGER_FILE}-wal", f"{LEDGER_FILE}-shm"), 0o600)
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert connection.execute("PRAGMA busy_timeout").fetchone()[0] == 5000


@pytest.mark.parametrize("name", [LEDGER_FILE, f"{LEDGER_FILE}-wal", f"{LEDGER_FILE}-shm"])
def test_a_file_open_to_others_is_closed_to_them(tmp_path: Path, name: str) -> None:
    with closing(_open(tmp_path)) as first:
        first.execute(COUNT)
        (tmp_path / name).chmod(0o666)
        _open(tmp_path).close()
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_what_a_link_in_the_place_of_a_log_points_to_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    _open(folder).close()
    (tmp_path / "theirs").touch()
    (tmp_path / "theirs").chmod(0o666)
    (folder / f"{LEDGER_FILE}-shm").symlink_to(tmp_path / "theirs")
    with suppress(database.Failure):
        _open(folder).close()
    assert (tmp_path / "theirs").stat().st_mode & 0o777 == 0o666


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (f"PRAGMA user_version = {schema.VERSION + 1}", "newer version"),
        ("PRAGMA user_version = 1", "is damaged"),
        ("PRAGMA user_version = 0", "is damaged"),
        ("UPDATE key_check SET fingerprint = x'00'", r"ledger\.key is damaged or belongs to another ledger"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left(tmp_path: Path, statement: str, words: str) -> None:
    _open(tmp_path).close()
    _change(tmp_path, statement)
    before = (tmp_path / LEDGER_FILE).read_bytes()
    with pytest.raises(LedgerUnavailableError, match=words):
        _open(tmp_path)
    assert (tmp_path / LEDGER_FILE).read_bytes() == before


def test_an_empty_file_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FILE).touch()
    with pytest.raises(LedgerUnavailableError, match="is damaged"):
        _open(tmp_path)


def test_what_raises_inside_a_transaction_undoes_it(tmp_path: Path) -> None:
    def delete_and_stop(connection: sqlite3.Connection) -> NoReturn:
        with transaction(connection, "IMMEDIATE", _now, "here", 5.0):
            connection.execute("DELETE FROM key_check")
            raise LookupError

    with closing(_open(tmp_path)) as connection:
        with pytest.raises(LookupError):
            delete_and_stop(connection)
        assert connection.execute(COUNT).fetchone()[0] == 1
        assert not connection.in_transaction


def test_a_connection_that_cannot_be_set_up_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PRAGMAS", ("no such syntax",))
    with pytest.raises(database.Failure):
        _open(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("seconds", "milliseconds"), [(5.0, 5000), (0.25, 250), (0.0, 1)])
def test_a_transaction_waits_as_long_as_it_is_told(tmp_path: Path, seconds: float, milliseconds: int) -> None:
    with closing(_open(tmp_path)) as connection, transaction(connection, "DEFERRED", _now, "here", seconds):
        assert connection.execute("PRAGMA busy_timeout").fetchone()[0] == milliseconds


@pytest.mark.parametrize(("mode", "kept"), [("IMMEDIATE", True), ("DEFERRED", False)])
def test_a_transaction_that_writes_keeps_its_time(
    tmp_path: Path, mode: Literal["IMMEDIATE", "DEFERRED"], kept: bool
) -> None:
    def later() -> tuple[datetime, Uptime]:
        return NOON + timedelta(days=1), Uptime("boot", 3.0)

    with closing(_open(tmp_path)) as connection:
        before = tuple(connection.execute("SELECT * FROM ledger_time").fetchone())
        with transaction(connection, mode, later, "here", 5.0) as time:
            assert time.ledger == microseconds(NOON) + 2_000_000
            assert time.local == NOON + timedelta(days=1)
        after = tuple(connection.execute("SELECT * FROM ledger_time").fetchone())
        assert (after != before) is kept
        assert after == ((*(getattr(time, name) for name in time.__slots__),) if kept else before)


def test_a_version_that_appears_under_an_open_connection_is_refused(tmp_path: Path) -> None:
    with closing(_open(tmp_path)) as connection:
        _change(tmp_path, f"PRAGMA user_version = {schema.VERSION + 1}")
        for mode in ("IMMEDIATE", "DEFERRED"):
            with (
                pytest.raises(LedgerUnavailableError, match="the one in here was written by a newer version"),
                transaction(connection, mode, _now, "here", 5.0),
            ):
                raise AssertionError
            assert not connection.in_transaction
