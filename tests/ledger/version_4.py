"""A ledger as version 4 of its tables wrote it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from iletimerkezi_mcp.ledger.files import LEDGER_FILE

from .version_3 import TABLES as TABLES_OF_3

TABLES = (*TABLES_OF_3, "campaign", "several_texts_proven")


def to_version_4(folder: Path) -> None:
    """Turn the ledger in `folder`, which nobody has open, into what version 4 would have written: no later table or column."""
    with closing(sqlite3.connect(folder / LEDGER_FILE, isolation_level=None)) as connection:
        found = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in found:
            if table not in (*TABLES, "sqlite_sequence"):
                connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX attempt_reserved")
        for column in ("way", "reserved"):
            connection.execute(f"ALTER TABLE attempt DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 4")
