"""A ledger as version 2 of its tables wrote it, with a row for each state and each kind of code."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.ledger import keys
from iletimerkezi_mcp.ledger.clock import microseconds
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.sms.normalize import comparison_key

from .machine import ACCOUNT, LIFE, PlannedChange, sending

_COUNTING = "('in_flight', 'accepted', 'done', 'unknown', 'not_found')"


def _counts(row: str) -> str:
    return f"{row}.same IS NOT NULL AND {row}.recent AND {row}.state IN {_COUNTING}"


_MINUTE = 60_000_000
_SPENT_BY = "state, recent, credits, wall, boot, uptime"
_SPEND = f"""
    INSERT INTO spending VALUES
        (NEW.account, NEW.boot, NEW.uptime / {_MINUTE}, NEW.credits, NEW.uptime, NEW.uptime, NEW.wall, NEW.wall)
    ON CONFLICT (account, boot, minute) DO UPDATE SET
        credits = credits + excluded.credits,
        first_uptime = min(first_uptime, excluded.first_uptime), last_uptime = max(last_uptime, excluded.last_uptime),
        first_wall = min(first_wall, excluded.first_wall), last_wall = max(last_wall, excluded.last_wall);
"""
_SPARE = f"""
    UPDATE spending SET credits = credits - OLD.credits
    WHERE account = OLD.account AND boot = OLD.boot AND minute = OLD.uptime / {_MINUTE};
"""
SCHEMA = f"""
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
PRAGMA user_version = 2;
"""
"""The statements with which version 2 made its tables."""


class Version2:
    """A ledger of version 2 in `folder`, and its keys."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / LEDGER_FILE
        self._keys = keys.load_keys(folder / keys.FILE, self.file)
        self._account = self._keys.digest(b"account", *(part.encode() for part in ACCOUNT))
        self.connection = self.connect()
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.executescript(SCHEMA)
        self.connection.execute("INSERT INTO ledger VALUES (?)", (self._keys.fingerprint,))
        self.connection.execute("COMMIT")

    def connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def close(self) -> None:
        self.connection.close()

    def add(
        self,
        change: PlannedChange,
        state: str,
        *,
        wall: datetime,
        boot: str,
        up: timedelta,
        kind: str = "code",
        **more: Any,
    ) -> int:
        """Put an attempt at `change` on record as version 2 did, and return its id; `more` are other columns."""
        row: dict[str, Any] = {
            "tool": change.tool,
            "account": self._account,
            "deed": self._keys.digest(b"deed", change.digest),
            "kind": kind,
            "count": change.count,
            "started": microseconds(wall),
            "state": state,
            "order_id": change.order_id,
            "wall": microseconds(wall),
            "boot": boot,
            "uptime": microseconds(up),
        }
        if (message := change.message) is not None:
            text = comparison_key(message.text).encode()
            row |= {
                "same": self._keys.digest(b"same", self._account, text, message.recipients_digest),
                "text": self._keys.digest(b"text", self._account, text),
                "credits": message.credits,
                "sender": message.sender,
                "message_type": message.message_type,
                "iys_list": message.iys_list,
                "send_at": None if message.send_at is None else microseconds(message.send_at),
                "label": message.label,
            }
        row |= more
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        added = self.connection.execute(f"INSERT INTO attempts ({names}) VALUES ({values})", row)
        return added.lastrowid or 0

    def issue(
        self,
        code: str,
        *,
        wall: datetime,
        boot: str,
        up: timedelta,
        attempt: int | None = None,
        withdrawn: bool = False,
        change: PlannedChange | None = None,
    ) -> str:
        """Put `code` for `change` (or the send to three people) on record as version 2 did."""
        binding = self._keys.digest(b"binding", self._account, (change or sending()).digest, b"ayse")
        self.connection.execute(
            "INSERT INTO confirmations VALUES (?, ?, 'code', ?, ?, ?, ?, ?, ?)",
            (
                self._keys.digest(b"code", code.encode()),
                binding,
                microseconds(LIFE),
                withdrawn,
                attempt,
                microseconds(wall),
                boot,
                microseconds(up),
            ),
        )
        return code


def rows(file: Path, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of `table` in the ledger's `file`."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
