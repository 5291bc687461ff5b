"""The SQLite file of the ledger: opened, checked, and never repaired by deleting.

Only :mod:`.sqlite` imports this module, and only when the ledger is first used: SQLite is not needed to start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from . import schema
from .clock import LedgerTime, Uptime
from .files import LEDGER_FILE, publish, tighten
from .rows import keep_time
from .unavailable import DAMAGED, KEY_WRONG, NEWER, OLDER, LedgerUnavailableError

BUSY_SECONDS = 5.0
"""The time for which a call waits for another process's transaction, and for other calls before it."""

Failure = sqlite3.Error

Now = Callable[[], tuple[datetime, Uptime]]
"""A source of the present moment by both clocks."""

# FULL brings every commit to the disk before the request leaves; on macOS that needs fullfsync.
PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "fullfsync = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
)


def open_file(folder: Path, key_file: Path, fingerprint: bytes, now: Now, seconds: float) -> sqlite3.Connection:
    """Return a connection to the ledger in `folder`; create it if there is none, bring it forward if it is older.

    It waits for other processes for up to `seconds`. The file and SQLite's two beside it are for their owner alone
    (0600). Raises :class:`LedgerUnavailableError` if it is not a ledger, is of a newer version, or belongs to other keys
    than those in `key_file`; raises :data:`Failure` and OSError.
    """
    path = folder / LEDGER_FILE
    if not path.exists():
        publish(path, lambda draft: _create(draft, fingerprint, now))
    tighten_files(folder, key_file)
    return _check(_connect(str(path), seconds), folder, key_file, fingerprint, now)


def log_files(folder: Path) -> tuple[Path, Path]:
    """Return SQLite's log beside the ledger and the log's index; both are there while a connection is open.

    A file that a backup made in SQLite's other journal mode has none.
    """
    return folder / f"{LEDGER_FILE}-wal", folder / f"{LEDGER_FILE}-shm"


def tighten_files(folder: Path, key_file: Path) -> None:
    """Take away other users' rights to the ledger's files. Raises OSError."""
    for file in (folder / LEDGER_FILE, *log_files(folder), key_file):
        tighten(file)


def look_at_file(folder: Path, key_file: Path, fingerprint: bytes, seconds: float) -> sqlite3.Connection:
    """Return a connection to the ledger in `folder` that only reads and creates no file. Raises as :func:`open_file`."""
    path = (folder / LEDGER_FILE).absolute()
    # Without a log no process has it open, and SQLite would create one merely to read.
    mode = "mode=ro" if path.with_name(f"{LEDGER_FILE}-wal").exists() else "mode=ro&immutable=1"
    return _check(_connect(f"{path.as_uri()}?{mode}", seconds), folder, key_file, fingerprint, None)


def open_memory(fingerprint: bytes, now: Now) -> sqlite3.Connection:
    """Return a connection to a new ledger in memory, which is lost when it is closed."""
    connection = _connect(":memory:")
    schema.create(connection, fingerprint, *now())
    return connection


def _check(
    connection: sqlite3.Connection, folder: Path, key_file: Path, fingerprint: bytes, now: Now | None
) -> sqlite3.Connection:
    def check_key(version: int) -> None:
        table = "ledger" if version == 2 else "key_check"
        if connection.execute(f"SELECT fingerprint FROM {table}").fetchone()[0] != fingerprint:  # noqa: S608 - a constant
            raise LedgerUnavailableError(KEY_WRONG.format(file=str(key_file), place=str(folder)))

    try:
        version = _version(connection)
        if version in schema.OLDER_VERSIONS:
            if now is None:
                raise LedgerUnavailableError(OLDER.format(place=str(folder)))
            schema.migrate(connection, check_key, *now())
            version = _version(connection)
        if version != schema.VERSION:
            raise LedgerUnavailableError((NEWER if version > schema.VERSION else DAMAGED).format(place=str(folder)))
        check_key(version)
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def transaction(
    connection: sqlite3.Connection, mode: Literal["IMMEDIATE", "DEFERRED"], now: Now, place: str, seconds: float
) -> Iterator[LedgerTime]:
    """Commit the whole block, or roll it back if it raises. IMMEDIATE keeps all others from writing meanwhile.

    It waits for up to `seconds`. Its moment is read once it has begun, for it may have had to wait. Raises
    :data:`Failure`, and :class:`LedgerUnavailableError` if a newer version has taken the ledger over since it was opened.
    """
    connection.execute(f"PRAGMA busy_timeout = {max(1, int(seconds * 1000))}")
    connection.execute(f"BEGIN {mode}")
    try:
        if _version(connection) != schema.VERSION:
            raise LedgerUnavailableError(NEWER.format(place=place))
        row = connection.execute("SELECT * FROM ledger_time").fetchone()
        moment = LedgerTime(*row).advanced(*now())
        if mode == "IMMEDIATE":
            keep_time(connection, moment)
        yield moment
        connection.execute("COMMIT")
    finally:
        # SQLite has rolled back by itself after some errors, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _create(draft: Path, fingerprint: bytes, now: Now) -> None:
    # Closing brings the log into the file, which is then whole by itself and stays in WAL mode.
    with closing(_connect(str(draft))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        schema.create(connection, fingerprint, *now())


def _connect(database: str, seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    connection = sqlite3.connect(
        database,
        timeout=seconds,
        isolation_level=None,
        check_same_thread=False,
        uri=database.startswith("file:"),
    )
    connection.row_factory = sqlite3.Row
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection
