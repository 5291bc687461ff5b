"""A ledger as version 5 of its tables wrote it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from iletimerkezi_mcp.ledger.files import LEDGER_FILE

from .version_4 import TABLES as TABLES_OF_4

TABLES = (*TABLES_OF_4, "rule")


def to_version_5(folder: Path) -> None:
    """Turn the ledger in `folder`, which nobody has open, into what version 5 would have written: no later table."""
    with closing(sqlite3.connect(folder / LEDGER_FILE, isolation_level=None)) as connection:
        for table in ("card", "waiting_change", "pushed"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 5")
