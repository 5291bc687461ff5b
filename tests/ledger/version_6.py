"""A ledger as version 6 of its tables wrote it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from iletimerkezi_mcp.ledger.files import LEDGER_FILE

from .version_5 import TABLES as TABLES_OF_5

TABLES = (*TABLES_OF_5, "card", "waiting_change")


def to_version_6(folder: Path) -> None:
    """Turn the ledger in `folder`, which nobody has open, into what version 6 would have written: no later table."""
    with closing(sqlite3.connect(folder / LEDGER_FILE, isolation_level=None)) as connection:
        connection.execute("DROP TABLE pushed")
        connection.execute("PRAGMA user_version = 6")
