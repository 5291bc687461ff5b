"""A ledger as version 3 of its tables wrote it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from iletimerkezi_mcp.ledger.files import LEDGER_FILE

SCHEMA = """
CREATE TABLE key_check (fingerprint BLOB NOT NULL);
CREATE TABLE ledger_time (
    ledger INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    boot TEXT NOT NULL,
    uptime INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    provider INTEGER,
    provider_boot TEXT
);
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL,
    tool TEXT NOT NULL,
    change_digest BLOB NOT NULL,
    confirmed_by TEXT NOT NULL,
    principal TEXT NOT NULL,
    host TEXT NOT NULL,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    started INTEGER NOT NULL,
    state TEXT NOT NULL,
    ended INTEGER,
    order_id TEXT,
    code INTEGER,
    text BLOB,
    alike BLOB,
    whole BLOB,
    credits INTEGER,
    sender TEXT,
    message_type TEXT,
    iys_list TEXT,
    send_at INTEGER,
    label TEXT,
    audit_owed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX attempt_at ON attempt (account, at, tool, state, confirmed_by, count, credits);
CREATE INDEX attempt_change ON attempt (account, change_digest);
CREATE INDEX attempt_order ON attempt (account, order_id) WHERE credits IS NOT NULL;
CREATE INDEX attempt_unsettled ON attempt (account) WHERE state IN ('in_flight', 'unknown', 'not_found');
CREATE INDEX attempt_whole ON attempt (whole) WHERE whole IS NOT NULL;
CREATE INDEX attempt_audit ON attempt (account) WHERE audit_owed;
CREATE TABLE recipients (
    attempt INTEGER PRIMARY KEY REFERENCES attempt (id) ON DELETE CASCADE,
    alike BLOB NOT NULL,
    single INTEGER NOT NULL,
    digests BLOB NOT NULL
);
CREATE INDEX recipients_single ON recipients (alike, digests) WHERE single;
CREATE INDEX recipients_list ON recipients (alike) WHERE NOT single;
CREATE TABLE confirmation_code (
    hash BLOB PRIMARY KEY,
    binding BLOB NOT NULL,
    confirmed_by TEXT NOT NULL,
    life INTEGER NOT NULL,
    at INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0,
    latest INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER REFERENCES attempt (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX confirmation_code_attempt ON confirmation_code (attempt);
"""
"""The statements with which version 3 made its tables."""

TABLES = ("key_check", "ledger_time", "attempt", "recipients", "confirmation_code")


def to_version_3(folder: Path) -> None:
    """Turn the ledger in `folder`, which nobody has open, into what version 3 would have written, row for row."""
    file, newer = folder / LEDGER_FILE, folder / "newer"
    file.rename(newer)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = 3; COMMIT;")
        connection.execute("ATTACH ? AS newer", (str(newer),))
        for table in TABLES:
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
        connection.execute("UPDATE sqlite_sequence SET seq = (SELECT seq FROM newer.sqlite_sequence)")
    newer.unlink()
