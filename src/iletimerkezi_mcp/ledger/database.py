"""The SQLite file of the ledger: opened, checked, and never repaired by deleting.

Only :mod:`.store` imports this module, and only when the ledger is first used: SQLite is not needed to start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from .attempts import FLIGHT
from .clock import Moment, microseconds
from .files import publish, tighten
from .unavailable import DAMAGED, KEY_WRONG, NEWER, OLDER, LedgerUnavailableError

FILE = "ledger.sqlite3"
SCHEMA_VERSION = 2
BUSY_SECONDS = 5.0
"""The time for which a transaction waits for another process's."""

Failure = sqlite3.Error

# FULL brings every commit to the disk before the request leaves; on macOS that needs fullfsync.
PRAGMAS = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "fullfsync = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
)

_COUNTING = "('in_flight', 'accepted', 'done', 'unknown', 'not_found')"
"""The states of an attempt that counts towards limits."""


def _counts(row: str) -> str:
    """Return the condition that `row` of the attempts is a send whose credits count."""
    return f"{row}.same IS NOT NULL AND {row}.recent AND {row}.state IN {_COUNTING}"


_MINUTE = 60_000_000
_SPENT_BY = "state, recent, credits, wall, boot, uptime"

# The ends of a minute's sums only ever widen, so that what lies between them is never overlooked.
_SPEND = f"""
    INSERT INTO spending VALUES
        (NEW.account, NEW.boot, NEW.uptime / {_MINUTE}, NEW.credits, NEW.uptime, NEW.uptime, NEW.wall, NEW.wall)
    ON CONFLICT (account, boot, minute) DO UPDATE SET
        credits = credits + excluded.credits,
        first_uptime = min(first_uptime, excluded.first_uptime), last_uptime = max(last_uptime, excluded.last_uptime),
        first_wall = min(first_wall, excluded.first_wall), last_wall = max(last_wall, excluded.last_wall);
"""  # noqa: S608 - made of constants alone
_SPARE = f"""
    UPDATE spending SET credits = credits - OLD.credits
    WHERE account = OLD.account AND boot = OLD.boot AND minute = OLD.uptime / {_MINUTE};
"""  # noqa: S608 - made of constants alone

# A day of sends at the provider's rate is millions of rows, all of them recent. Each send looks for identical ones, for
# its text and for what time has settled, and adds up the day's credits: hence an index for each of these queries, and a
# table that sums the credits of each minute as attempts are added and changed.
# Each row has its moment on both clocks (wall, boot, uptime); `started` is shown to people. `recent` ends when a row is
# too old to hold anything back or to count: limits need not look further, nor does it come back when the clock is set.
_SCHEMA = f"""
BEGIN;
CREATE TABLE ledger (fingerprint BLOB NOT NULL);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tool TEXT NOT NULL,
    account BLOB NOT NULL,
    deed BLOB NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    started INTEGER NOT NULL,
    state TEXT NOT NULL,
    order_id TEXT,
    code INTEGER,
    same BLOB,
    text BLOB,
    credits INTEGER,
    sender TEXT,
    message_type TEXT,
    iys_list TEXT,
    send_at INTEGER,
    label TEXT,
    recent INTEGER NOT NULL DEFAULT 1,
    wall INTEGER NOT NULL,
    boot TEXT NOT NULL,
    uptime INTEGER NOT NULL
);
CREATE INDEX attempts_account ON attempts (account);
CREATE INDEX attempts_order ON attempts (account, order_id) WHERE same IS NOT NULL;
CREATE INDEX attempts_open ON attempts (account, state) WHERE state IN ('in_flight', 'unknown', 'not_found');
CREATE INDEX attempts_recent ON attempts (account) WHERE recent;
CREATE INDEX attempts_same ON attempts (account, same) WHERE recent;
CREATE INDEX attempts_text ON attempts (account, text) WHERE recent;
CREATE INDEX attempts_flying ON attempts (state) WHERE recent AND state = 'in_flight';
CREATE INDEX attempts_by_wall ON attempts (wall, boot, uptime) WHERE recent;
CREATE INDEX attempts_by_uptime ON attempts (boot, uptime) WHERE recent;
CREATE TABLE spending (
    account BLOB NOT NULL,
    boot TEXT NOT NULL,
    minute INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    first_uptime INTEGER NOT NULL,
    last_uptime INTEGER NOT NULL,
    first_wall INTEGER NOT NULL,
    last_wall INTEGER NOT NULL,
    PRIMARY KEY (account, boot, minute)
) WITHOUT ROWID;
CREATE TRIGGER spending_added AFTER INSERT ON attempts WHEN {_counts("NEW")} BEGIN
    {_SPEND}
END;
CREATE TRIGGER spending_changed_from AFTER UPDATE OF {_SPENT_BY} ON attempts WHEN {_counts("OLD")} BEGIN
    {_SPARE}
END;
CREATE TRIGGER spending_changed_to AFTER UPDATE OF {_SPENT_BY} ON attempts WHEN {_counts("NEW")} BEGIN
    {_SPEND}
END;
CREATE TRIGGER spending_removed AFTER DELETE ON attempts WHEN {_counts("OLD")} BEGIN
    {_SPARE}
END;
CREATE TABLE confirmations (
    hash BLOB PRIMARY KEY,
    binding BLOB NOT NULL,
    kind TEXT NOT NULL,
    life INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER REFERENCES attempts (id) ON DELETE CASCADE,
    wall INTEGER NOT NULL,
    boot TEXT NOT NULL,
    uptime INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX confirmations_attempt ON confirmations (attempt);
PRAGMA user_version = {SCHEMA_VERSION};
"""

# The state of each row by its age at the moment of the transaction. See Moment.age; an unknown age counts as zero, so
# that what holds a send back while it is young does so for longer. A minute's sums have two ages, or none if a part of
# it is measured by the one clock and a part by the other.
_VIEWS = f"""
CREATE TEMP TABLE moment (
    only_row INTEGER PRIMARY KEY,
    now_wall INTEGER NOT NULL,
    now_boot TEXT NOT NULL,
    now_uptime INTEGER NOT NULL,
    flight INTEGER NOT NULL
);
CREATE TEMP VIEW aged_attempts AS
    SELECT *,
        CASE WHEN boot = now_boot AND uptime <= now_uptime THEN now_uptime - uptime
            ELSE max(0, now_wall - wall) END AS age,
        state IN {_COUNTING} AS counts
    FROM moment CROSS JOIN attempts;
CREATE TEMP VIEW seen_attempts AS
    SELECT *, CASE WHEN state = 'in_flight' AND age >= flight THEN 'unknown' ELSE state END AS state_now
    FROM aged_attempts;
CREATE TEMP VIEW sends AS SELECT * FROM seen_attempts WHERE same IS NOT NULL;
CREATE TEMP VIEW counting_sends AS SELECT * FROM sends WHERE recent AND counts;
CREATE TEMP VIEW unsure_sends AS
    SELECT * FROM sends WHERE state IN ('in_flight', 'unknown', 'not_found') AND state_now <> 'in_flight';
CREATE TEMP VIEW aged_spending AS
    SELECT *,
        CASE WHEN boot = now_boot AND last_uptime <= now_uptime THEN now_uptime - first_uptime
            WHEN boot <> now_boot OR first_uptime > now_uptime THEN max(0, now_wall - first_wall) END AS oldest,
        CASE WHEN boot = now_boot AND last_uptime <= now_uptime THEN now_uptime - last_uptime
            WHEN boot <> now_boot OR first_uptime > now_uptime THEN max(0, now_wall - last_wall) END AS youngest
    FROM moment CROSS JOIN spending;
CREATE TEMP VIEW seen_confirmations AS
    SELECT *,
        CASE WHEN boot = now_boot AND uptime <= now_uptime THEN now_uptime - uptime
            ELSE max(0, now_wall - wall) END AS age
    FROM moment CROSS JOIN confirmations;
"""  # noqa: S608 - made of constants alone


def open_file(folder: Path, fingerprint: bytes) -> sqlite3.Connection:
    """Return a connection to the ledger in `folder`, and create it if there is none.

    The file and SQLite's two beside it are for their owner alone (0600). Raises :class:`LedgerUnavailableError`
    if it is not a ledger, is of another version, or belongs to other keys; raises :data:`Failure` and OSError.
    """
    path = folder / FILE
    if not path.exists():
        publish(path, lambda draft: _create(draft, fingerprint))
    tighten(path)
    return _checked(_connect(str(path)), folder, fingerprint)


def look_at_file(folder: Path, fingerprint: bytes) -> sqlite3.Connection:
    """Return a connection to the ledger in `folder` that only reads and creates no file. Raises as :func:`open_file`."""
    path = (folder / FILE).absolute()
    # Without a log no process has it open, and SQLite would create one merely to read.
    mode = "mode=ro" if path.with_name(f"{FILE}-wal").exists() else "mode=ro&immutable=1"
    return _checked(_connect(f"{path.as_uri()}?{mode}"), folder, fingerprint)


def _checked(connection: sqlite3.Connection, folder: Path, fingerprint: bytes) -> sqlite3.Connection:
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise LedgerUnavailableError(NEWER.format(place=str(folder)))
        if version < SCHEMA_VERSION:
            raise LedgerUnavailableError((OLDER if version > 0 else DAMAGED).format(place=str(folder)))
        if connection.execute("SELECT fingerprint FROM ledger").fetchone()["fingerprint"] != fingerprint:
            raise LedgerUnavailableError(KEY_WRONG.format(place=str(folder)))
        connection.executescript(_VIEWS)
    except BaseException:
        connection.close()
        raise
    return connection


def open_memory(fingerprint: bytes) -> sqlite3.Connection:
    """Return a connection to a new ledger in memory, which is lost when it is closed."""
    connection = _connect(":memory:")
    _fill(connection, fingerprint)
    connection.executescript(_VIEWS)
    return connection


@contextmanager
def transaction(
    connection: sqlite3.Connection, mode: Literal["IMMEDIATE", "DEFERRED"], now: Callable[[], Moment]
) -> Iterator[Moment]:
    """Commit the whole block, or roll it back if it raises. IMMEDIATE keeps all others from writing meanwhile.

    Its moment is read once it has begun, for it may have had to wait. Raises :data:`Failure`.
    """
    connection.execute(f"BEGIN {mode}")
    try:
        moment = now()
        row = (moment.wall, moment.boot, moment.uptime, microseconds(FLIGHT))
        connection.execute("INSERT OR REPLACE INTO moment VALUES (1, ?, ?, ?, ?)", row)
        yield moment
        connection.execute("COMMIT")
    finally:
        # SQLite has rolled back by itself after some errors, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def step(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a part of a transaction: if it raises, only this part is rolled back. Raises :data:`Failure`."""
    connection.execute("SAVEPOINT step")
    try:
        yield
    except BaseException:
        # SQLite has rolled all of it back by itself after some errors, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK TO step")
            connection.execute("RELEASE step")
        raise
    connection.execute("RELEASE step")


def _create(draft: Path, fingerprint: bytes) -> None:
    # Closing brings the log into the file, which is then whole by itself and stays in WAL mode.
    with closing(_connect(str(draft))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        _fill(connection, fingerprint)


def _fill(connection: sqlite3.Connection, fingerprint: bytes) -> None:
    connection.executescript(_SCHEMA)
    connection.execute("INSERT INTO ledger VALUES (?)", (fingerprint,))
    connection.execute("COMMIT")


def _connect(database: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        database,
        timeout=BUSY_SECONDS,
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
